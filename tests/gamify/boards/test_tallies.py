import asyncio
from datetime import timedelta

import pytest

from core import clock, events
from gamify import rules
from gamify.boards import integrity, tallies
from gamify.boards.boards import Board, Measure
from gamify.boards.scores import Score
from gamify.boards.tallies import Tally
from tests.gamify.boards.makers import WEDNESDAY, board, deliver, scored, thanked
from tests.gamify.makers import an_event, give, taken_back
from tests.makers import a_person


async def own(person, measure: str, **given) -> float | None:
    place = (await board(person, measure=measure, **given))["viewerPlace"]
    return place and place["score"]


async def test_an_accepted_answer_counts_as_points_as_thanks_and_as_an_answer():
    await rules.ship()
    ann = await a_person()

    await thanked(ann)

    assert [await own(ann, m) for m in ("POINTS", "THANKS", "ANSWERS")] == [10, 1, 1]


async def test_an_adoption_counts_as_thanks_alone():
    ann = await a_person()

    await thanked(ann, "answer.adopted", group_kind="SOCIAL")

    assert [await own(ann, m) for m in ("POINTS", "THANKS", "ANSWERS")] == [None, 1, None]


async def test_an_event_that_is_delivered_three_times_counts_once():
    ann = await a_person()
    event = await an_event(answerer=ann.id)

    for _ in range(3):
        await tallies.count(event)

    assert await own(ann, "THANKS") == 1


async def test_what_was_taken_back_counts_no_more():
    await rules.ship()
    ann = await a_person()
    event = await thanked(ann)

    await taken_back(event)
    await deliver()

    assert [await own(ann, m) for m in ("POINTS", "THANKS", "ANSWERS")] == [None, None, None]


async def test_a_withdrawal_that_is_told_before_its_fact_holds():
    ann = await a_person()
    event = await an_event(answerer=ann.id)

    await tallies.withdraw(await taken_back(event))
    await tallies.count(event)

    assert await own(ann, "THANKS") is None
    assert {tally.is_withdrawn for tally in await Tally.all()} == {True}


@pytest.mark.parametrize("told", [{"group_kind": "SUPPORT"}, {"answerer": None}])
async def test_nothing_counts_in_support_groups_nor_where_nobody_is_named(told):
    ann = await a_person()

    await tallies.count(await an_event(**{"answerer": ann.id} | told))

    assert not await Tally.exists()
    assert not await Score.exists()


async def test_a_fact_counts_for_its_day_week_and_month_by_the_organisations_calendar():
    ann = await a_person()
    sunday_night = WEDNESDAY + timedelta(days=4, hours=11, minutes=59)  # 23:59 in Shanghai

    with clock.set_to(sunday_night):
        await scored(ann, 10)
    with clock.set_to(sunday_night + timedelta(minutes=1)):
        await scored(ann, 5)
        seen = [await own(ann, "POINTS", span=span) for span in ("DAY", "WEEK", "MONTH")]
        before = await own(ann, "POINTS", span="WEEK", on="2026-11-22")

    assert seen == [5, 5, 15]
    assert before == 10


async def test_points_that_go_elsewhere_than_to_a_rules_payee_do_not_count():
    ann = await a_person()

    await give(ann.id, 50)

    assert await own(ann, "POINTS") is None


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_fifty_facts_at_once_are_all_counted():
    people = [await a_person() for _ in range(5)]

    await asyncio.gather(*(scored(people[n % 5], 10) for n in range(50)))

    assert {score.value for score in await Score.all()} == {100_00}
    assert await findings() == []


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_one_event_delivered_by_many_at_once_counts_once():
    ann = await a_person()
    event = await an_event(answerer=ann.id)

    await asyncio.gather(*(tallies.count(event) for _ in range(10)))

    weekly = [b.id for b in await Board.filter(span="WEEK", scope="PEOPLE")]
    assert {score.value for score in await Score.filter(board_id__in=weekly)} == {100}
    assert await findings() == []


async def findings() -> list[str]:
    return [finding for check in integrity.CHECKS for finding in await check()]


async def test_integrity_finds_a_score_and_a_level_that_are_wrong():
    ann = await a_person()
    await scored(ann, 10)
    assert await findings() == []

    await Score.all().update(value=999)

    found = await findings()
    assert len(found) == 3 + 6
    assert "POINTS by WEEK" in "".join(found)


async def test_rows_that_no_board_needs_are_forgotten():
    ann = await a_person()
    with clock.set_to(clock.now() - tallies.KEPT - timedelta(days=1)):
        await scored(ann, 10, measure=Measure.THANKS)
    await scored(ann, 10)

    await tallies.forget()

    assert [tally.measure for tally in await Tally.all()] == [Measure.POINTS]
    assert not await events.failed(limit=1)
