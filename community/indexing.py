"""Indexing: all that can be searched is found by what it says now, and nothing else is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.queryset import QuerySet

from community.comments import Comment, CommentWords
from community.posts import Post, PostWords
from community.tags import Tag, TagWords
from core.people import Person
from core.search import words
from core.search.names import PersonWords
from core.search.words import Words
from core.transactions import transaction

AT_ONCE = 500  # rows


@dataclass(frozen=True)
class Source:
    """Which text of which rows an index holds."""

    index: type[Words]
    model: type[Model]
    text: str
    condition: Mapping[str, Any] = field(default_factory=dict)

    def rows(self) -> QuerySet[Any]:
        return self.model.filter(**self.condition)

    async def strays(self) -> list[UUID]:
        return await _lacking(self.index.all(), self.rows())

    async def missing(self) -> list[UUID]:
        return await _lacking(self.rows(), self.index.all())


POSTS = Source(PostWords, Post, "text", {"deleted_at__isnull": True})
COMMENTS = Source(CommentWords, Comment, "text", {"deleted_at__isnull": True})
TAGS = Source(TagWords, Tag, "name")
PEOPLE = Source(PersonWords, Person, "name", {"name__not": ""})
SOURCES = (POSTS, COMMENTS, TAGS, PEOPLE)


async def rebuild() -> int:
    """Make each index anew while it is in use; how many things there are in them."""
    return sum([await _rebuild(source) for source in SOURCES])


async def what_is_there_is_found() -> list[str]:
    """Search finds all posts, comments and tags that are there, and no others."""
    findings = []
    for source in (POSTS, COMMENTS, TAGS):
        kind = source.model.__name__.lower()
        findings += [f"{kind} {id} cannot be found" for id in await source.missing()]
        findings += [f"{kind} {id} can still be found" for id in await source.strays()]
    return findings


async def _lacking(some: QuerySet[Any], others: QuerySet[Any]) -> list[UUID]:
    """Ids of some that are not among the others.

    For NOT IN, PostgreSQL reads the others again for each, once they are too many for its memory.
    """
    ids = (rows.values("id").sql(params_inline=True) for rows in (some, others))
    found = await get_connection("default").execute_query_dict(" EXCEPT ".join(ids))
    return [UUID(str(row["id"])) for row in found]


async def _rebuild(source: Source) -> int:
    strays = await source.strays()
    for begin in range(0, len(strays), AT_ONCE):
        await source.index.filter(id__in=strays[begin : begin + AT_ONCE]).delete()
    count, last = 0, UUID(int=0)
    while ids := await _put(source, after=last):
        count, last = count + len(ids), ids[-1]
    return count


@transaction
async def _put(source: Source, *, after: UUID) -> list[UUID]:
    """The next rows by id, held so that none is edited meanwhile."""
    ordered = source.rows().filter(id__gt=after).order_by("id").limit(AT_ONCE)
    texts = {row.id: getattr(row, source.text) for row in await ordered.select_for_update()}
    await words.put(source.index, texts)
    return [*texts]
