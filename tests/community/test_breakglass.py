import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.composition import SUBSCRIBERS
from community import breakglass, carelines, risk_care, seals
from community.breakglass import Grounds
from community.breakglass_requests import BreakGlassRequest
from community.care_messages import CareMessage
from community.groups import Group, GroupKind
from community.posts import Post
from core import audit, clock, events
from core.audit import AuditEntry
from core.errors import Refused
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import Notice
from core.people import Grants, Person
from tests.counselling import a_red_case
from tests.makers import a_crowd, a_group, a_key, a_member, a_person, a_post, node, send

LATER = timedelta(minutes=6)
DAY = timedelta(hours=24)
REASON = "She wrote that she would not be here tomorrow"


@pytest.fixture
async def shelter() -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


@pytest.fixture
async def author(shelter: Group) -> Person:
    return await a_member(shelter)


@pytest.fixture
async def asker(shelter: Group) -> Person:
    return await a_member(shelter, grants=Grants.COUNSELLOR)


@pytest.fixture
async def second() -> Person:
    return await a_person(grants=Grants.COUNSELLOR)


@pytest.fixture
async def vent(shelter: Group, author: Person) -> Post:
    with clock.set_to(clock.now() - LATER):
        return await a_post(shelter, by=author, anonymous=True)


async def asked(vent: Post, by: Person, **given: Any) -> str:
    given = {"reason": REASON, "key": a_key()} | given
    data = await send("AskToBreakGlass", by=by, subject=node("post", vent), **given)
    return str(data["breakGlassRequest"]["id"])


async def asked_in_red(vent: Post, by: Person) -> str:
    grounds = Grounds(REASON, is_red=True)
    request = await breakglass.ask(vent, grounds, by=by, key=a_key())
    return node("breakglassrequest", request)


async def decided(request: str, by: Person, *, agreed: bool = True) -> Any:
    return await send("DecideBreakGlass", by=by, request=request, agreed=agreed, note="I read it")


async def opened(request: str, by: Person) -> Any:
    return await send("OpenSeal", by=by, request=request)


async def trail() -> list[tuple[str, UUID, str | None]]:
    entries = await AuditEntry.exclude(name="group.founded").order_by("number")
    return [(entry.name, entry.by_id, entry.facts.get("refused")) for entry in entries]


async def delivered() -> None:
    while await events.deliver(SUBSCRIBERS):
        pass


async def test_two_counsellors_together_find_out_who_it_is(vent, author, asker, second):
    request = await asked(vent, asker)
    assert (await opened(request, asker))["code"] == "NOT_AGREED"
    seen = await decided(request, second)
    found = await opened(request, asker)

    assert found["person"]["name"] == author.name
    assert seen["breakGlassRequest"]["reason"] == REASON
    assert seen["breakGlassRequest"]["note"] == "I read it"
    assert (seen["breakGlassRequest"]["decision"], seen["breakGlassRequest"]["isRed"]) == (
        "AGREED",
        False,
    )
    assert author.name not in str(seen)
    assert await trail() == [
        ("break_glass.asked", asker.id, None),
        ("break_glass.refused", asker.id, "NOT_AGREED"),
        ("break_glass.agreed", second.id, None),
        ("break_glass.opened", asker.id, None),
    ]
    assert await audit.chain_is_whole() == []


async def test_every_look_is_recorded_and_no_entry_names_the_author(vent, author, asker, second):
    request = await asked(vent, asker)
    await decided(request, second)
    for _ in range(3):
        await opened(request, asker)
    entries = await AuditEntry.filter(name="break_glass.opened")
    assert len(entries) == 3
    for entry in await AuditEntry.exclude(name="group.founded"):
        assert str(author.id) not in str(dict(entry))
        assert entry.facts["handle"] == vent.handle


async def test_who_decides_does_not_learn_the_name_and_nobody_decides_alone(vent, asker, second):
    request = await asked(vent, asker)
    assert (await decided(request, asker))["code"] == "SECOND_NEEDED"
    await decided(request, second)
    assert (await opened(request, second))["code"] == "SECOND_NEEDED"
    assert (await BreakGlassRequest.get()).opened_at is None


async def test_what_is_declined_stays_closed(vent, asker, second):
    request = await asked(vent, asker)
    await decided(request, second, agreed=False)
    assert (await opened(request, asker))["code"] == "NOT_AGREED"
    assert (await decided(request, second))["code"] == "REQUEST_DECIDED"
    assert (await BreakGlassRequest.get()).opened_at is None


