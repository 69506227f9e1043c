import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock, events
from core.events import Event
from gamify.boards import closings, tallies
from gamify.boards.boards import Board
from gamify.boards.spans import Period, Span, midnight
from tests.gamify.boards.makers import WEDNESDAY, board, deliver, people_with, ranks, scored
from tests.gamify.boards.test_tallies import findings
from tests.gamify.makers import an_event

NEXT_MONDAY = datetime(2026, 11, 22, 16, tzinfo=UTC)  # midnight in Shanghai
LAST_WEEK = "2026-11-18"


async def ended() -> None:
    with clock.set_to(NEXT_MONDAY + timedelta(minutes=5)):
        await closings.close()


async def test_a_week_that_is_over_is_closed_once_and_told():
    with clock.set_to(WEDNESDAY):
        await people_with(20, 10)

    await ended()
    await ended()

    told = await Event.filter(name="board.closed")
    weeks = [e.payload for e in told if e.payload["span"] == "WEEK"]
    points = [w for w in weeks if (w["measure"], w["scope"]) == ("POINTS", "PEOPLE")]
    assert [week["begins_on"] for week in points] == ["2026-11-16"]


async def test_what_is_told_late_changes_no_closed_board():
    with clock.set_to(WEDNESDAY):
        ann, ben = await people_with(20, 10)
        late = await scored(ann, 20)
    await ended()
    with clock.set_to(NEXT_MONDAY + timedelta(hours=1)):
        await tallies.take_out(late)
        await scored(ben, 500, at=WEDNESDAY)

        seen = await board(ann, on=LAST_WEEK)
        assert seen["isClosed"] is True
        assert seen["viewerPlace"] == {"rank": 1, "score": 40}
        month = await board(ben, span="MONTH")

    assert month["isClosed"] is False
    assert month["viewerPlace"] == {"rank": 1, "score": 510}


async def test_a_period_waits_until_what_happened_in_it_has_been_told():
    with clock.set_to(WEDNESDAY):
        ann, _ = await people_with(20, 10)
    await an_event(answerer=ann.id, at=NEXT_MONDAY - timedelta(seconds=1))

    await ended()
    with clock.set_to(NEXT_MONDAY + timedelta(hours=1)):
        assert (await board(ann, on=LAST_WEEK))["isClosed"] is False

    await Event.all().update(delivered_at=clock.now())
    await ended()
    with clock.set_to(NEXT_MONDAY + timedelta(hours=1)):
        assert (await board(ann, on=LAST_WEEK))["isClosed"] is True


async def test_a_server_that_was_down_at_midnight_closes_when_it_is_back():
    with clock.set_to(WEDNESDAY):
        ann, *_ = await people_with(30, 20, 10)

    with clock.set_to(NEXT_MONDAY + timedelta(days=20)):
        await closings.close()
        seen = await board(ann, on=LAST_WEEK)

    assert seen["isClosed"] is True
    assert ranks(seen["places"]) == [(1, 30), (2, 20)]
    assert not await Board.filter(before__lte=date(2026, 12, 12), closed_at__isnull=True).exists()


async def test_a_period_in_which_nobody_did_anything_is_closed_too():
    await ended()

    [week] = await Board.filter(measure="POINTS", scope="PEOPLE", span="WEEK")
    assert (week.begins_on, week.is_closed) == (date(2026, 11, 16), True)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00:00+00:00", 23),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24T22:00:00+00:00", 25),
        ("America/New_York", date(2026, 11, 1), "2026-11-01T04:00:00+00:00", 25),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00:00+00:00", 23),
        ("Asia/Shanghai", date(2026, 3, 29), "2026-03-28T16:00:00+00:00", 24),
    ],
)
async def test_a_day_is_as_long_as_the_clocks_make_it(set_limits, zone, day, begins, hours):
    set_limits(time_zone=zone)
    period = Period.of(Span.DAY, day)

    assert midnight(period.begins_on).isoformat() == begins
    assert midnight(period.before) - midnight(period.begins_on) == timedelta(hours=hours)


async def test_a_day_closes_at_its_own_midnight_where_clocks_change(set_limits):
    set_limits(time_zone="Europe/Berlin")
    end = datetime(2026, 10, 25, 23, tzinfo=UTC)  # an hour more than usual after it began
    with clock.set_to(end - timedelta(minutes=1)):
        ann, *_ = await people_with(30, 20)
        await closings.close()
        assert (await board(ann, span="DAY", on="2026-10-25"))["isClosed"] is False
    with clock.set_to(end):
        await deliver()
        await scored(ann, 5)
    with clock.set_to(end + timedelta(minutes=5)):
        await closings.close()
        over = await board(ann, span="DAY", on="2026-10-25")
        running = await board(ann, span="DAY")

    assert (over["isClosed"], over["viewerPlace"]["score"]) == (True, 30)
    assert (running["beginsOn"], running["viewerPlace"]["score"]) == ("2026-10-26", 5)


async def test_an_organisation_that_moves_west_neither_opens_a_day_again_nor_breaks_a_sum(
    set_limits,
):
    set_limits(time_zone="Asia/Shanghai")
    midnight_there = datetime(2026, 11, 18, 16, tzinfo=UTC)
    with clock.set_to(midnight_there - timedelta(hours=1)):
        ann, *_ = await people_with(30, 20)
        await deliver()
    with clock.set_to(midnight_there + timedelta(minutes=5)):
        await closings.close()

    set_limits(time_zone="America/New_York")
    with clock.set_to(midnight_there + timedelta(minutes=10)):  # the 18th once more
        await scored(ann, 5)
        await closings.close()
        again = await board(ann, span="DAY")
        week = await board(ann, span="WEEK")

    assert (again["beginsOn"], again["isClosed"]) == ("2026-11-18", True)
    assert again["viewerPlace"]["score"] == 30
    assert week["viewerPlace"]["score"] == 35
    assert await findings() == []


async def test_boards_of_long_ago_are_forgotten():
    with clock.set_to(WEDNESDAY):
        await people_with(20, 10)
    with clock.set_to(WEDNESDAY + timedelta(days=70)):
        await closings.close()
        await closings.forget()

        assert not await Board.filter(span="DAY", begins_on=date(2026, 11, 18)).exists()
        assert await Board.filter(span="WEEK", begins_on=date(2026, 11, 16)).exists()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_many_processes_close_a_board_once_while_scores_come_in():
    with clock.set_to(WEDNESDAY):
        ann, ben = await people_with(20, 10)

    with clock.set_to(NEXT_MONDAY + timedelta(minutes=5)):
        late = [scored(ben, 10, at=WEDNESDAY) for _ in range(10)]
        await asyncio.gather(*(closings.close() for _ in range(5)), *late)
        first = await board(ann, on=LAST_WEEK)
        await scored(ben, 1000, at=WEDNESDAY)
        assert await board(ann, on=LAST_WEEK) == first

    told = [e.payload["board"] for e in await Event.filter(name="board.closed")]
    assert len(told) == len({*told})
    assert await events.are_told(before=WEDNESDAY)
