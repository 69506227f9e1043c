"""How the cast say they are: most of them now and then, one of them almost every day."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from random import Random

from community import pulses
from community.pulses import Face
from core import clock
from core.people import Person
from demo import company
from demo.agenda import Act
from demo.threads import HERE, read

DIARIST = "lin"
DAYS = range(1, 36)  # ago, and nothing yet today
NOW_AND_THEN, MOSTLY = 18, 30  # days of these
TEAMS = ("早班A组", "晚班B组", "English Desk")  # where the custom has caught on
CHATTY = 0.5  # of the days, with words
FACES = list(Face)


async def acts() -> list[Act]:
    """Day by day; by a chance of its own, so that what else happens stays as it is."""
    cast, rng = await company.cast(), Random(DIARIST)  # noqa: S311  # the same every time
    keys = [one.key for one in company.told().people if one.team in TEAMS]
    return [act for key in keys for act in _of(key, cast[key], rng)]


def _of(key: str, person: Person, rng: Random) -> Iterator[Act]:
    said = read(HERE / "pulses.toml")["words"] if key == DIARIST else {}
    now, mood = clock.now(), rng.uniform(1.5, 3.5)
    days = [ago for ago in DAYS if _was_here(person, ago)]
    if days:
        yield Act(now - timedelta(days=days[-1], hours=1), partial(pulses.consent, by=person))
    for ago in rng.sample(days, min(MOSTLY if said else NOW_AND_THEN, len(days))):
        face = FACES[min(max(round(rng.gauss(mood, 1)), 0), len(FACES) - 1)]
        words = rng.choice(said[face]) if said and rng.random() < CHATTY else None
        tap = partial(pulses.check_in, face, by=person, key=f"pulse {key} {ago}", words=words)
        yield Act(now - timedelta(days=ago), tap)


def _was_here(person: Person, ago: int) -> bool:
    day = clock.business_date() - timedelta(days=ago)
    return person.hired_on is None or person.hired_on <= day
