"""Entrants: who takes part in a challenge, by their own choice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import audit, clock, pages
from core.database import inserts
from core.errors import Forbidden, NotFound
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written
from gamify.boards.boards import Scope
from gamify.challenges.challenges import Challenge, ChallengeNotFound, ChallengeOver

REASON = 500  # characters
ENTRANTS = Listing("entrants", "joined_at", newest_first=False)

MANNERS[NoticeKind.CHALLENGE] = Manner(
    Text(
        "You were taken out of a challenge; the reason is told there.",
        "你被取消了一项挑战赛的参赛资格，原因请在挑战赛中查看。",
        "你被取消了一項挑戰賽的參賽資格，原因請在挑戰賽中查看。",
    ),
    is_pushed=False,
)


class Entrant(Model):
    id = fields.UUIDField(primary_key=True)
    challenge: fields.ForeignKeyRelation[Challenge] = fields.ForeignKeyField("models.Challenge")
    challenge_id: UUID
    person_id: UUID = fields.UUIDField(db_index=True)
    team_id: UUID | None = fields.UUIDField(null=True, description="when they joined")
    joined_at: datetime = fields.DatetimeField()
    left_at: datetime | None = fields.DatetimeField(null=True)
    disqualified_at: datetime | None = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=REASON, null=True, description="why")
    won: int = fields.IntField(default=0, description="points")

    class Meta:
        table = "entrant"
        unique_together = ("challenge", "person_id")
        indexes = (("challenge_id", "joined_at", "id"),)

    @property
    def is_disqualified(self) -> bool:
        return self.disqualified_at is not None


class NotLongEnoughHere(Forbidden):
    text = Text(
        "This challenge is for who has been here for {days} days.",
        "入职满 {days} 天才能参加这个挑战赛。",
        "到職滿 {days} 天才能參加這個挑戰賽。",
    )


class NoTeamToPlayFor(Forbidden):
    text = Text(
        "Teams play here, and you are in none.",
        "这是班组挑战赛，而你还没有班组。",
        "這是班組挑戰賽，而你還沒有班組。",
    )


class TakenOut(Forbidden):
    text = Text(
        "You were taken out of this challenge.",
        "你已被取消这个挑战赛的参赛资格。",
        "你已被取消這個挑戰賽的參賽資格。",
    )


class NotAnEntrant(NotFound):
    text = Text("This person does not take part.", "此人没有参加。", "此人沒有參加。")


class OwnEntry(Forbidden):
    text = Text(
        "Somebody else decides on your own part.",
        "涉及自己的事，请由其他同事处理。",
        "涉及自己的事，請由其他同事處理。",
    )


LINES = pages.Each(Entrant, "challenge_id = parent.id AND left_at IS NULL", ENTRANTS)


@transaction
async def join(challenge_id: UUID, *, by: Person) -> Challenge:
    """Joining twice is once; whoever left may come back.

    Raises ChallengeOver, NotLongEnoughHere, NoTeamToPlayFor, TakenOut.
    """
    challenge = await _open(challenge_id)
    if not has_been_here(by, challenge):
        raise NotLongEnoughHere(days=challenge.tenure_days)
    if challenge.scope is Scope.TEAMS and by.team_id is None:
        raise NoTeamToPlayFor
    given = {"challenge_id": challenge.id, "person_id": by.id}
    new = Entrant(id=uuid4(), team_id=by.team_id, joined_at=clock.now(), **given)
    if not await inserts.added(new):
        if await Entrant.filter(**given, disqualified_at__isnull=False).exists():
            raise TakenOut
        await Entrant.filter(**given).update(left_at=None)
    return challenge


@transaction
async def leave(challenge_id: UUID, *, by: Person) -> Challenge:
    """Whoever does not take part changes nothing. Raises ChallengeOver."""
    challenge = await _open(challenge_id)
    taking_part = Entrant.filter(challenge_id=challenge.id, person_id=by.id, left_at__isnull=True)
    await taking_part.update(left_at=clock.now())
    return challenge


@transaction
async def disqualify(challenge_id: UUID, person_id: UUID, reason: str, *, by: Person) -> Challenge:
    """They are told, with the reason; until the prizes are given, also after the last day.

    Raises ChallengeOver, NotAnEntrant, OwnEntry.
    """
    reason = written(reason, most=REASON)
    challenge = await _unclosed(challenge_id)
    if by.id == person_id:
        raise OwnEntry
    entry = Entrant.filter(
        challenge_id=challenge.id, person_id=person_id, disqualified_at__isnull=True
    )
    if not await entry.update(disqualified_at=clock.now(), reason=reason):
        raise NotAnEntrant
    news = News(NoticeKind.CHALLENGE, f"challenge_{challenge.id.hex}", f"out:{challenge.id}")
    await notices.tell(person_id, news)
    told = {"by": by.id, "about": person_id, "challenge": challenge.id}
    await audit.record("challenge.disqualified", **told, reason=reason)
    return challenge


async def of_viewer(challenge_ids: Sequence[UUID], *, viewer: Person) -> list[Entrant | None]:
    rows = Entrant.filter(person_id=viewer.id, challenge_id__in=challenge_ids, left_at__isnull=True)
    found = {entrant.challenge_id: entrant for entrant in await rows}
    return [found.get(id) for id in challenge_ids]


async def listed(challenge_ids: Sequence[UUID], *, page: Page) -> list[Connection[Entrant]]:
    """For HR: who takes part, in the order in which they joined."""
    return await LINES.read(challenge_ids, page)


def has_been_here(person: Person, challenge: Challenge) -> bool:
    """Long enough when it begins; nobody is refused because a date is not known."""
    latest = challenge.begins_on - timedelta(days=challenge.tenure_days)
    return person.hired_on is None or not challenge.tenure_days or person.hired_on <= latest


async def _open(challenge_id: UUID) -> Challenge:
    """Raises ChallengeOver."""
    challenge = await _unclosed(challenge_id)
    if challenge.before <= clock.business_date():
        raise ChallengeOver
    return challenge


async def _unclosed(challenge_id: UUID) -> Challenge:
    """It stays so until the transaction ends: who closes it waits. Raises ChallengeOver."""
    challenge = await Challenge.select_for_update(no_key=True).get_or_none(id=challenge_id)
    if challenge is None:
        raise ChallengeNotFound
    if challenge.is_closed or challenge.is_cancelled:
        raise ChallengeOver
    return challenge
