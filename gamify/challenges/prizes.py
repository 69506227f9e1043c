"""Prizes: a challenge that is over is closed once, and whoever won is paid by the rules."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core import clock, events
from core.transactions import transaction
from gamify.boards.boards import Scope
from gamify.boards.closings import GRACE
from gamify.boards.scores import UNIT
from gamify.boards.spans import midnight
from gamify.challenges import contenders, entrants
from gamify.challenges.challenges import Aim, Challenge, Ties
from gamify.challenges.entrants import Entrant
from gamify.measures import figures

Joined = dict[UUID, tuple[datetime, UUID]]  # when, by person or team

FIGURES_COME = timedelta(days=2)  # after a day, from other systems


async def close() -> None:
    """Due work: also of challenges that ended while no server ran."""
    over = Challenge.filter(
        closed_at__isnull=True, cancelled_at__isnull=True, before__lte=clock.business_date()
    )
    for challenge in await over.order_by("before", "id"):
        end = midnight(challenge.before)
        waits = FIGURES_COME if challenge.is_private or _needs_figures(challenge) else GRACE
        if clock.now() >= end + waits and await events.are_told(before=end):
            await _close(challenge)


@transaction
async def _close(challenge: Challenge) -> None:
    """Whoever gets to close it gives the prizes."""
    open_ = Challenge.filter(id=challenge.id, closed_at__isnull=True, cancelled_at__isnull=True)
    if not await open_.update(closed_at=clock.now()):
        return
    entered = await contenders.players(challenge)
    found = await contenders.values(challenge, entered)
    await contenders.put(challenge, contenders.ranked(found))
    for winner in sorted(await _winners(challenge, entered, found), key=lambda one: one.person_id):
        await Entrant.filter(id=winner.id).update(won=challenge.prize)
        await events.record(
            "challenge.won",
            challenge=challenge.id,
            winner=winner.person_id,
            points=challenge.prize,
        )
    await events.record("challenge.closed", challenge=challenge.id)


async def _winners(
    challenge: Challenge, entered: Sequence[Entrant], found: dict[UUID, int]
) -> list[Entrant]:
    eligible = await _eligible(challenge, entered)
    if challenge.scope is Scope.PEOPLE:
        order = {one.person_id: (one.joined_at, one.id) for one in eligible}
        winning = _winning(challenge, {id: found[id] for id in order if id in found}, order)
        return [one for one in eligible if one.person_id in winning]
    first: Joined = {}
    for one in sorted(entered, key=lambda one: (one.joined_at, one.id)):
        if one.team_id:
            first.setdefault(one.team_id, (one.joined_at, one.id))
    winning = _winning(challenge, found, first)
    return [one for one in eligible if one.team_id in winning]


def _winning(challenge: Challenge, found: dict[UUID, int], joined: Joined) -> set[UUID]:
    """Nobody wins with nothing."""
    results = [one for one in contenders.ranked(found) if one.value > 0]
    if challenge.aim is Aim.GOAL:
        return {one.owner_id for one in results if one.value >= challenge.target * UNIT}
    if challenge.ties is Ties.SHARED:
        return {one.owner_id for one in results if one.rank <= challenge.places}
    order = sorted(results, key=lambda one: (one.rank, joined[one.owner_id]))
    return {one.owner_id for one in order[: challenge.places]}


async def _eligible(challenge: Challenge, entered: Sequence[Entrant]) -> list[Entrant]:
    """Who works here, has been here for long enough, came and did well; not who wrote it."""
    here = await contenders.employed(entered)
    ids = [id for id in here if id != challenge.written_by]
    met = await _met_floors(challenge, ids) if _needs_figures(challenge) else {*ids}
    return [
        one
        for one in entered
        if one.person_id in met and entrants.has_been_here(here[one.person_id], challenge)
    ]


def _needs_figures(challenge: Challenge) -> bool:
    return bool(challenge.attendance or challenge.quality)


async def _met_floors(challenge: Challenge, ids: Sequence[UUID]) -> set[UUID]:
    """Of their own figures; of whom there are none, nobody knows."""
    sums = await figures.sums(ids, challenge.begins_on, challenge.before)
    return {
        id
        for id, one in sums.items()
        if one.on_duty * 100 >= one.scheduled * challenge.attendance
        and one.satisfaction >= one.rated * challenge.quality
        and (one.rated or not challenge.quality)
    }
