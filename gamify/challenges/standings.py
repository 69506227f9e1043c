"""Standings: the places of a challenge, as those who look at it may see them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from core import clock
from core.database.sql import Statement
from core.people import Person, Team
from gamify.boards.boards import Scope
from gamify.boards.listings import NAMED
from gamify.boards.scores import UNIT
from gamify.challenges.challenges import Challenge
from gamify.challenges.contenders import Contender
from gamify.challenges.entrants import Entrant

SHOWN = 20


class ChallengePlace(NamedTuple):
    """The score is null where figures are everybody's own."""

    rank: int
    score: float | None
    person: Person | None
    team: Team | None
    is_viewers: bool


class TeamChallenge(NamedTuple):
    """A running challenge of teams, as one of them stands in it; null: too few joined."""

    challenge: Challenge
    rank: int | None
    score: float | None
    entrant_count: int


def _statement(table: str, model: type[Person | Team], named: str) -> Statement:
    """The first ones of a challenge; whoever is last is left out, unless all share a rank."""
    return Statement(
        f"""
        SELECT contender.*, {table}.*, ({named}) FROM contender
        LEFT JOIN {table} ON {table}.id = contender.owner_id
        WHERE challenge_id = :challenge AND value > 0 AND (rank = 1 OR rank < (
            SELECT MAX(rank) FROM contender WHERE challenge_id = :challenge AND value > 0))
        ORDER BY rank, contender.id LIMIT {SHOWN}
        """,
        Contender,
        model,
    )


FIRST = {
    Scope.PEOPLE: _statement("person", Person, NAMED),
    Scope.TEAMS: _statement("team", Team, "1 = 1"),
}


async def first(challenges: Sequence[Challenge], *, viewer: Person) -> list[list[ChallengePlace]]:
    """The first ones of each, at most 20."""
    return [await _first(challenge, viewer) for challenge in challenges]


async def of_viewer(
    challenges: Sequence[Challenge], *, viewer: Person
) -> list[ChallengePlace | None]:
    """The viewer's own place, or their team's."""
    owners = [_owner(one, viewer) for one in challenges]
    rows = Contender.filter(
        challenge_id__in=[one.id for one in challenges], owner_id__in=[*filter(None, owners)]
    )
    found: dict[tuple[UUID, UUID | None], Contender] = {
        (one.challenge_id, one.owner_id): one for one in await rows
    }
    own = [found.get((one.id, owner)) for one, owner in zip(challenges, owners, strict=True)]
    return [_own(row, viewer) if row else None for row in own]


async def of_teams(team_ids: Sequence[UUID]) -> list[list[TeamChallenge]]:
    """The running challenges of teams in which somebody of each takes part."""
    joined = await Entrant.filter(
        team_id__in=set(team_ids),
        left_at__isnull=True,
        disqualified_at__isnull=True,
        challenge__scope=Scope.TEAMS,
        challenge__closed_at__isnull=True,
        challenge__cancelled_at__isnull=True,
    ).select_related("challenge")
    standing = Contender.filter(
        owner_id__in=set(team_ids), challenge_id__in={one.challenge_id for one in joined}
    )
    known = {(one.owner_id, one.challenge_id): one for one in await standing} if joined else {}
    counts: defaultdict[tuple[UUID | None, UUID], int] = defaultdict(int)
    for one in joined:
        counts[one.team_id, one.challenge_id] += 1
    by_id: dict[UUID, Challenge] = {one.challenge_id: one.challenge for one in joined}
    return [
        [
            _of_team(by_id[id], known.get((team, id)), count)
            for (team, id), count in sorted(counts.items(), key=lambda item: item[0][1])
            if team == team_id
        ]
        for team_id in team_ids
    ]


async def _first(challenge: Challenge, viewer: Person) -> list[ChallengePlace]:
    owner, today = _owner(challenge, viewer), clock.business_date()
    places = []
    for row, of, is_named in await FIRST[challenge.scope].rows(challenge=challenge.id, today=today):
        own = row.owner_id == owner
        named = of if is_named or own else None
        person, team = (named, None) if challenge.scope is Scope.PEOPLE else (None, named)
        score = None if challenge.is_private and not own else row.value / UNIT
        places.append(ChallengePlace(row.rank, score, person, team, own))
    return places


def _own(row: Contender, viewer: Person) -> ChallengePlace:
    person = viewer if row.owner_id == viewer.id else None
    return ChallengePlace(row.rank, row.value / UNIT, person, None, is_viewers=True)


def _of_team(challenge: Challenge, row: Contender | None, count: int) -> TeamChallenge:
    if row is None:
        return TeamChallenge(challenge, None, None, count)
    return TeamChallenge(challenge, row.rank, row.value / UNIT, count)


def _owner(challenge: Challenge, viewer: Person) -> UUID | None:
    return viewer.id if challenge.scope is Scope.PEOPLE else viewer.team_id
