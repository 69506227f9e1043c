"""Tags: what a post is about, in a word or two."""

from collections import defaultdict
from collections.abc import Sequence
from unicodedata import normalize
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import inserts
from core.errors import Invalid
from core.sql import Statement
from core.text import Text
from core.writing import is_visible

NAME, MOST = 30, 5  # characters; tags on a post


class Tag(Model):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=NAME)
    folded = fields.CharField(max_length=NAME * 4, unique=True, description="one tag however typed")

    class Meta:
        table = "tag"


class Tagging(Model):
    id = fields.UUIDField(primary_key=True)
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag")
    tag_id: UUID
    post_id: UUID = fields.UUIDField()
    position = fields.SmallIntField()

    class Meta:
        table = "tagging"
        unique_together = (("post_id", "tag"), ("post_id", "position"))


OF = Statement(
    """
    SELECT tagging.*, tag.* FROM tagging JOIN tag ON tag.id = tagging.tag_id
    WHERE tagging.post_id = ANY(:posts) ORDER BY tagging.position
    """,
    Tagging,
    Tag,
)


class BadTags(Invalid):
    text = Text(
        f"At most {MOST} tags, each of 1 to {NAME} characters.",
        f"最多 {MOST} 个标签，每个 1 到 {NAME} 个字符。",
        f"最多 {MOST} 個標籤，每個 1 到 {NAME} 個字元。",
    )


async def put(post_id: UUID, names: Sequence[str]) -> None:
    """Tag a new post; tags that nobody used before come to be."""
    given = [normalize("NFKC", name).strip().removeprefix("#") for name in names]
    wanted = {name.casefold(): name for name in given}
    if len(wanted) > MOST or not all(map(_is_name, wanted.values())):
        raise BadTags
    for position, (folded, name) in enumerate(wanted.items()):
        await inserts.added(Tag(name=name, folded=folded))
        tag = await Tag.get(folded=folded)
        await Tagging.create(tag=tag, post_id=post_id, position=position)


async def of(post_ids: Sequence[UUID]) -> list[list[Tag]]:
    found = defaultdict(list)
    for tagging, tag in await OF.rows(posts=post_ids):
        found[tagging.post_id].append(tag)
    return [found[id] for id in post_ids]


def _is_name(given: str) -> bool:
    return is_visible(given) and len(given) <= NAME
