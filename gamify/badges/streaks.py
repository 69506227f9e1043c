"""Streaks: weeks in a row in which one helped somebody; a pause and leave wait."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, pauses, settings
from core.database.sql import Statement
from core.pauses import Pause
from core.rosters import shifts
from core.rosters.shifts import Shift
from core.together import together
from gamify.badges.deeds import monday

WEEK = timedelta(weeks=1)
LOOK_BACK = 2 * 53 * WEEK
LOOK_AHEAD = 8 * WEEK  # to see that a roster goes on after a leave


HELPED = Statement(
    """
    SELECT DISTINCT person_id, week FROM deed
    WHERE person_id = ANY(:people) AND NOT is_taken_back AND week >= :since
    """
)


class Streak(NamedTuple):
    weeks: int
    is_safe_this_week: bool


@together
async def of(person_ids: Sequence[UUID]) -> list[Streak]:
    """For oneself alone: it would tell of pauses."""
    this = monday(clock.business_date())
    helped = await _helped(person_ids, since=this - LOOK_BACK)
    away = await _away(person_ids, this)
    return [_streak(helped[id], away[id], this) for id in person_ids]


def _streak(helped: set[date], away: set[date], this: date) -> Streak:
    """This week breaks nothing: it is not over yet."""
    weeks, week = 0, this
    while week in helped or week in away or week == this:
        weeks += week in helped
        week -= WEEK
    return Streak(weeks, this in helped or this in away)


async def _helped(person_ids: Sequence[UUID], *, since: date) -> defaultdict[UUID, set[date]]:
    found: defaultdict[UUID, set[date]] = defaultdict(set)
    for person_id, week in await HELPED.rows(people=set(person_ids), since=since):
        found[UUID(str(person_id))].add(date.fromisoformat(str(week)))
    return found


async def _away(person_ids: Sequence[UUID], this: date) -> defaultdict[UUID, set[date]]:
    """Weeks with a day of pause, or without a shift where others before and after have some."""
    since, before = this - LOOK_BACK, this + LOOK_AHEAD
    found: defaultdict[UUID, set[date]] = defaultdict(set)
    for pause in await pauses.touching(person_ids, since, before):
        found[pause.person_id] |= _paused(pause, since, before)
    rosters = await shifts.touching(person_ids, _begin(since), _begin(before))
    for person_id in person_ids:
        found[person_id] |= _leave(rosters[person_id])
    return found


def _paused(pause: Pause, since: date, before: date) -> set[date]:
    last = min(pause.ends_on, before) - timedelta(days=1)
    return _weeks(monday(max(pause.begins_on, since)), monday(last))


def _leave(roster: Sequence[Shift]) -> set[date]:
    worked = {monday(shift.business_date) for shift in roster}
    return _weeks(min(worked), max(worked)) - worked if worked else set()


def _weeks(first: date, last: date) -> set[date]:
    return {first + n * WEEK for n in range((last - first) // WEEK + 1)}


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.current().time_zone))