async def test_a_request_expires_before_and_after_it_is_agreed_to(vent, asker, second):
    start = clock.now()
    with clock.set_to(start):
        late, early = await asked(vent, asker), await asked(vent, asker, reason="Again")
    with clock.set_to(start + DAY - timedelta(seconds=1)):
        await decided(early, second)
    with clock.set_to(start + DAY):
        assert (await decided(late, second))["code"] == "REQUEST_DECIDED"
    with clock.set_to(start + 2 * DAY - timedelta(seconds=2)):
        assert "person" in await opened(early, asker)
    with clock.set_to(start + 2 * DAY):
        assert (await opened(early, asker))["code"] == "NOT_AGREED"


async def test_in_a_red_case_one_opens_at_once_and_the_second_decides_afterwards(
    vent, author, asker, second
):
    start = clock.now()
    with clock.set_to(start):
        request = await asked_in_red(vent, asker)
        assert (await opened(request, asker))["person"]["name"] == author.name
    with clock.set_to(start + 2 * DAY):
        assert (await opened(request, asker))["code"] == "NOT_AGREED"
        reviewed = await decided(request, second, agreed=False)
        assert reviewed["breakGlassRequest"]["decision"] == "DECLINED"
        assert (await opened(request, asker))["code"] == "NOT_AGREED"


async def test_who_takes_care_of_a_red_case_looks_at_once_without_being_a_member(
    shelter, author, second
):
    case = await a_red_case(by=author, group=shelter, anonymous=True)
    await risk_care.acknowledge(case.id, by=second)
    vent = await Post.get(id=case.post_id)
    request = await asked(vent, second)
    assert (await opened(request, second))["person"]["name"] == author.name

    other = await a_person(grants=Grants.COUNSELLOR)
    waiting = await asked(vent, other)
    assert (await opened(waiting, other))["code"] == "NOT_AGREED"


async def test_the_second_is_paged(vent, author, asker, second):
    await Person.filter(id=author.id).update(grants=Grants.COUNSELLOR)
    request = await asked_in_red(vent, asker)
    await opened(request, asker)
    await delivered()
    notice = await Notice.get()
    assert (notice.person_id, notice.kind) == (second.id, NoticeKind.BREAK_GLASS)
    assert notice.subject_id == request


async def test_the_author_is_told_once_on_the_care_line(vent, author, asker, second):
    request = await asked(vent, asker)
    await decided(request, second)
    for _ in range(2):
        await opened(request, asker)
    mine = await send("MyCareLines", by=author)
    [edge] = mine["careLines"]["edges"]
    line = await send("CareLine", by=author, id=edge["node"]["id"])
    [message] = line["messages"]["edges"]
    assert message["node"]["kind"] == "SEAL_OPENED"
    assert message["node"]["text"].startswith("We were worried about you")
    assert asker.name not in str(line)


async def test_the_author_is_not_told_where_that_is_unsafe(vent, author, asker, second):
    request = await asked(vent, asker, tellsAuthor=False)
    await decided(request, second)
    await opened(request, asker)
    assert not await CareMessage.exists()
    assert (await send("MyCareLines", by=author))["careLines"]["edges"] == []


@pytest.mark.parametrize(
    "grants",
    [
        Grants.NONE,
        Grants.HR,
        Grants.SUPERVISOR,
        Grants.ADMIN,
        Grants.MODERATOR,
        Grants.COUNSELLOR | Grants.HR,
        Grants.COUNSELLOR | Grants.SUPERVISOR,
    ],
)
async def test_hr_supervisors_and_everybody_else_have_no_way(vent, shelter, asker, grants):
    other = await a_member(shelter, grants=grants)
    request = await asked_in_red(vent, asker)
    ask = {"subject": node("post", vent), "reason": REASON, "key": a_key()}
    assert (await send("AskToBreakGlass", by=other, **ask))["code"] == "NOT_YOURS"
    assert (await decided(request, other))["code"] == "NOT_YOURS"
    assert (await opened(request, other))["code"] == "NOT_YOURS"
    assert await BreakGlassRequest.all().count() == 1


async def test_a_counsellor_who_leads_others_neither_asks_nor_decides_nor_opens(
    vent, asker, second
):
    request = await asked(vent, asker)
    for leader in (asker, second):
        await a_person(manager_id=leader.id)
    assert (await decided(request, second))["code"] == "NOT_FOR_LEADERS"
    await BreakGlassRequest.all().update(decision="AGREED")
    assert (await opened(request, asker))["code"] == "NOT_FOR_LEADERS"
    again = {"subject": node("post", vent), "reason": REASON, "key": a_key()}
    assert (await send("AskToBreakGlass", by=asker, **again))["code"] == "NOT_FOR_LEADERS"
    assert [refused for *_, refused in await trail()] == [None] + ["NOT_FOR_LEADERS"] * 3


