"""The tag net: tags that stand together on posts, so that who looks for one finds the others.

Two tags are as close as their Jaccard index: posts with both among posts with either (P. Jaccard,
"The distribution of the flora in the alpine zone", New Phytologist 11, 1912). What fewer than three
posts say is chance. Only what everybody could read is counted, and nothing in a SUPPORT group.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community.tags import Tag
from core import clock
from core.database import inserts
from core.database.sql import Statement
from core.transactions import transaction

EVERY = timedelta(hours=1)
SPAN = timedelta(days=365)  # of posts that count
TOGETHER = 3  # posts, at least, with both
CLOSEST = 10  # tags kept of each


class TagLink(Model):
    id = fields.CharField(primary_key=True, max_length=72, description="of both tags")
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag", related_name="links")
    tag_id: UUID
    related: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField(
        "models.Tag", related_name="linked_from"
    )
    related_id: UUID
    closeness = fields.FloatField(description="Jaccard index, over 0 to 1")

    class Meta:
        table = "tag_link"
        unique_together = ("tag", "related")
        indexes = (("related_id",),)


class TagNet(Model):
    """That the net was woven: who writes the row of an hour weaves it."""

    hour: datetime = fields.DatetimeField(primary_key=True)

    class Meta:
        table = "tag_net"


RELATED = Statement(
    """
    SELECT tag_link.*, tag.* FROM tag_link
    JOIN tag AS named ON named.id = tag_link.related_id JOIN tag ON tag.id = named.canonical_id
    WHERE tag_link.tag_id = ANY(:tags) ORDER BY tag_link.closeness DESC, tag_link.id
    """,
    TagLink,
    Tag,
)
WEAVE = Statement("""
    WITH said AS (
        SELECT DISTINCT post.id AS post_id, tag.canonical_id AS tag_id
        FROM post
        JOIN community_group ON community_group.id = post.group_id
        JOIN tagging ON tagging.post_id = post.id
        JOIN tag ON tag.id = tagging.tag_id
        WHERE post.published_at > :since AND post.published_at <= :now
          AND post.deleted_at IS NULL AND post.hidden_at IS NULL
          AND community_group.kind <> 'SUPPORT' AND community_group.join_policy = 'OPEN'
          AND NOT community_group.excludes_hr AND NOT community_group.excludes_supervisors
    ), used AS (
        SELECT tag_id, COUNT(*) AS posts FROM said GROUP BY tag_id
    ), pair AS (
        SELECT one.tag_id, other.tag_id AS related_id, COUNT(*) AS posts
        FROM said AS one
        JOIN said AS other ON other.post_id = one.post_id AND other.tag_id <> one.tag_id
        GROUP BY one.tag_id, other.tag_id HAVING COUNT(*) >= :together
    ), close AS (
        SELECT pair.tag_id, pair.related_id,
               1.0 * pair.posts / (one.posts + other.posts - pair.posts) AS closeness
        FROM pair
        JOIN used AS one ON one.tag_id = pair.tag_id
        JOIN used AS other ON other.tag_id = pair.related_id
    ), placed AS (
        SELECT tag_id, related_id, closeness, ROW_NUMBER() OVER (
            PARTITION BY tag_id ORDER BY closeness DESC, related_id
        ) AS place FROM close
    )
    INSERT INTO tag_link (id, tag_id, related_id, closeness)
    SELECT CAST(tag_id AS TEXT) || CAST(related_id AS TEXT), tag_id, related_id, closeness
    FROM placed WHERE place <= :closest
""")


@transaction
async def renew() -> None:
    """Due work: weave the net anew, once an hour."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    if await inserts.added(TagNet(hour=hour)):
        await TagNet.filter(hour__lt=hour).delete()
        await weave()


@transaction
async def weave() -> None:
    """Measure anew how close tags are."""
    await TagLink.all().delete()
    now = clock.now()
    await WEAVE.rows(since=now - SPAN, now=now, together=TOGETHER, closest=CLOSEST)


async def related(tag_ids: Sequence[UUID]) -> list[list[Tag]]:
    """The tags closest to each, the closest first."""
    found = defaultdict(list)
    for link, tag in await RELATED.rows(tags=tag_ids):
        found[link.tag_id].append(tag)
    return [found[id] for id in tag_ids]
