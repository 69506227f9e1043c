import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.composition import SUBSCRIBERS
from community import care_messages, carelines
from community.care_messages import CareMessage
from community.carelines import CareLine
from community.groups import Group, GroupKind
from community.posts import Post
from core import clock, events
from core.audit import AuditEntry
from core.events import Event
from core.messaging import sealed_news
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import Notice
from core.people import Grants, Person
from tests.makers import a_comment, a_crowd, a_group, a_key, a_member, a_person, a_post, node, send

LATER = timedelta(minutes=6)


@pytest.fixture
async def shelter() -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


@pytest.fixture
async def author(shelter: Group) -> Person:
    return await a_member(shelter)


@pytest.fixture
async def counsellor(shelter: Group) -> Person:
    return await a_member(shelter, grants=Grants.COUNSELLOR)


@pytest.fixture
async def vent(shelter: Group, author: Person) -> Post:
    with clock.set_to(clock.now() - 2 * LATER):
        return await a_post(shelter, by=author, anonymous=True)


async def opened(vent: Post, by: Person) -> str:
    data = await send("OpenCareLine", by=by, subject=node("post", vent))
    return str(data["careLine"]["id"])


async def say(line: str, text: str, by: Person) -> Any:
    return await send("WriteToCareLine", by=by, line=line, text=text, key=a_key())


async def heard(line: str, by: Person) -> list[str]:
    data = await send("CareLine", by=by, id=line)
    return [edge["node"]["text"] for edge in data["messages"]["edges"]]


async def inbox(by: Person, **chosen: Any) -> list[str]:
    data = await send("CareLines", by=by, **chosen)
    return [edge["node"]["id"] for edge in data["edges"]]


async def own(by: Person) -> list[str]:
    data = await send("MyCareLines", by=by)
    return [edge["node"]["id"] for edge in data["careLines"]["edges"]]


async def delivered() -> None:
    while await events.deliver(SUBSCRIBERS):
        pass


async def test_a_counsellor_and_the_author_write_to_each_other_without_names(
    vent, author, counsellor
):
    line = await opened(vent, counsellor)
    asked = await say(line, "How are you now?", counsellor)
    told = await say(line, "Not well", author)
    assert asked["careMessage"]["isFromAuthor"] is False
    assert told["careMessage"]["isFromAuthor"] is True

    with clock.set_to(clock.now() + LATER):
        await delivered()
        seen = await send("CareLine", by=counsellor, id=line)
        mine = await send("CareLine", by=author, id=line)

    for view in (seen, mine):
        texts = [edge["node"]["text"] for edge in view["messages"]["edges"]]
        assert texts == ["Not well", "How are you now?"]
        assert view["post"] == {"id": node("post", vent), "text": vent.text}
        assert view["author"]["name"]
        assert view["isAwaitingAnswer"] is True
    assert author.name not in str(seen)
    assert counsellor.name not in str(mine)
    assert (mine["counsellor"], seen["counsellor"]["name"]) == (None, counsellor.name)
    assert (mine["viewerIsAuthor"], seen["viewerIsAuthor"]) == (True, False)


async def test_the_author_finds_the_line_and_nobody_elses(vent, author, counsellor, shelter):
    other = await a_member(shelter)
    line = await opened(vent, counsellor)
    assert (await own(author), await own(other), await own(counsellor)) == ([line], [], [])
    assert await send("CareLine", by=other, id=line) is None
    assert (await say(line, "Hello", other))["code"] == "CARE_LINE_NOT_FOUND"
    assert not await CareMessage.exists()


async def test_the_author_may_be_the_first_to_write(vent, author, counsellor):
    line = await opened(vent, author)
    assert await send("CareLine", by=counsellor, id=line) is None
    await say(line, "Is anybody there?", author)
    await delivered()
    assert await inbox(counsellor) == []
    assert await send("CareLine", by=counsellor, id=line) is None

    with clock.set_to(clock.now() + LATER):
        await delivered()
        assert await inbox(counsellor) == await inbox(counsellor, awaitingAnswer=True) == [line]
        assert await heard(line, counsellor) == ["Is anybody there?"]
        await say(line, "Yes", counsellor)
        assert await inbox(counsellor, awaitingAnswer=True) == []
        assert await heard(line, author) == ["Yes", "Is anybody there?"]


