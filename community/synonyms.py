"""Synonyms: several names of one tag, merged by moderators."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from community import tags, topics
from community.tags import Tag
from core import events
from core.database.sql import Statement
from core.errors import Conflict
from core.people import Person
from core.text import Text
from core.together import together
from core.transactions import transaction

OF = Statement(
    """
    SELECT tag.* FROM tag WHERE canonical_id = ANY(:tags) AND id <> canonical_id ORDER BY folded
    """,
    Tag,
)


class SynonymOfItself(Conflict):
    text = Text(
        "These are names of the same tag already.",
        "它们已经是同一个标签的名称了。",
        "它們已經是同一個標籤的名稱了。",
    )


class NotASynonym(Conflict):
    text = Text(
        "This is no other name of the tag.",
        "这不是该标签的别名。",
        "這不是該標籤的別名。",
    )


@transaction
async def add(tag_id: UUID, name: str, *, by: Person) -> Tag:
    """Let `name`, with whatever was merged into it, stand for the tag."""
    tag = await _held((await topics.visible(tag_id, to=by)).id)
    synonym = await _held((await tags.named(name)).id)
    if synonym.id == tag.id:
        raise SynonymOfItself
    await Tag.filter(canonical_id=synonym.id).update(canonical_id=tag.id)
    await events.record("tag.merged", actor=by.id, tag=synonym.id, into=tag.id)
    return tag


@transaction
async def remove(tag_id: UUID, name: str, *, by: Person) -> Tag:
    """Let `name` be a tag of its own again."""
    tag = await _held((await topics.visible(tag_id, to=by)).id)
    synonyms = Tag.filter(folded=tags.folded(name), canonical_id=tag.id).exclude(id=tag.id)
    synonym = await synonyms.first()
    if synonym is None:
        raise NotASynonym
    await Tag.filter(id=synonym.id).update(canonical_id=synonym.id)
    return tag


@together
async def of(tag_ids: Sequence[UUID]) -> list[list[str]]:
    """The other names of each tag, in order."""
    names = defaultdict(list)
    for (tag,) in await OF.rows(tags=tag_ids):
        names[tag.canonical_id].append(tag.name)
    return [names[id] for id in tag_ids]


async def _held(tag_id: UUID) -> Tag:
    """The canonical tag, which stays one until the commit."""
    tag = await Tag.select_for_update(no_key=True).get(id=tag_id)
    return tag if tag.canonical_id == tag.id else await _held(tag.canonical_id)