async def test_nobody_hears_of_a_request_about_their_own_words(vent, author, asker):
    await Person.filter(id=author.id).update(grants=Grants.COUNSELLOR)
    author = await Person.get(id=author.id)
    request = await asked(vent, asker)
    own = {"subject": node("post", vent), "reason": REASON, "key": a_key()}
    assert (await send("AskToBreakGlass", by=author, **own))["code"] == "OWN_ALIAS"
    assert (await decided(request, author))["code"] == "BREAK_GLASS_REQUEST_NOT_FOUND"
    assert (await send("BreakGlassRequests", by=author))["edges"] == []
    [edge] = (await send("BreakGlassRequests", by=asker))["edges"]
    assert edge["node"]["id"] == request


async def test_a_destroyed_seal_is_opened_by_nobody(vent, asker, second):
    request = await asked_in_red(vent, asker)
    with clock.set_to(clock.now() + seals.SEALED_FOR):
        await BreakGlassRequest.all().update(expires_at=clock.now() + DAY)
        assert (await opened(request, asker))["code"] == "SEAL_DESTROYED"
        refused = {"subject": node("post", vent), "reason": REASON, "key": a_key()}
        assert (await send("AskToBreakGlass", by=asker, **refused))["code"] == "SEAL_DESTROYED"
    assert (await BreakGlassRequest.get()).opened_at is None
    assert [refused for *_, refused in await trail()] == [None, *["SEAL_DESTROYED"] * 2]


async def test_words_with_a_name_hide_nobody(shelter, asker):
    with clock.set_to(clock.now() - LATER):
        named = node("post", await a_post(shelter))
    refused = await send("AskToBreakGlass", by=asker, subject=named, reason="Who", key=a_key())
    assert refused["code"] == "WRITTEN_BY_NAME"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
async def test_a_reason_is_needed(vent, asker, reason):
    refused = await send(
        "AskToBreakGlass", by=asker, subject=node("post", vent), reason=reason, key=a_key()
    )
    assert refused["code"] in {"NOTHING_WRITTEN", "TOO_LONG"}
    assert not await BreakGlassRequest.exists()


async def test_asking_again_after_a_lost_answer_asks_once_and_reasons_are_encrypted(vent, asker):
    key = a_key()
    assert await asked(vent, asker, key=key) == await asked(vent, asker, key=key)
    request = await BreakGlassRequest.get()
    assert REASON.encode() not in request.reason


async def test_ten_requests_cost_as_many_statements_as_one(shelter, asker, statements):
    counts = []
    for more in (1, 9):
        for _ in range(more):
            with clock.set_to(clock.now() - LATER):
                vent = await a_post(shelter, anonymous=True)
            await asked(vent, asker)
        statements()
        await send("BreakGlassRequests", by=asker)
        counts.append(len(statements()))
    assert counts[0] == counts[1]


@pytest.mark.committed
async def test_of_seconds_who_decide_at_once_one_is_heard():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    vent = await a_post(shelter, anonymous=True)
    asker, *seconds = [await a_person(grants=Grants.COUNSELLOR) for _ in range(6)]
    request = await breakglass.ask(vent, Grounds(REASON), by=asker, key=a_key())

    outcome = await asyncio.gather(
        *(
            breakglass.decide(request.id, agreed=n % 2 == 0, note="Yes", by=second)
            for n, second in enumerate(seconds)
        ),
        return_exceptions=True,
    )

    assert Counter(type(one).__name__ for one in outcome) == {
        "BreakGlassRequest": 1,
        "RequestDecided": 4,
    }
    assert all(isinstance(one, (BreakGlassRequest, Refused)) for one in outcome)
    assert len(await trail()) == 6
    assert await audit.chain_is_whole() == []


@pytest.mark.committed
async def test_who_opens_many_times_at_once_tells_the_author_once():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    author, *_ = await a_crowd(shelter)
    vent = await a_post(shelter, by=author, anonymous=True)
    asker = await a_person(grants=Grants.COUNSELLOR)
    grounds = Grounds(REASON, is_red=True)
    request = await breakglass.ask(vent, grounds, by=asker, key=a_key())

    found = await asyncio.gather(*(breakglass.open_seal(request.id, by=asker) for _ in range(5)))

    assert {one.id for one in found} == {author.id}
    assert await CareMessage.all().count() == 1
    assert await carelines.CareLine.all().count() == 1
    assert await AuditEntry.filter(name="break_glass.opened").count() == 5