async def test_what_the_author_writes_tells_no_moment(vent, author, counsellor):
    line = await opened(vent, counsellor)
    moment = datetime.fromisoformat("2026-11-21T22:01:07+00:00")
    with clock.set_to(moment):
        await say(line, "Hello", counsellor)
        before = await send("CareLine", by=counsellor, id=line)
    with clock.set_to(moment + timedelta(minutes=1)):
        mine = [await say(line, text, author) for text in ("One", "Two", "Three")]
        await delivered()
        during = await send("CareLine", by=counsellor, id=line)
        assert await heard(line, author) == ["Three", "Two", "One", "Hello"]
    with clock.set_to(moment + timedelta(minutes=2)):
        await say(line, "Still there?", counsellor)
    with clock.set_to(moment + timedelta(minutes=4)):
        await delivered()
        assert await heard(line, counsellor) == ["Three", "Two", "One", "Still there?", "Hello"]
        assert await inbox(counsellor, awaitingAnswer=True) == [line]

    assert during == before
    assert [one["careMessage"]["writtenAt"] for one in mine] == [
        "2026-11-21T22:05:00.000001+00:00",
        "2026-11-21T22:05:00.000002+00:00",
        "2026-11-21T22:05:00.000003+00:00",
    ]


async def test_there_is_one_line_for_all_that_an_alias_wrote_in_a_thread(
    vent, author, counsellor, shelter
):
    with clock.set_to(clock.now() - LATER):
        words = await a_comment(vent, by=author, anonymous=True)
        others = await a_comment(vent, by=await a_member(shelter), anonymous=True)
    first = await opened(vent, counsellor)
    again = await send("OpenCareLine", by=counsellor, subject=node("comment", words))
    other = await send("OpenCareLine", by=counsellor, subject=node("comment", others))
    assert again["careLine"]["id"] == first != other["careLine"]["id"]
    assert await CareLine.all().count() == 2


async def test_any_counsellor_may_go_on(vent, author, counsellor, shelter):
    line = await opened(vent, counsellor)
    await say(line, "Hello", counsellor)
    other = await a_person(grants=Grants.COUNSELLOR)

    taken = await send("TakeOverCareLine", by=other, line=line)
    for _ in range(2):
        await send("TakeOverCareLine", by=other, line=line)
    await say(line, "I am here, too", other)

    assert taken["careLine"]["counsellor"]["name"] == other.name
    assert taken["careLine"]["post"] is None  # it stands in a group that the other does not read
    audited = AuditEntry.exclude(name="group.founded").order_by("number")
    entries = await audited.values_list("name", "by_id", "about_id")
    id = UUID(line.partition("_")[2])
    assert list(entries) == [
        ("careline.opened", counsellor.id, id),
        ("careline.taken_over", other.id, id),
    ]


async def test_no_entry_and_no_event_joins_the_author_with_the_line(vent, author, counsellor):
    line = await opened(vent, author)
    await say(line, "Hello", author)
    assert not await AuditEntry.exclude(name="group.founded").exists()
    event = await Event.get(name="care_message.written")
    assert (event.actor_id, event.handle) == (None, vent.handle)
    assert str(author.id) not in str(event.payload)


async def test_both_sides_are_told_that_there_is_something_the_author_later(
    vent, author, counsellor
):
    other = await a_person(grants=Grants.COUNSELLOR)
    line = await opened(vent, author)
    await say(line, "Is anybody there?", author)
    with clock.set_to(clock.now() + LATER):
        await delivered()
        assert {notice.person_id for notice in await Notice.all()} == {counsellor.id, other.id}
        await say(line, "Yes", counsellor)
        await delivered()
        assert not await Notice.filter(person_id=author.id).exists()
    with clock.set_to(clock.now() + LATER + 2 * sealed_news.BATCH):
        await sealed_news.tell_due()
        await say(line, "Thank you", author)
    with clock.set_to(clock.now() + 2 * LATER + 2 * sealed_news.BATCH):
        await delivered()

    [mine] = await Notice.filter(person_id=author.id)
    assert (mine.kind, mine.subject_id) == (NoticeKind.CARE, line)
    counts = {one.person_id: len(one.content.sources) for one in await Notice.exclude(id=mine.id)}
    assert counts == {counsellor.id: 2, other.id: 1}  # the line is the first one's since


