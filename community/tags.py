"""Tags: what a post is about, in a word or two."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from unicodedata import normalize
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core.database import inserts
from core.database.sql import Statement
from core.database.versions import KeptModel
from core.errors import Invalid
from core.search import words
from core.search.normaliser import normal
from core.search.words import Words
from core.text import Text
from core.together import together
from core.writing import is_visible

NAME, MOST = 30, 5  # characters; tags on a post


class Tag(KeptModel):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=NAME)
    folded = fields.CharField(max_length=NAME * 4, unique=True, description="one tag however typed")
    canonical: "fields.ForeignKeyRelation[Tag]" = fields.ForeignKeyField(
        "models.Tag", related_name="names", description="itself, unless it is a synonym"
    )
    canonical_id: UUID

    class Meta:
        table = "tag"
        indexes = (("canonical_id",),)


class TagWords(Words):
    class Meta:
        table = "tag_words"
        indexes = words.INDEXES


class Tagging(Model):
    id = fields.UUIDField(primary_key=True)
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag")
    tag_id: UUID
    post_id: UUID = fields.UUIDField()
    position = fields.SmallIntField()

    class Meta:
        table = "tagging"
        unique_together = (("post_id", "tag"), ("post_id", "position"))
        indexes = (("tag_id",),)


OF = Statement(
    """
    SELECT tagging.*, tag.*
    FROM tagging JOIN tag AS typed ON typed.id = tagging.tag_id
    JOIN tag ON tag.id = typed.canonical_id
    WHERE tagging.post_id = ANY(:posts) ORDER BY tagging.position
    """,
    Tagging,
    Tag,
)
KNOWN = Statement(
    """
    SELECT tag.*, named.id FROM tag AS named JOIN tag ON tag.id = named.canonical_id
    WHERE named.id = ANY(:ids)
    """,
    Tag,
)
NAMED = Statement("SELECT tag.* FROM tag WHERE folded = ANY(:folded)", Tag)


class BadTags(Invalid):
    text = Text(
        f"At most {MOST} tags, each of 1 to {NAME} characters.",
        f"最多 {MOST} 个标签，每个 1 到 {NAME} 个字符。",
        f"最多 {MOST} 個標籤，每個 1 到 {NAME} 個字元。",
    )


async def put(post_id: UUID, names: Sequence[str]) -> None:
    """Tag a new post; tags that nobody used before come to be."""
    wanted = {folded(name): name for name in names}
    if len(wanted) > MOST:
        raise BadTags
    tagged = await _named(wanted)
    await inserts.add(
        [Tagging(tag_id=tag.id, post_id=post_id, position=n) for n, tag in enumerate(tagged)]
    )


async def named(name: str) -> Tag:
    """The tag with this name, which comes to be if nobody used it before. Raises BadTags."""
    [tag] = await _named({folded(name): name})
    return tag


@together
async def of(post_ids: Sequence[UUID]) -> list[list[Tag]]:
    """The tags of each post, by their canonical names."""
    found: defaultdict[UUID, dict[UUID, Tag]] = defaultdict(dict)
    for tagging, tag in await OF.rows(posts=post_ids):
        found[tagging.post_id][tag.id] = tag
    return [[*found[id].values()] for id in post_ids]


async def by_id(tag_ids: Sequence[UUID]) -> list[Tag]:
    """The canonical tag of each."""
    return [canonical for canonical in await known(tag_ids) if canonical]


@together
async def known(tag_ids: Sequence[UUID]) -> list[Tag | None]:
    """As `by_id`, where there may be none."""
    canonical = {UUID(str(id)): tag for tag, id in await KNOWN.rows(ids=tag_ids)}
    return [canonical.get(id) for id in tag_ids]


async def _named(names: Mapping[str, str]) -> list[Tag]:
    """In order; `names` are folded, and as somebody typed them."""
    cleaned = {key: _checked(name) for key, name in names.items()}
    found = await NAMED.rows(folded=[*cleaned]) if cleaned else []
    known = {tag.folded: tag for (tag,) in found}
    return [known.get(key) or await _begun(key, name) for key, name in cleaned.items()]


async def _begun(key: str, name: str) -> Tag:
    id = uuid4()
    tag = Tag(id=id, name=name, folded=key, canonical_id=id)
    if await inserts.added(tag):
        await words.put(TagWords, {id: name})
    else:  # somebody was faster
        [(tag,)] = await NAMED.rows(folded=[key])
    return tag


def folded(name: str) -> str:
    """What is the same of a tag however it is typed."""
    return normal(_cleaned(name))


def _checked(name: str) -> str:
    name = _cleaned(name)
    if not is_visible(folded(name)) or len(name) > NAME:
        raise BadTags
    return name


def _cleaned(name: str) -> str:
    return normalize("NFKC", name).strip().removeprefix("#")
