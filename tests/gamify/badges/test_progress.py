"""Progress and streaks: how far one is, for oneself alone."""

from datetime import date, timedelta
from typing import Any

import pytest

from community import helped
from community.groups import GroupKind
from core import clock
from core.pauses import Pause
from gamify.badges import making, progress, streaks
from gamify.badges.awards import Award
from gamify.badges.criteria import Level, Tally
from tests.gamify.badges.makers import a_badge, a_deed, deeds, deliver, shown
from tests.makers import a_comment, a_group, a_member, a_person, a_post, a_shift, node, send

WEEK = timedelta(weeks=1)


async def test_one_sees_what_the_next_level_needs():
    ben = await a_person()
    await a_badge({Level.BRONZE: Tally(2), Level.SILVER: Tally(5, people=3, weeks=2)})
    await deeds(ben, 4, people=2)
    await deliver()
    [told] = (await send("Badges", by=ben))["badgeProgress"]
    assert (told["level"], told["nextLevel"]) == ("BRONZE", "SILVER")
    assert told["steps"] == [
        {"measure": "TIMES", "have": 4, "needed": 5},
        {"measure": "PEOPLE", "have": 2, "needed": 3},
        {"measure": "WEEKS", "have": 1, "needed": 2},
    ]
    assert told["pictureUrl"].endswith("/badges/heart-bronze.png")


async def test_at_the_highest_level_nothing_is_needed():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(1)})
    await deeds(ben, 2)
    await deliver()
    [told] = (await send("Badges", by=ben))["badgeProgress"]
    assert (told["level"], told["nextLevel"], told["steps"]) == ("GOLD", None, [])


async def test_progress_costs_as_much_for_ten_badges_as_for_one(statements):
    ben, taken = await a_person(), []
    for _ in range(2):
        for _ in range(5):
            await a_badge()
        statements()
        await progress.of([ben.id])
        taken.append(len(statements()))
    assert taken == [2, 2]


async def test_help_in_a_support_group_is_seen_by_its_giver_alone():
    await making.ship()
    shelter = await a_group(kind=GroupKind.SUPPORT)
    ben, colleagues = await a_member(shelter), [await a_member(shelter) for _ in range(9)]
    with clock.set_to(clock.now() - timedelta(minutes=30)):
        posts = [await a_post(shelter, by=colleague) for colleague in colleagues[:3]]
    with clock.set_to(clock.now() - timedelta(minutes=20)):
        comments = [await a_comment(post, by=ben) for post in posts]
    for comment, colleague in zip(comments, colleagues, strict=False):
        await send("React", by=colleague, subject=node("comment", comment), kind="HUG")
    await deliver()
    assert await helped.counts([ben]) == [3]

    own = (await send("Badges", by=ben))["badgeProgress"]
    [unseen] = [one for one in own if one["badge"]["kind"] == "UNSEEN"]
    assert (unseen["badge"]["name"], unseen["level"]) == ("Good listener", "BRONZE")
    assert unseen["steps"] == [{"measure": "TIMES", "have": 3, "needed": 12}]
    assert await shown(ben, to=colleagues[0]) == await shown(ben, to=ben) == []
    assert not await Award.exists()
    assert (await send("Badges", by=ben))["awards"]["edges"] == []


async def a_streak(person: Any) -> tuple[int, bool]:
    [told] = await streaks.of([person.id])
    return told.weeks, told.is_safe_this_week


async def helped_in(person: Any, *weeks: int) -> None:
    """So many weeks ago each."""
    for n in weeks:
        await a_deed(person, at=clock.now() - n * WEEK)
    await deliver()


async def test_a_streak_counts_weeks_in_a_row():
    ann, ben, cid = [await a_person() for _ in range(3)]
    await helped_in(ann, 0, 1, 1, 2, 4)
    await helped_in(ben, 1, 2)
    await helped_in(cid, 2, 3)
    assert await a_streak(ann) == (3, True)
    assert await a_streak(ben) == (2, False)  # this week is not over
    assert await a_streak(cid) == (0, False)
    told = (await send("Badges", by=ann))["streak"]
    assert told == {"weeks": 3, "isSafeThisWeek": True}


async def test_a_pause_waits():
    ben, today = await a_person(), clock.business_date()
    await helped_in(ben, 0, 3, 4)
    assert await a_streak(ben) == (1, True)
    await Pause.create(
        person_id=ben.id, begins_on=today - 2 * WEEK, ends_on=today - WEEK + timedelta(days=1)
    )
    assert await a_streak(ben) == (3, True)


async def test_leave_waits_where_a_roster_shows_it():
    ben = await a_person()
    await helped_in(ben, 0, 2, 3)
    assert await a_streak(ben) == (1, True)
    for n in (0, 2):
        begins = clock.now() - n * WEEK
        await a_shift(ben, begins, begins + timedelta(hours=8))
    assert await a_streak(ben) == (3, True)


@pytest.mark.parametrize(
    ("helped", "away", "weeks"),
    [
        (set(), set(), 0),
        (set(), {0, 1, 2}, 0),
        ({3}, {0, 1, 2}, 1),
        ({0, 3}, {1}, 1),
        ({0, 1, 2}, {1}, 3),
    ],
)
def test_weeks_away_count_for_nothing_and_break_nothing(helped, away, weeks):
    this = date(2026, 11, 16)
    told = streaks._streak(  # noqa: SLF001  # the rule itself
        {this - n * WEEK for n in helped}, {this - n * WEEK for n in away}, this
    )
    assert told.weeks == weeks