async def test_what_was_said_is_encrypted(vent, author, counsellor):
    line = await opened(vent, counsellor)
    await say(line, "Umbrella", counsellor)
    assert b"Umbrella" not in (await CareMessage.get()).sealed


@pytest.mark.parametrize("grants", [Grants.NONE, Grants.HR | Grants.SUPERVISOR | Grants.ADMIN])
async def test_only_counsellors_and_the_author_have_a_line(vent, shelter, grants):
    other = await a_member(shelter, grants=grants)
    refused = await send("OpenCareLine", by=other, subject=node("post", vent))
    assert refused["code"] == "COUNSELLORS_ONLY"
    assert not await CareLine.exists()


async def test_whoever_wrote_with_a_name_has_no_care_line(shelter, counsellor):
    with clock.set_to(clock.now() - LATER):
        named = await a_post(shelter)
    refused = await send("OpenCareLine", by=counsellor, subject=node("post", named))
    assert refused["code"] == "WRITTEN_BY_NAME"
    assert not await CareLine.exists()


async def test_a_counsellor_cannot_take_over_their_own_line(vent, author, counsellor):
    line = await opened(vent, counsellor)
    await Person.filter(id=author.id).update(grants=Grants.COUNSELLOR)
    author.grants = Grants.COUNSELLOR
    assert (await send("TakeOverCareLine", by=author, line=line))["code"] == "COUNSELLORS_ONLY"
    assert (await say(line, "It is me", author))["careMessage"]["isFromAuthor"] is True
    assert (await send("CareLine", by=author, id=line))["counsellor"] is None


async def test_writing_again_after_a_lost_answer_writes_once(vent, counsellor):
    line, key = await opened(vent, counsellor), a_key()
    sent = [
        await send("WriteToCareLine", by=counsellor, line=line, text="Hello", key=key)
        for _ in range(2)
    ]
    assert sent[0] == sent[1]
    assert await CareMessage.all().count() == 1


async def test_a_line_is_destroyed_180_days_after_its_last_message(vent, author, counsellor):
    line = await opened(vent, counsellor)
    start = clock.now()
    with clock.set_to(start + timedelta(days=100)):
        await say(line, "Hello", counsellor)
    with clock.set_to(start + timedelta(days=279)):
        await carelines.destroy()
        assert await own(author) == [line]
    with clock.set_to(start + timedelta(days=280)):
        assert await own(author) == []
        await carelines.destroy()
    assert not await CareLine.exists()
    assert not await CareMessage.exists()


@pytest.mark.parametrize("name", ["CareLines", "MyCareLines"])
async def test_ten_lines_cost_as_many_statements_as_one(
    shelter, author, counsellor, statements, name
):
    counts = []
    for more in (1, 9):
        for _ in range(more):
            with clock.set_to(clock.now() - LATER):
                vent = await a_post(shelter, by=author, anonymous=True)
            await say(await opened(vent, counsellor), "Hello", counsellor)
        statements()
        await send(name, by=author if name == "MyCareLines" else counsellor)
        counts.append(len(statements()))
    assert counts[0] == counts[1]


@pytest.mark.committed
async def test_counsellors_who_open_at_once_share_one_line():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    with clock.set_to(clock.now() - LATER):
        vent = await a_post(shelter, anonymous=True)
    counsellors = [await a_person(grants=Grants.COUNSELLOR) for _ in range(6)]

    lines = await asyncio.gather(*(carelines.open_to(vent, by=one) for one in counsellors))

    assert len({line.id for line in lines}) == len({line.counsellor_id for line in lines}) == 1
    entry = await AuditEntry.exclude(name="group.founded").get()
    assert (entry.name, entry.by_id) == ("careline.opened", lines[0].counsellor_id)


@pytest.mark.committed
async def test_messages_sent_at_once_are_all_there():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    author, *_ = await a_crowd(shelter)
    vent = await a_post(shelter, by=author, anonymous=True)
    counsellor = await a_person(grants=Grants.COUNSELLOR)
    line = await carelines.open_to(vent, by=counsellor)

    sides = [author, counsellor] * 4
    await asyncio.gather(
        *(care_messages.write(line.id, "Hello", by=one, key=a_key()) for one in sides)
    )

    assert await CareMessage.all().count() == 8
    assert (await CareLine.get()).counsellor_id == counsellor.id
