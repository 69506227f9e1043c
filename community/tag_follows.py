"""Following tags: what one wants to see more of."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Subquery
from tortoise.models import Model

from community import topics
from community.tags import Tag
from core import clock, pages
from core.database import inserts
from core.database.sql import Statement
from core.events import Event
from core.pages import Connection, Listing, Page
from core.people import Person
from core.transactions import transaction

FOLLOWED = Listing("followed tags", "followed_at")


class TagFollow(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: UUID
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag")
    tag_id: UUID
    followed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "tag_follow"
        unique_together = ("tag", "person")
        indexes = (("person_id", "followed_at", "id"),)


LISTED = pages.Listed(
    "SELECT tag_follow.* FROM tag_follow WHERE tag_follow.person_id = :person", TagFollow, FOLLOWED
)
UNFOLLOW = Statement(
    """
    DELETE FROM tag_follow WHERE person_id = :person
    AND tag_id IN (SELECT tag.id FROM tag WHERE tag.canonical_id = :tag)
    """
)
OF_PERSON = Statement(
    """
    SELECT tag.* FROM tag_follow JOIN tag ON tag.id = tag_follow.tag_id
    WHERE tag_follow.person_id = :person AND tag.canonical_id = ANY(:tags)
    """,
    Tag,
)


async def follow(tag_id: UUID, *, by: Person) -> Tag:
    """See more of a tag; following it twice is once."""
    tag = await topics.visible(tag_id, to=by)
    await inserts.added(TagFollow(person_id=by.id, tag_id=tag.id, followed_at=clock.now()))
    return tag


async def unfollow(tag_id: UUID, *, by: Person) -> Tag:
    """See no more of it; a tag that one does not follow stays so."""
    tag = await topics.visible(tag_id, to=by)
    await UNFOLLOW.rows(person=by.id, tag=tag.id)
    return tag


async def of_viewer(tag_ids: Sequence[UUID], *, viewer: Person) -> list[bool]:
    """Whether the viewer follows each tag."""
    mine = await OF_PERSON.rows(person=viewer.id, tags=tag_ids)
    followed = {tag.canonical_id for (tag,) in mine}
    return [id in followed for id in tag_ids]


async def listed(*, of: Person, page: Page) -> Connection[TagFollow]:
    """What somebody follows, the latest first."""
    return await LISTED.read(page, person=of.id)


async def move(event: Event) -> None:
    """Subscriber: who followed a tag follows the one it was merged into."""
    tag_id, into = UUID(event.payload["tag"]), UUID(event.payload["into"])
    await _move(tag_id, into)


@transaction
async def _move(tag_id: UUID, into: UUID) -> None:
    already = TagFollow.filter(tag_id=into).values("person_id")
    await TagFollow.filter(tag_id=tag_id, person_id__in=Subquery(already)).delete()
    await TagFollow.filter(tag_id=tag_id).update(tag_id=into)
