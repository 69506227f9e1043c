"""What HR gives by hand has a reason and a budget, and much of it takes two."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.audit import AuditEntry
from core.events import Event
from core.people import Grants, Person
from gamify import bonuses, points, rules
from gamify.boards.tallies import Tally
from gamify.bonuses import Bonus, BonusDecided
from gamify.ledger import Transfer
from gamify.rules import Rule
from tests.core.makers import chosen
from tests.gamify.boards.makers import deliver
from tests.gamify.makers import a_draft, findings, saved
from tests.makers import a_key, a_person, node, send


@pytest.fixture(autouse=True)
async def a_rule(undo) -> None:
    await rules.ship()


async def of_hr(**given: Any) -> Person:
    return await a_person(grants=Grants.HR, **given)


async def given(to: Person, points: int, *, by: Person, words="You kept calm", key="") -> Any:
    sent = {"person": node("person", to), "points": points, "words": words}
    return await send("GiveBonus", by=by, key=key or a_key(), **sent)


async def decided(bonus: Any, *, by: Person, agree=True) -> Any:
    return await send("DecideBonus", by=by, bonus=bonus["id"], agree=agree)


async def pending(person: Person) -> int:
    [balance] = await points.balances([person.id])
    return balance.pending


async def test_a_bonus_is_paid_once_and_says_why_and_by_whom():
    hr, ann, key = await of_hr(name="Ben"), await a_person(), a_key()
    for _ in range(2):
        data = await given(ann, 50, by=hr, key=key)
    await deliver()

    assert data["bonus"]["state"] == "GIVEN"
    assert await pending(ann) == 50
    assert (await Rule.get(name="bonus")).used == 50
    line = (await send("ExplainPoints", by=ann))["edges"][0]["node"]
    said = "A bonus from HR. +50 points. It was Ben. They wrote: “You kept calm”"
    assert line["explanation"].startswith(said)
    assert (await AuditEntry.filter(about_id=ann.id).get()).name == "bonus.given"
    assert await findings() == []


async def test_beyond_the_limit_a_second_one_agrees():
    hr, other, ann = await of_hr(), await of_hr(), await a_person()
    bonus = (await given(ann, 501, by=hr))["bonus"]
    await deliver()
    assert (bonus["state"], await pending(ann)) == ("WAITING", 0)
    assert [edge["node"]["kind"] for edge in (await noticed(other))] == ["BONUS"]
    assert await noticed(hr) == []

    agreed = await decided(bonus, by=other)

    assert agreed["bonus"]["state"] == "GIVEN"
    assert agreed["bonus"]["decidedBy"]["name"] == other.name
    assert await pending(ann) == 501
    assert (await decided(bonus, by=other))["code"] == "BONUS_DECIDED"


async def noticed(person: Person) -> list[Any]:
    return (await send("Notices", by=person))["notices"]["edges"]


async def test_small_ones_add_up_for_thirty_days():
    hr, ann = await of_hr(), await a_person()
    assert (await given(ann, 300, by=hr))["bonus"]["state"] == "GIVEN"
    assert (await given(ann, 201, by=hr))["bonus"]["state"] == "WAITING"
    assert (await given(await a_person(), 500, by=hr))["bonus"]["state"] == "GIVEN"
    with clock.set_to(clock.now() + timedelta(days=31)):
        assert (await given(ann, 500, by=hr))["bonus"]["state"] == "GIVEN"


async def test_declined_is_not_paid():
    hr, ann = await of_hr(), await a_person()
    bonus = (await given(ann, 600, by=hr))["bonus"]

    assert (await decided(bonus, by=await of_hr(), agree=False))["bonus"]["state"] == "DECLINED"

    assert await pending(ann) == 0
    assert not await Transfer.exists()


async def test_nobody_gives_to_themselves_nor_decides_where_they_have_a_part():
    hr, ann = await of_hr(), await of_hr()
    assert (await given(hr, 5, by=hr))["code"] == "OWN_BONUS"
    bonus = (await given(ann, 600, by=hr))["bonus"]

    for by in (hr, ann):
        assert (await decided(bonus, by=by))["code"] == "OWN_BONUS"

    assert not await Transfer.exists()
    assert (await send("Bonuses", by=ann))["edges"] == []


@pytest.mark.parametrize("figure", [0, -5, 10_001])
async def test_points_are_within_bounds(figure):
    assert (await given(await a_person(), figure, by=await of_hr()))[
        "code"
    ] == "FIGURE_OUT_OF_BOUNDS"
    assert not await Bonus.exists()


async def test_who_has_left_gets_nothing_and_a_reason_is_needed():
    hr, gone = await of_hr(), await a_person(left_on=clock.business_date())
    assert (await given(gone, 5, by=hr))["code"] == "PERSON_NOT_FOUND"
    assert (await given(await a_person(), 5, by=hr, words=" "))["code"] == "NOTHING_WRITTEN"
    assert not await Bonus.exists()


async def test_what_the_rule_does_not_cover_is_refused_and_leaves_nothing():
    hr, ann = await of_hr(), await a_person()
    await Rule.filter(name="bonus").update(budget=70)
    await given(ann, 40, by=hr)

    assert (await given(ann, 31, by=hr))["code"] == "BONUS_NOT_COVERED"
    await rules.retire((await Rule.get(name="bonus")).id, by=hr)
    assert (await given(ann, 1, by=hr))["code"] == "BONUS_NOT_COVERED"

    assert await Bonus.all().count() == 1
    assert await Event.filter(name="bonus.given").count() == 1
    assert await pending(ann) == 40


async def test_a_rule_that_pays_less_does_not_pay_a_part():
    hr, ann = await of_hr(), await a_person()
    draft = a_draft(name="bonus", event="bonus.given", payee="person", points=20)
    await saved(draft, after=1, by=hr)

    assert (await given(ann, 21, by=hr))["code"] == "BONUS_NOT_COVERED"
    assert (await given(ann, 20, by=hr))["bonus"]["state"] == "GIVEN"
    assert await pending(ann) == 20


async def test_it_ranks_nobody_and_is_taken_back_like_anything_that_a_rule_paid():
    hr, other, ann = await of_hr(), await of_hr(), await a_person()
    await given(ann, 50, by=hr)
    await deliver()
    assert not await Tally.exists()

    line = await Transfer.get(person_id=ann.id)
    sent = {"line": node("pointsline", line), "words": "A mistake", "key": a_key()}
    assert (await send("ReversePoints", by=hr, **sent))["code"] == "OWN_POINTS"
    assert "pointsReview" in await send("ReversePoints", by=other, **sent)

    assert await pending(ann) == 0
    assert (await Rule.get(name="bonus")).used == 0
    assert await findings() == []


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_whoever_gives_many_small_ones_at_once_stays_within_the_limit():
    hr, ann = await of_hr(), await a_person()

    with chosen(bonus_limit="100"):
        await asyncio.gather(
            *(bonuses.give(ann.id, 40, "So", by=hr, key=a_key()) for _ in range(5))
        )

    assert await Bonus.filter(state="GIVEN").count() == 2
    assert await pending(ann) == 80
    assert await findings() == []


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_bonus_that_several_decide_at_once_is_paid_once():
    hr, ann = await of_hr(), await a_person()
    bonus = await bonuses.give(ann.id, 600, "So", by=hr, key=a_key())
    deciders = [await of_hr() for _ in range(4)]

    ends = await asyncio.gather(
        *(bonuses.decide(bonus.id, agree=True, by=one) for one in deciders),
        return_exceptions=True,
    )

    assert sum(isinstance(end, BonusDecided) for end in ends) == 3
    assert await pending(ann) == 600
    assert await findings() == []
