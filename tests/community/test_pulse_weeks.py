import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from community import pulse_weeks, pulses
from community.pulse_weeks import COMPANY, PulseFigure, PulseWeek
from community.pulses import Face
from core import clock
from core.people import Person, Team
from tests.makers import a_key, a_person, numbers, send

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)  # noon in Shanghai
WEEK, DAY = timedelta(days=7), timedelta(days=1)
MIXED = [Face.GREAT, Face.SO_SO, Face.AWFUL]
BANDS = ("UNDER_HALF", "UNDER_HALF")


async def a_team(size: int, faces: list[Face] = MIXED) -> tuple[Team, list[Person]]:
    """Of people who have said on this day how they are."""
    team = await Team.create(department="Calls", name=f"Team {next(numbers)}")
    people = [await a_person(team_id=team.id) for _ in range(size)]
    for n, person in enumerate(people):
        await pulses.consent(by=person)
        await pulses.check_in(faces[n % len(faces)], by=person, key=a_key())
    return team, people


async def told(week: datetime = MONDAY) -> dict[UUID, tuple[str, str]]:
    """The bands of that week, as soon as it is over."""
    with clock.set_to(week + WEEK):
        await pulse_weeks.close()
    figures = await PulseFigure.filter(begins_on=week.date())
    return {figure.scope_id: (figure.well, figure.low) for figure in figures}


async def weeks(by: Person) -> tuple[list, list]:
    with clock.set_to(MONDAY + WEEK):
        pulse = (await send("Pulse", by=by))["pulse"]
    return pulse["teamWeeks"], pulse["companyWeeks"]


@pytest.fixture(autouse=True)
def present():
    with clock.set_to(MONDAY):
        yield


async def test_a_week_is_told_when_it_is_over(undo):
    _, [ann, *_] = await a_team(12)
    await pulse_weeks.close()
    assert date(2026, 3, 2) not in await PulseWeek.all().values_list("begins_on", flat=True)
    await told()
    team, company = await weeks(ann)
    assert team[0] == company[0] == {"beginsOn": "2026-03-02", "well": BANDS[0], "low": BANDS[1]}
    assert [week["beginsOn"] for week in team] == ["2026-03-02"] + [
        str(date(2026, 3, 2) - WEEK * ago) for ago in range(1, len(team))
    ]


async def test_nine_are_too_few_and_ten_are_enough(undo):
    nine, _ = await a_team(9)
    assert await told() == {}
    ten, _ = await a_team(10)
    with clock.set_to(MONDAY + WEEK):
        later, _ = await a_team(10)
    assert await told(MONDAY + WEEK) == {COMPANY: BANDS, later.id: BANDS}
    assert {nine.id, ten.id}.isdisjoint(await PulseFigure.all().values_list("scope_id", flat=True))


async def test_what_could_be_subtracted_is_withheld(undo):
    large, _ = await a_team(15)
    _middle, [ann, *_] = await a_team(12)
    _small, [ben, *_] = await a_team(3)
    assert await told() == {COMPANY: BANDS, large.id: BANDS}
    withheld = {"beginsOn": "2026-03-02", "well": None, "low": None}
    for person in (ann, ben):
        team, company = await weeks(person)
        assert (team[0], company[0]["well"]) == (withheld, "UNDER_HALF")


async def test_what_says_the_same_of_everybody_is_withheld(undo):
    await a_team(12, [Face.LOW, Face.AWFUL])
    assert await told() == {}


async def test_days_of_a_week_count_once_for_each_person(undo):
    team, people = await a_team(12)
    for person in people[:6]:
        with clock.set_to(MONDAY + DAY):
            await pulses.check_in(Face.AWFUL, by=person, key=a_key())
    few = ("UNDER_A_QUARTER", "UNDER_THREE_QUARTERS")
    assert await told() == {team.id: few, COMPANY: few}


async def test_a_sunday_belongs_to_its_week_and_a_monday_to_the_next(undo):
    with clock.set_to(MONDAY + 6 * DAY):
        await a_team(12)
    with clock.set_to(MONDAY + WEEK):
        await a_team(9)
    assert len(await told()) == 2
    assert await told(MONDAY + WEEK) == {}


async def test_a_told_week_stays_as_it_is_whoever_leaves_it(undo):
    _, people = await a_team(12)
    before = await told()
    await pulses.withdraw(by=people[0])
    await Person.filter(id=people[1].id).update(team_id=None)
    assert await told() == before


async def test_a_week_that_was_missed_is_told_later_and_one_long_past_never(undo):
    await a_team(12)
    with clock.set_to(MONDAY + 4 * WEEK):
        await pulse_weeks.close()
    assert await PulseFigure.filter(begins_on=MONDAY.date()).count() == 2
    with clock.set_to(MONDAY + 4 * WEEK):
        await a_team(12)
    with clock.set_to(MONDAY + 9 * WEEK):
        await pulse_weeks.close()
    assert await PulseFigure.all().count() == 2


async def test_whoever_is_in_no_team_sees_the_company(undo):
    await a_team(12)
    await told()
    team, company = await weeks(await a_person())
    assert team == []
    assert company[0]["well"] == "UNDER_HALF"


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_many_processes_tell_a_week_once():
    await a_team(12)
    with clock.set_to(MONDAY + WEEK):
        await asyncio.gather(*(pulse_weeks.close() for _ in range(5)))
    assert await PulseFigure.all().count() == 2
