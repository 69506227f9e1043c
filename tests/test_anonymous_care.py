"""Neither care line nor break-glass nor suspension leads to who wrote something anonymously."""

from datetime import timedelta
from typing import Any

import pytest
from tortoise.expressions import Subquery

from api import work
from api.composition import SUBSCRIBERS
from community import breakglass, care_messages, carelines, memberships, suspensions
from community.breakglass import Grounds
from community.groups import Group, GroupKind
from community.posts import Post
from community.suspensions import Suspension
from core import audit, clock, events
from core.audit import AuditEntry
from core.events import Event
from core.messaging import sealed_news
from core.messaging.notices import Notice
from core.people import Grants, Person
from tests import crawl
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_report,
    a_token,
    client,
    node,
)
from tests.phones import beginning, calling
from tests.servers import serving

SENTINEL = {"name": "Zinnia Quillfeather", "number": "SENTINEL-77", "phone": "+8613900007777"}
LATER = timedelta(minutes=6)
ROLES = ["asker", "second", "moderator", "hr"]
LEAVING = {"signOut", "signOutEverywhere", "leaveGroup"}  # after these nothing more is answered


class Story:
    """A sealed author who was cared for, looked up and suspended; all of it has been told."""

    shelter: Group
    author: Person
    asker: Person
    second: Person
    moderator: Person
    ids: dict[str, str]


@pytest.fixture
async def story(undo) -> Story:
    return await a_story()


async def a_story() -> Story:
    told = Story()
    told.shelter = shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    told.author = await a_person(**SENTINEL)
    await memberships.join(shelter.id, by=told.author)
    told.asker, told.second = [await a_member(shelter, grants=Grants.COUNSELLOR) for _ in range(2)]
    told.moderator = await a_member(shelter, grants=Grants.MODERATOR)
    with clock.set_to(clock.now() - 2 * LATER - 3 * sealed_news.BATCH):
        vent = await a_post(shelter, by=told.author, anonymous=True)
        line = await carelines.open_to(vent, by=told.author)
        await care_messages.write(line.id, "Is anybody there?", by=told.author, key=a_key())
        request = await breakglass.ask(vent, Grounds("Worried"), by=told.asker, key=a_key())
        await breakglass.decide(request.id, agreed=True, note="Yes", by=told.second)
        await breakglass.open_seal(request.id, by=told.asker)
    with clock.set_to(clock.now() - LATER):
        case = (await a_report(vent)).case_id
        until = clock.business_date() + timedelta(days=3)
        by = told.moderator
        await suspensions.suspend(vent, shelter, until=until, reason="SPAM", by=by)
    while await events.deliver(SUBSCRIBERS) + await sealed_news.tell_due():
        pass
    told.ids = {
        "subjectId": node("post", vent),
        "postId": node("post", vent),
        "careLineId": node("careline", line),
        "requestId": node("breakglassrequest", request),
        "caseId": f"moderationcase_{case.hex}",
        "groupId": node("group", shelter),
        "personId": node("person", told.second),
    }
    return told


def secrets(person: Person) -> list[str]:
    return [*SENTINEL.values(), person.id.hex, str(person.id)]


async def told(requests: list[dict[str, Any]], by: Person) -> str:
    """The bytes and headers of every answer."""
    asked = {"authorization": f"Bearer {await a_token(by)}"}
    async with client() as http:
        answers = [await http.post("/graphql", json=request, headers=asked) for request in requests]
    return " ".join(f"{one.text} {dict(one.headers)}" for one in answers)


async def a_reader(story: Story, role: str) -> Person:
    return getattr(story, role, None) or await a_member(story.shelter, grants=Grants.HR)


@pytest.mark.parametrize("role", ROLES)
async def test_nothing_that_can_be_asked_names_the_author(story, role):
    ids = [story.ids[name] for name in ("postId", "careLineId")]
    asked = [crawl.request(document) for document in crawl.documents(ids)]
    heard = await told(asked, await a_reader(story, role))
    assert [secret for secret in secrets(story.author) if secret in heard] == []
    assert ("Is anybody there?" in heard) == (role in {"asker", "second"})


