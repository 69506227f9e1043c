"""Care: counsellors on a rota with a gap, a case that was taken care of and one that is open."""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

from community import posts, risk_care, rotas
from community.posts import Draft
from community.risk_cases import RiskCase
from community.week import Hours, Weekday
from core import clock
from core.people import Grants, Person
from demo.agenda import Act
from demo.conversations import Gathering
from demo.threads import HERE, read

COUNSELLOR = "shen"


async def put_up_rota(cast: Mapping[str, Person]) -> None:
    for key, (begins, ends) in _told()["rota"].items():
        span = time.fromisoformat(begins), time.fromisoformat(ends)
        await rotas.put(cast[key].id, [Hours(day, *span) for day in Weekday], by=cast[key])


def acts(gathering: Gathering, rng: Random) -> Iterator[Act]:
    """Two write unseen; a counsellor has looked after the first."""
    told, now = _told(), clock.now()
    amber, red = told["amber"], told["red"]
    first, second = rng.sample([one for one in gathering.members if _is_nobody(one, gathering)], 2)
    wrote = now - timedelta(minutes=amber["ago"])
    yield Act(wrote, partial(_write, gathering, first, amber["text"]))
    counsellor = gathering.cast[COUNSELLOR]
    taken = wrote + timedelta(minutes=amber["taken_after"])
    yield Act(taken, partial(_take, amber, counsellor))
    yield Act(now - timedelta(minutes=red["ago"]), partial(_write, gathering, second, red["text"]))


def _is_nobody(person: Person, gathering: Gathering) -> bool:
    return person not in gathering.personas and person.grants == Grants.NONE


async def _write(gathering: Gathering, by: Person, text: str) -> None:
    draft = Draft(text.strip(), anonymous=True)
    await posts.create(gathering.group.id, draft, by=by, key=uuid4().hex)


async def _take(told: Mapping[str, Any], by: Person) -> None:
    case = await RiskCase.get(words=told["text"].strip())
    await risk_care.acknowledge(case.id, by=by)
    await risk_care.note(case.id, told["note"], by=by, key=uuid4().hex)


def _told() -> dict[str, Any]:
    return read(HERE / "care.toml")
