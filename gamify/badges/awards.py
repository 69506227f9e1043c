"""Awards: who won which badge, and what became of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import audit, clock, events, pages, people
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, NotFound
from core.pages import Connection, Joined, Listing, Page
from core.people import Grants, Person
from core.text import Text
from core.together import together
from core.transactions import transaction
from core.writing import written
from gamify.badges import pictures
from gamify.badges.badges import Badge
from gamify.badges.criteria import Level

WORDS, REASON = 200, 300  # characters


class Award(Model):
    id = fields.UUIDField(primary_key=True)
    badge: fields.ForeignKeyRelation[Badge] = fields.ForeignKeyField(
        "models.Badge", on_delete=fields.RESTRICT
    )
    badge_id: UUID
    slot = fields.CharField(max_length=100, description="what can be won once")
    person_id: UUID = fields.UUIDField()
    level = fields.CharEnumField(Level, max_length=10, null=True)
    tag_id: UUID | None = fields.UUIDField(null=True, description="of an expert")
    given_by: UUID | None = fields.UUIDField(null=True)
    words = fields.CharField(max_length=WORDS, null=True, description="of whoever gave it")
    won_at: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True, description="it is held no more")
    reason = fields.CharField(max_length=REASON, null=True, description="why it was revoked")

    class Meta:
        table = "award"
        unique_together = ("badge", "slot")
        indexes = (("person_id", "won_at", "id"), ("tag_id",))

    @property
    def picture_url(self) -> str:
        return pictures.url(self.badge.icon, self.level)


HELD = Statement(
    """
    SELECT award.*, badge.* FROM award JOIN badge ON badge.id = award.badge_id
    WHERE award.person_id = ANY(:people) AND award.ended_at IS NULL
    ORDER BY award.won_at DESC, award.id
    """,
    Award,
    Badge,
)


def _put(award: Award, badge: Badge) -> Award:
    award.badge = badge
    return award


OWN = pages.Each(
    Award,
    "person_id = parent.id",
    Listing("awards", "won_at"),
    Joined(Badge, "JOIN badge ON badge.id = award.badge_id", _put),
)


class AwardNotFound(NotFound):
    text = Text(
        "Nobody holds this badge any more.",
        "这枚徽章已经没有人持有了。",
        "這枚徽章已經沒有人持有了。",
    )


class AlreadyRevoked(Conflict):
    text = Text(
        "This badge was taken back already.",
        "这枚徽章已经被收回了。",
        "這枚徽章已經被收回了。",
    )


@transaction
async def add(award: Award) -> bool:
    """Let somebody win it, unless it was won before; whether it is new."""
    await people.touch([award.person_id])  # before their awards, as everywhere
    if not await inserts.added(award):
        return False
    await tell("badge.won", award)
    return True


@transaction
async def revoke(award_id: UUID, reason: str, *, by: Person) -> Award:
    """Take a badge back; its holder reads why, and it is not won again."""
    award, reason = await visible(award_id, to=by), written(reason, most=REASON)
    ended = {"ended_at": clock.now(), "reason": reason}
    await people.touch([award.person_id])
    if not await Award.filter(id=award.id, ended_at__isnull=True).update(**ended):
        raise AlreadyRevoked
    award.update_from_dict(ended)
    await tell("badge.revoked", award)
    await audit.record("badge.revoked", by=by.id, about=award.person_id, award=award.id)
    return award


@transaction
async def withdraw(award: Award) -> None:
    """Take back what is held still, as if it had never been won."""
    await people.touch([award.person_id])
    if await Award.filter(id=award.id, ended_at__isnull=True).delete():
        await tell("badge.withdrawn", award)


@transaction
async def erase(person: Person) -> None:
    """What they won goes with their name."""
    await people.touch([person.id])
    await Award.filter(person_id=person.id).delete()


async def tell(name: str, award: Award) -> None:
    """Record what became of it, once its person was touched."""
    await events.record(
        name, award=award.id, badge=award.badge_id, person=award.person_id, level=award.level
    )


async def visible(award_id: UUID, *, to: Person) -> Award:
    """Who holds a badge is known to all; who held one, to themselves and HR."""
    award = await Award.get_or_none(id=award_id).select_related("badge")
    if award and (not award.ended_at or award.person_id == to.id or to.may(Grants.HR)):
        return award
    raise AwardNotFound


async def by_id(award_ids: Sequence[UUID]) -> list[Award | None]:
    """What is held still."""
    held = Award.filter(id__in=set(award_ids), ended_at__isnull=True).select_related("badge")
    found = {award.id: award for award in await held}
    return [found.get(id) for id in award_ids]


@together
async def held(person_ids: Sequence[UUID]) -> list[list[Award]]:
    """What each holds, of every badge and tag the highest level, the latest first."""
    found: defaultdict[UUID, dict[object, Award]] = defaultdict(dict)
    for award, badge in await HELD.rows(people=set(person_ids)):
        known = found[award.person_id].get((badge.id, award.tag_id))
        if known is None or _rank(award) > _rank(known):
            found[award.person_id][badge.id, award.tag_id] = _put(award, badge)
    return [[*found[id].values()] for id in person_ids]


async def own(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Award]]:
    """All that each ever won, what was taken back included, the latest first; for themselves."""
    return await OWN.read(person_ids, page)


def _rank(award: Award) -> int:
    return [None, *Level].index(award.level)
