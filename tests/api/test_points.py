"""What an agent sees of the points that colleagues' thanks earned."""

from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import memberships, thanks
from community.groups import GroupKind
from core import clock, events
from core.events import Event
from core.people import Person
from gamify import holds, rules
from gamify.ledger import Transfer
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

    assert len(statements()) == one == 8  # three of them for the sign-in
    assert len(shown["history"]["edges"]) == 10
