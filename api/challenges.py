"""Challenges: contests that people join, of persons or of teams."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from api.connections import Connection
from api.people import Person as PersonView
from api.people import Team
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, view
from core import people
from core.pages import Connection as Pages
from core.pages import Page
from core.people import Person
from gamify.boards.boards import Measure, Scope
from gamify.challenges import challenges, entrants, standings
from gamify.challenges.challenges import Aim, Plan, Ties

strawberry.enum(Aim, name="ChallengeAim", description="Reach a target, or be among the first.")
strawberry.enum(Ties, name="ChallengeTies", description="Who wins where several have as much.")


@view(standings.ChallengePlace)
class ChallengePlace:
    """The score is null where it is somebody else's own figure."""

    rank: int
    score: float | None
    person: PersonView | None
    team: Team | None
    is_viewers: bool


@view(entrants.Entrant)
class Entrant(Node):
    person: PersonView | None = batch(people.by_id, key="person_id")
    joined_at: datetime
    is_disqualified: bool
    reason: str | None
    won: int


@view(challenges.Challenge)
class Challenge(Node):
    """Scores of persons are points or counts, or per cent of what they do otherwise."""

    title: str
    about: str
    measure: Measure
    scope: Scope
    aim: Aim
    ties: Ties
    target: int
    places: int
    begins_on: date
    ends_on: date
    tenure_days: int
    attendance: int
    quality_floor: float
    prize: int
    is_closed: bool
    is_cancelled: bool
    standing: list[ChallengePlace] = batch(standings.first, key=ROW)
    viewer_place: ChallengePlace | None = batch(standings.of_viewer, key=ROW)
    viewer_entry: Entrant | None = batch(entrants.of_viewer)
    entrants: Connection[Entrant] | None = batch(entrants.listed)


@view(standings.TeamChallenge)
class TeamChallenge:
    """How a team stands in a challenge; null while too few of it have joined."""

    challenge: Challenge
    rank: int | None
    score: float | None
    entrant_count: int


@strawberry.input
class ChallengePlan:
    """A challenge as it shall be; its rules stay as they are once it has begun."""

    title: str
    about: str
    measure: Measure
    aim: Aim
    begins_on: date
    ends_on: date = strawberry.field(description="The last day.")
    prize: int = strawberry.field(description="Points for each winner; the rules pay them.")
    scope: Scope = Scope.PEOPLE
    ties: Ties = Ties.SHARED
    target: int = strawberry.field(default=0, description="To reach, for GOAL.")
    places: int = strawberry.field(default=0, description="That win, for TOP.")
    tenure_days: int = 0
    attendance: int = strawberry.field(default=0, description="Per cent of the hours scheduled.")
    quality_floor: float = strawberry.field(default=0, description="Satisfaction, up to 5.")


@query(Connection[Challenge])
async def challenges_(page: Page) -> Pages[challenges.Challenge]:
    """All that were not cancelled, latest first."""
    return await challenges.listed(page)


@query(Challenge | None)
async def challenge(id: UUID) -> challenges.Challenge:
    return await challenges.found(id)


@mutation(payload("ChallengeSaved", Challenge))
async def save_challenge(
    viewer: Person, plan: ChallengePlan, idempotency_key: str, challenge_id: UUID | None = None
) -> challenges.Challenge:
    """Write a new one, or change one that has yet to begin."""
    written = Plan(**vars(plan))
    return await challenges.save(written, by=viewer, key=idempotency_key, challenge_id=challenge_id)


@mutation(payload("ChallengeCancelled", Challenge))
async def cancel_challenge(viewer: Person, challenge_id: UUID) -> challenges.Challenge:
    """Nobody wins."""
    return await challenges.cancel(challenge_id, by=viewer)


@mutation(payload("ChallengeJoined", Challenge))
async def join_challenge(viewer: Person, challenge_id: UUID) -> challenges.Challenge:
    """What counts is what happened since it began, whenever one joins."""
    return await entrants.join(challenge_id, by=viewer)


@mutation(payload("ChallengeLeft", Challenge))
async def leave_challenge(viewer: Person, challenge_id: UUID) -> challenges.Challenge:
    return await entrants.leave(challenge_id, by=viewer)


@mutation(payload("EntrantDisqualified", Challenge))
async def disqualify_entrant(
    viewer: Person, challenge_id: UUID, person_id: UUID, reason: str
) -> challenges.Challenge:
    """They are told, and see the reason; it is audited."""
    return await entrants.disqualify(challenge_id, person_id, reason, by=viewer)