@pytest.mark.parametrize("role", ROLES)
async def test_nothing_that_can_be_done_names_the_author(story, role):
    reader = await a_reader(story, role)
    for name, document in crawl.mutations(story.ids):
        if name not in LEAVING and (role, name) != ("asker", "openSeal"):  # who may look once more
            answer = await told([crawl.request(document)], reader)
            assert "GRAPHQL_VALIDATION_FAILED" not in answer, answer
            assert [secret for secret in secrets(story.author) if secret in answer] == []


async def test_the_asker_alone_is_told_by_opening_the_seal(story):
    opening = [{"query": text} for name, text in crawl.mutations(story.ids) if name == "openSeal"]
    assert SENTINEL["name"] in await told(opening, story.asker)
    for other in (story.second, story.moderator):
        assert SENTINEL["name"] not in await told(opening, other)


async def test_outbox_and_audit_trail_name_nobody_who_was_sealed(story):
    rows = [*await Event.all(), *await AuditEntry.all()]
    found = " ".join(str(dict(row)) for row in rows)
    assert len(rows) > 10
    assert [secret for secret in secrets(story.author) if secret in found] == []
    assert await audit.chain_is_whole() == []


@pytest.mark.committed
async def test_no_frame_on_a_socket_names_the_author():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    reader, *_ = await a_crowd(shelter)
    author = await a_person(**SENTINEL)
    await memberships.join(shelter.id, by=author)
    with clock.set_to(clock.now() - 2 * LATER):
        post = await a_post(shelter, by=author, anonymous=True)
    with clock.set_to(clock.now() - LATER):
        await a_comment(post, by=author, anonymous=True)
    while await events.deliver(SUBSCRIBERS):
        pass

    start = f'groupId: "{node("group", shelter)}" after: "{beginning(shelter)}"'
    async with work.going_on(), serving() as address, calling(address, reader) as phone:
        await phone.ask(crawl.subscription("groupActivity", start))
        frames = [await phone.hear() for _ in range(2)]

    told = [frame["payload"]["data"]["groupActivity"]["what"] for frame in frames]
    assert told == ["POST_CREATED", "COMMENT_CREATED"]
    assert [secret for secret in secrets(author) if secret in str(frames)] == []


@pytest.mark.committed
async def test_no_frame_that_tells_of_a_notice_names_the_author():
    story, told = await a_story(), []
    vent = await Post.get(handle__not_isnull=True)
    await breakglass.ask(vent, Grounds("Worried again"), by=story.second, key=a_key())
    await Suspension.all().delete()
    with clock.set_to(clock.now() - 2 * LATER - 3 * sealed_news.BATCH):
        theirs = await a_post(story.shelter, by=story.moderator)
    with clock.set_to(clock.now() - LATER - 3 * sealed_news.BATCH):
        await a_comment(theirs, by=story.author, anonymous=True)
    with clock.set_to(clock.now() - 3 * sealed_news.BATCH):
        while await events.deliver(SUBSCRIBERS):
            pass
    while await events.deliver(SUBSCRIBERS) + await sealed_news.tell_due():
        pass
    async with work.going_on(), serving() as address:
        others = Notice.exclude(person_id=story.author.id).values("person_id")
        for reader in await Person.filter(id__in=Subquery(others)):
            start = Notice(person_id=reader.id, seq=0).cursor
            async with calling(address, reader) as phone:
                await phone.ask(crawl.subscription("noticeArrived", f'after: "{start}"'))
                lines = range(await Notice.filter(person_id=reader.id).count())
                told += [await phone.hear() for _ in lines]
    kinds = {frame["payload"]["data"]["noticeArrived"]["notice"]["kind"] for frame in told}
    assert kinds >= {"BREAK_GLASS", "CARE", "COMMENT"}
    assert [secret for secret in secrets(story.author) if secret in str(told)] == []
