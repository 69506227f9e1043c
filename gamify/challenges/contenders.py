"""Contenders: who stands where in a challenge, persons or teams, worked out again and again."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from core import clock, pauses
from core.database.sql import Statement
from core.people import Person
from core.transactions import transaction
from gamify.boards.boards import Scope
from gamify.boards.scores import UNIT
from gamify.boards.spans import DAY
from gamify.boards.team_scores import LEAST
from gamify.challenges.challenges import Challenge
from gamify.challenges.entrants import Entrant
from gamify.measures import baselines

EVERY = timedelta(minutes=1)  # a standing is as old as that


class Contender(Model):
    id = fields.UUIDField(primary_key=True)
    challenge: fields.ForeignKeyRelation[Challenge] = fields.ForeignKeyField("models.Challenge")
    challenge_id: UUID
    owner_id: UUID = fields.UUIDField(description="a person, or a team")
    value = fields.BigIntField(description="hundredths; of per cent where figures are private")
    rank = fields.IntField()

    class Meta:
        table = "contender"
        unique_together = ("challenge", "owner_id")
        indexes = (("challenge_id", "rank", "id"),)


class Result(NamedTuple):
    owner_id: UUID
    value: int
    rank: int


SUMS = Statement("""
    SELECT person_id, SUM(amount) FROM tally
    WHERE person_id = ANY(:people) AND measure = :measure AND day >= :since AND day < :before
    AND is_withdrawn = FALSE GROUP BY person_id
""")


async def settle() -> None:
    """Due work: running challenges, each about once a minute, whoever comes first."""
    now, today = clock.now(), clock.business_date()
    running = Challenge.filter(closed_at__isnull=True, cancelled_at__isnull=True)
    for challenge in await running.filter(begins_on__lte=today):
        if not challenge.settled_at or challenge.settled_at <= now - EVERY:
            await _settle(challenge)


@transaction
async def _settle(challenge: Challenge) -> None:
    """Unless another process was quicker."""
    stale = Q(settled_at__isnull=True) | Q(settled_at__lte=clock.now() - EVERY)
    unsettled = Challenge.filter(stale, id=challenge.id, closed_at__isnull=True)
    if await unsettled.update(settled_at=clock.now()):
        await put(challenge, ranked(await values(challenge, await players(challenge))))


async def players(challenge: Challenge) -> list[Entrant]:
    """Who takes part: not who left, was taken out, or was away for half of it or more."""
    entered = await Entrant.filter(
        challenge_id=challenge.id, left_at__isnull=True, disqualified_at__isnull=True
    )
    before = min(challenge.before, clock.business_date() + DAY)
    length = (before - challenge.begins_on).days
    ids = [one.person_id for one in entered]
    away = await pauses.days(ids, challenge.begins_on, before)
    return [one for one, days in zip(entered, away, strict=True) if days * 2 < max(length, 1)]


async def values(challenge: Challenge, entered: Sequence[Entrant]) -> dict[UUID, int]:
    """By person or team, in hundredths; a team has the mean of those who joined, if enough did."""
    by_person = await of_people(challenge, [one.person_id for one in entered])
    if challenge.scope is Scope.PEOPLE:
        return by_person
    teams: dict[UUID, list[int]] = {}
    for one in entered:
        if one.team_id and one.person_id in by_person:
            teams.setdefault(one.team_id, []).append(by_person[one.person_id])
    return {id: round(sum(all_) / len(all_)) for id, all_ in teams.items() if len(all_) >= LEAST}


async def of_people(challenge: Challenge, ids: Sequence[UUID]) -> dict[UUID, int]:
    window = challenge.begins_on, challenge.before
    if challenge.is_private:
        return await baselines.per_cent(ids, challenge.measure, *window)
    rows = await SUMS.rows(people=ids, measure=challenge.measure, since=window[0], before=window[1])
    sums = {UUID(str(person)): int(amount) * UNIT for person, amount in rows}
    return {id: sums.get(id, 0) for id in ids}


def ranked(found: Mapping[UUID, int]) -> list[Result]:
    """Whoever has as much shares a rank."""
    results: list[Result] = []
    for place, (id, value) in enumerate(sorted(found.items(), key=lambda one: -one[1]), 1):
        last = results[-1] if results else None
        results.append(Result(id, value, last.rank if last and last.value == value else place))
    return results


async def put(challenge: Challenge, results: Sequence[Result]) -> None:
    """In place of what stood there; rows that say the same are left alone."""
    known = {one.owner_id: one for one in await Contender.filter(challenge_id=challenge.id)}
    gone = known.keys() - {one.owner_id for one in results}
    await Contender.filter(challenge_id=challenge.id, owner_id__in=gone).delete()
    new, changed = [], []
    for owner_id, value, rank in results:
        row = known.get(owner_id)
        if row is None:
            given = {"owner_id": owner_id, "value": value, "rank": rank}
            new.append(Contender(id=uuid4(), challenge_id=challenge.id, **given))
        elif (row.value, row.rank) != (value, rank):
            row.value, row.rank = value, rank
            changed.append(row)
    await Contender.bulk_create(new)
    if changed:
        await Contender.bulk_update(changed, ["value", "rank"])


async def employed(entered: Sequence[Entrant]) -> dict[UUID, Person]:
    people = await Person.filter(id__in=[one.person_id for one in entered])
    today = clock.business_date()
    return {one.id: one for one in people if one.left_on is None or one.left_on > today}
