"""What an agent sees of the points that colleagues' thanks earned."""

from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import memberships, thanks
from community.groups import GroupKind
from core import bus, clock, events
from core.events import Event
from core.people import Person
from gamify import holds, rules
from gamify.ledger import Transfer
from tests.gamify.makers import give
from tests.makers import (
    a_comment,
    a_group,
    a_member,
    a_person,
    a_post,
    ask,
    graphql,
    operation,
    send,
)
from tests.phones import calling
from tests.servers import serving


@pytest.fixture(autouse=True)
async def shipped(undo):
    await rules.ship()


async def thanked(helper: Person, *, kind: GroupKind = GroupKind.KNOWLEDGE, **given) -> Person:
    """Somebody asks, the helper answers, and the asker thanks, ten minutes each; who asked."""
    group = await a_group(kind=kind)
    asker = await a_member(group, **given)
    await memberships.join(group.id, by=helper)
    question = await a_post(group, by=asker, is_question=True)
    with later(minutes=10):
        answer = await a_comment(question, by=helper)
    with later(minutes=20):
        await thanks.thank(answer.id, by=asker)
    with later(minutes=30):
        await events.deliver(SUBSCRIBERS)
    return asker


def later(**time: int):
    return clock.set_to(clock.now() + timedelta(**time))


async def my_points(person: Person, **given):
    return (await send("MyPoints", by=person, **given))["points"]


async def test_an_accepted_answer_shows_as_pending_points_and_says_why():
    ann = await a_person()
    asker = await thanked(ann, name="Lin")

    shown = await my_points(ann)

    line = await Transfer.get()
    assert (shown["available"], shown["pending"]) == (0, 10)
    assert [edge["node"] for edge in shown["history"]["edges"]] == [
        {
            "id": f"pointsline_{line.id.hex}",
            "points": 10,
            "at": line.at.isoformat(),
            "businessDate": clock.business_date(line.at).isoformat(),
            "reason": "Your answer was accepted.",
            "availableAt": (line.at + timedelta(hours=72)).isoformat(),
            "causedBy": {"id": f"person_{asker.id.hex}", "name": "Lin", "avatar": None},
        }
    ]


async def test_72_hours_later_the_points_are_available_and_history_is_no_longer():
    ann = await a_person()
    await thanked(ann)

    with later(hours=73):
        await holds.release_due()
        shown = await my_points(ann)

    assert (shown["available"], shown["pending"]) == (10, 0)
    [edge] = shown["history"]["edges"]
    assert (edge["node"]["points"], edge["node"]["availableAt"]) == (10, None)


async def test_the_reason_is_told_in_the_readers_language():
    ann = await a_person()
    await thanked(ann)
    document, name = operation("MyPoints")

    for language, reason in (("zh-CN", "你的回答被采纳了。"), ("zh-TW", "你的回答被採納了。")):
        answer = await ask(document, by=ann, name=name, language=language)
        [edge] = answer["data"]["viewer"]["points"]["history"]["edges"]
        assert edge["node"]["reason"] == reason


async def test_help_in_a_support_group_pays_nothing():
    ann = await a_person()
    await thanked(ann, kind=GroupKind.SUPPORT)

    shown = await my_points(ann)

    assert await Event.filter(name="answer.accepted", delivered_at__isnull=False).count() == 1
    assert (shown["available"], shown["pending"], shown["history"]["edges"]) == (0, 0, [])
    assert not await Transfer.exists()


async def test_nobody_sees_points_of_others():
    ann, bob = await a_person(), await a_person()
    await thanked(ann)

    assert (await my_points(bob))["pending"] == 0
    assert await graphql("{ viewer { points { available } } }") == {"viewer": None}


async def test_history_is_read_in_pages():
    ann = await a_person()
    for _ in range(3):
        await thanked(ann)

    first = (await my_points(ann, first=2))["history"]
    rest = (await my_points(ann, first=2, after=first["pageInfo"]["endCursor"]))["history"]

    assert (len(first["edges"]), first["pageInfo"]["hasNextPage"]) == (2, True)
    assert (len(rest["edges"]), rest["pageInfo"]["hasNextPage"]) == (1, False)
    ids = [edge["node"]["id"] for edge in [*first["edges"], *rest["edges"]]]
    newest_first = Transfer.all().order_by("-at", "-id")
    assert ids == [f"pointsline_{id.hex}" for id in await newest_first.values_list("id", flat=True)]


async def test_ten_lines_cost_as_many_statements_as_one(statements):
    ann = await a_person()
    await thanked(ann)
    statements()
    await my_points(ann)
    one = len(statements())

    for _ in range(9):
        await thanked(ann)
    statements()
    shown = await my_points(ann)

    assert len(statements()) == one == 9  # three of them for the sign-in
    assert len(shown["history"]["edges"]) == 10


async def test_each_line_is_explained_in_words_and_the_readers_language():
    ann = await a_person()
    await thanked(ann, name="Lin")
    [line] = await Transfer.all()
    day = clock.business_date(line.at + timedelta(hours=72))

    explained = []
    document, name = operation("ExplainPoints")
    for language in ("en", "zh-CN", "zh-TW"):
        answer = await ask(document, by=ann, name=name, language=language)
        [edge] = answer["data"]["explainPoints"]["edges"]
        explained.append(edge["node"]["explanation"])

    paid = "Your answer was accepted. +10 points. It was Lin. By the rule “thanked”, version 1."
    assert explained == [
        f"{paid} You can spend it from {day} on.",
        f"你的回答被采纳了。+10 积分。来自Lin。依据规则“thanked”第 1 版。{day} 起可以使用。",
        f"你的回答被採納了。+10 點。來自Lin。依據規則「thanked」第 1 版。{day} 起可以使用。",
    ]


async def test_what_can_be_spent_is_shown_by_year_with_its_last_day():
    ann = await a_person()
    await give(ann.id, 5, year=2026)
    await give(ann.id, 3, year=2025)

    shown = await my_points(ann)

    assert (shown["available"], shown["reserved"], shown["owed"]) == (8, 0, 0)
    assert shown["years"] == [
        {"year": 2025, "points": 3, "expiresOn": "2026-03-31"},
        {"year": 2026, "points": 5, "expiresOn": "2027-03-31"},
    ]


@pytest.mark.committed
async def test_points_change_live():
    ann, (document, name) = await a_person(), operation("PointsChanged")
    nothing = {"available": 0, "pending": 0, "reserved": 0, "owed": 0, "years": []}
    async with serving() as server, calling(server, ann) as phone:
        await phone.ask(document, name)
        assert await phone.news() == nothing

        await give((await a_person()).id, 3)
        await give(ann.id, 5)

        year = {"year": 2026, "points": 5, "expiresOn": "2027-03-31"}
        assert await phone.news() == nothing | {"available": 5, "years": [year]}
    assert bus.current().listeners.topics == []
