"""Nothing that can be asked by anybody leads to who wrote something anonymously."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from api.composition import SUBSCRIBERS
from community import appeals, listeners, memberships, reactions, thanks, vents, verdicts
from community.comments import Comment
from community.groups import Group, GroupKind
from community.moderation_cases import ReportReason, Verdict
from community.posts import Post
from community.reactions import ReactionKind
from community.subjects import SubjectKind
from community.vents import VentPhrase
from community.verdicts import Decision
from core import clock, events
from core.messaging import deliveries, notices, sealed_news
from core.messaging.addresses import Address
from core.messaging.deliveries import Delivery
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import Box, News, Notice
from core.people import Grants, Person
from tests import crawl
from tests.community.test_authors import rows_with
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
    send,
)
from tests.receivers import WECOM, receiving

BUCKET, HOUR = timedelta(minutes=6), timedelta(hours=1)
SENTINEL = {"name": "Zinnia Quillfeather", "number": "SENTINEL-77", "phone": "+8613900007777"}
ROLES = {
    "member": Grants.NONE,
    "moderator": Grants.MODERATOR,
    "counsellor": Grants.COUNSELLOR,
    "hr": Grants.HR,
    "supervisor": Grants.SUPERVISOR,
    "admin": Grants.ADMIN,
}


@pytest.fixture
async def shelter(undo) -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


#: What a crawl never hears; an id is no pick-up code, and that it may be told.
FAULT = '(?<!"NOT_A_CODE",)"kind":"(INVALID|BUSY)"|"INTERNAL"'


async def crawled(by: Person | None, ids: list[str], token: str = "") -> dict[str, str]:
    """Everything this person can be told: the bytes and headers of each answer."""
    told = {}
    token = token or (await a_token(by) if by else "")
    async with client() as http:
        for document in crawl.documents(ids):
            asked = {"authorization": f"Bearer {token}"}
            answer = await http.post("/graphql", json=crawl.request(document), headers=asked)
            assert answer.status_code in {200, 401}, answer.text
            assert not re.search(FAULT, answer.text), answer.text
            told[document] = f"{answer.text} {dict(answer.headers)}"
    return told


async def a_thread(shelter: Group, author: Person) -> list[str]:
    """The author asks, answers, reacts to another and thanks, all anonymously; all has appeared.

    They listen, too, and what they let out in two taps waits for listeners. They report another's
    words, and theirs are reported, warned about and appealed.
    """
    now = clock.now()
    await listeners.listen(shelter.id, by=author)
    with clock.set_to(now - 3 * BUCKET):
        phrase = VentPhrase.SHAKEN
        vent = await vents.now(shelter.id, phrase, by=author, language="en", key=a_key())
        post = await a_post(shelter, by=author, anonymous=True, is_question=True)
    with clock.set_to(now - 2 * BUCKET):
        own = await a_comment(post, by=author, anonymous=True)
        other = await a_comment(post, by=await a_member(shelter), anonymous=True)
    with clock.set_to(now - BUCKET):
        await reactions.react(Comment, other.id, ReactionKind.HUG, by=author)
        await thanks.thank(other.id, by=author)
    while await events.deliver(SUBSCRIBERS):
        await vents.ask_due()
    cases = await moderated(post, own, other, author)
    return [
        *(node("post", post), node("comment", own), node("comment", other)),
        *(node("post", vent), *cases),
    ]


async def moderated(post: Post, own: Comment, other: Comment, author: Person) -> list[str]:
    """The ids of the cases about them."""
    reports = [await a_report(other, by=author), await a_report(own), await a_report(post)]
    decision = Decision(Verdict.WARNED, ReportReason.OFF_TOPIC)
    moderator = await a_person(grants=Grants.MODERATOR)
    await verdicts.decide(reports[2].case_id, decision, by=moderator)
    await appeals.appeal(SubjectKind.POST, post.id, "No", by=author, key=a_key())
    while await events.deliver(SUBSCRIBERS):
        pass
    return [f"moderationcase_{report.case_id.hex}" for report in reports]


@pytest.mark.parametrize("role", [*ROLES, "outsider", "nobody"])
async def test_no_answer_to_anybody_names_the_author(shelter, role):
    sentinel = await a_person(**SENTINEL)
    await memberships.join(shelter.id, by=sentinel)
    ids = [node("group", shelter), *await a_thread(shelter, sentinel)]
    reader = await a_reader(role, shelter)

    answers = " ".join((await crawled(reader, ids)).values())

    for secret in (*SENTINEL.values(), sentinel.id.hex, str(sentinel.id)):
        assert secret not in answers
    if role in ROLES:
        assert '"__typename":"Alias"' in answers


async def test_the_author_alone_is_told_that_it_is_theirs(shelter):
    sentinel = await a_person(**SENTINEL)
    await memberships.join(shelter.id, by=sentinel)
    ids = await a_thread(shelter, sentinel)
    assert '"viewerIsAuthor":true' in " ".join((await crawled(sentinel, ids)).values())
    reader = await a_reader("member", shelter)
    assert '"viewerIsAuthor":true' not in " ".join((await crawled(reader, ids)).values())


async def test_one_anonymous_post_changes_nothing_but_what_lists_it_and_the_unread_count(shelter):
    with clock.set_to(moment := noon() + timedelta(days=1, minutes=1)):  # amid a bucket
        sentinel = await a_person(**SENTINEL)
        await memberships.join(shelter.id, by=sentinel)
        reader = await a_reader("member", shelter)
        ids = [node("group", shelter), node("person", sentinel), node("person", reader)]
        token = await a_token(reader)
        before = await crawled(reader, ids, token)
        await a_post(shelter, by=sentinel, anonymous=True)
        hidden = await crawled(reader, ids, token)
    with clock.set_to(moment + BUCKET):
        after = await crawled(reader, ids, token)

    assert compared(before, hidden) == set()
    assert compared(before, after) == {"feed", "search", "viewerUnreadCount"}


async def test_an_author_is_told_in_ways_that_lead_to_nobody(shelter):
    sentinel, other = await a_member(shelter, **SENTINEL), await a_member(shelter)
    known = {"listener", *await rows_with(str(sentinel.id))}
    then = noon()
    async with receiving(**WECOM) as messenger:
        with capture_logs() as logs:
            with clock.set_to(then):
                thread, *_ = await a_thread(shelter, sentinel)
            assert set(await rows_with(str(sentinel.id))) <= known
            with clock.set_to(then + HOUR):
                await sealed_news.tell_due()
                await notices.tell(other.id, News(NoticeKind.BUDDY, "", "x"))
                await deliveries.deliver()
        shown = await send("Notices", by=sentinel)

    assert {edge["node"]["text"] for edge in shown["notices"]["edges"]} == {
        "There are answers for you.",
        "A moderator has decided about what you wrote.",
    }
    rings = {"address", "notice", "notice_box", "session"}
    assert set(await rows_with(str(sentinel.id))) - known == rings
    about = [
        row for model in (Address, Box, Delivery, Notice) for row in await model.all().values()
    ]
    post = await Post.get(id=UUID(hex=thread.removeprefix("post_")))
    bodies = [sent.body.decode() for sent in messenger.messages]
    for secret in (str(post.id), post.id.hex, post.handle, post.alias, shelter.name, post.text):
        assert secret not in f"{about} {bodies} {logs}"
    assert {(len(row.sealed), row.at) for row in await Notice.all()} == {(286, then + HOUR)}
    said = {sent.json["text"]["content"] for sent in messenger.messages}
    assert (said, len(bodies)) == ({"茶水间有一条新消息。", "茶水间有 2 条新消息。"}, 3)


async def test_cursors_of_the_same_place_are_the_same_and_tell_no_time(shelter):
    sentinel, reader = await a_member(shelter), await a_member(shelter)
    await a_thread(shelter, sentinel)
    first, again = await send("Feed", by=reader), await send("Feed", by=sentinel)
    assert first["pageInfo"]["endCursor"] == again["pageInfo"]["endCursor"]
    assert re.fullmatch(r"[A-Za-z0-9_-]+=*", first["pageInfo"]["endCursor"])


def noon() -> datetime:
    """Of today: nobody is asleep, and no day ends meanwhile."""
    return clock.now().replace(hour=4, minute=0, second=0, microsecond=0)


async def a_reader(role: str, shelter: Group) -> Person | None:
    if role == "nobody":
        return None
    if role == "outsider":
        return await a_person()
    return await a_member(shelter, grants=ROLES[role])


def compared(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The roots whose answers differ; for one that lists groups, whether the unread count does."""
    changed = set()
    for document, answer in before.items():
        if _steady(answer) != _steady(after[document]):
            counted = _steady(answer, "viewerUnreadCount") == _steady(
                after[document], "viewerUnreadCount"
            )
            root = document.split()[1].partition("(")[0]
            changed.add("viewerUnreadCount" if counted else root)
    return changed


def _steady(answer: str, *fields: str) -> str:
    """Without what differs between any two requests, and without some fields."""
    answer = re.sub(
        r'"requestId":"[^"]*"|expires=\d+&signature=[\w-]+|x-request-id[^,}]*', "", answer
    )
    for field in fields:
        answer = re.sub(rf'"{field}":\d+|\'content-length\': \'\d+\'', "", answer)
    return answer
