"""Challenges that HR wrote, and who takes part."""

from datetime import date, timedelta

from core import clock
from core.people import Grants, Person
from gamify.boards.boards import Measure, Scope
from gamify.boards.spans import midnight
from gamify.challenges import challenges, contenders, entrants, prizes
from gamify.challenges.challenges import Aim, Challenge, Plan
from gamify.challenges.entrants import Entrant
from tests.makers import a_key, a_person

WEEK = timedelta(days=6)


async def hr() -> Person:
    return await a_person(grants=Grants.HR)


async def a_challenge(*, by: Person | None = None, **given) -> Challenge:
    today = clock.business_date()
    plan = {
        "title": "A kind week",
        "about": "Answer, and be thanked",
        "measure": Measure.POINTS,
        "scope": Scope.PEOPLE,
        "aim": Aim.TOP,
        "places": 1,
        "begins_on": today,
        "ends_on": today + WEEK,
        "prize": 100,
    }
    return await challenges.save(Plan(**plan | given), by=by or await hr(), key=a_key())


async def joined(challenge: Challenge, *people: Person) -> None:
    for person in people:
        await entrants.join(challenge.id, by=person)


async def settled(challenge: Challenge) -> None:
    await Challenge.filter(id=challenge.id).update(settled_at=None)
    await contenders.settle()


async def ended(challenge: Challenge, *, later: timedelta = timedelta(minutes=5)) -> None:
    with clock.set_to(midnight(challenge.before) + later):
        await prizes.close()


async def winners(challenge: Challenge) -> dict[object, int]:
    rows = await Entrant.filter(challenge_id=challenge.id, won__gt=0)
    return {row.person_id: row.won for row in rows}


def after(day: date, days: int) -> date:
    return day + timedelta(days=days)
