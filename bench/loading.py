"""The company goes into a database: migrated, filled by COPY, and ready to be asked."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.models import Model

from api.composition import MODELS
from bench import badges, company
from bench.company import Size
from community import indexing
from community.comments import Comment
from community.groups import Group
from community.indexing import Source
from community.memberships import Membership
from community.posts import Post
from community.reactions import Reaction
from community.tags import Tag, Tagging
from community.thanks import Thanks
from core.database import migrations
from core.identity.sessions import Session
from core.people import Person
from core.search import normaliser, words
from gamify.badges.awards import Award
from gamify.badges.badges import Badge

Rows = Callable[[Size], Iterator[tuple[object, ...]]]
Track = Callable[[str, Iterable[Any]], Iterable[Any]]

TABLES: list[tuple[type[Model], str, Rows]] = [
    (Person, "id number name grants", company.people),
    (Session, "id person_id token_hash device signed_in_at last_used_on", company.sessions),
    (Group, "id name kind join_policy member_count created_at", company.groups),
    (Membership, "id group_id person_id standing read_to seen_on", company.memberships),
    (
        Post,
        "id group_id author_id text published_at comment_count like_count",
        company.posts,
    ),
    (
        Comment,
        "id post_id author_id text published_at is_counted me_too_count",
        company.comments,
    ),
    (Tag, "id name folded canonical_id", company.tags),
    (Tagging, "id tag_id post_id position", company.taggings),
    (Thanks, "id comment_id actor by_asker", company.thanks),
    (Reaction, "id subject_id actor kind", company.likes),
    (
        Badge,
        "id code counts_from kind icon texts conditions givers monthly_gifts is_active",
        badges.badges,
    ),
    (Award, "id badge_id person_id level won_at slot given_by words", badges.awards),
]


async def load(url: str, size: Size, track: Track) -> None:
    """Fill an empty database; `track` passes rows on and tells how far they are."""
    await migrations.migrate(url, MODELS)
    connection = await asyncpg.connect(url)
    try:
        for model, columns, rows in TABLES:
            await copied(connection, model, columns.split(), track(_table(model), rows(size)))
        for source in indexing.SOURCES:
            await _index(connection, source)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def copied(
    connection: asyncpg.Connection, model: type[Model], columns: list[str], rows: Iterable[Any]
) -> None:
    """What is not given is what a new row would have."""
    rest = _defaults(model, columns)
    records = (row + tuple(rest.values()) for row in rows)
    await connection.copy_records_to_table(
        _table(model), records=records, columns=[*columns, *rest]
    )


async def _index(connection: asyncpg.Connection, source: Source) -> None:
    """What is said is said often, so each text is taken apart once."""
    index, table = _table(source.index), _table(source.model)
    rows = await connection.fetch(f"SELECT DISTINCT {source.text} AS text FROM {table}")
    texts = [row["text"] for row in rows]
    found_by = [words.POSTGRES.row(UUID(int=0), normaliser.tokens(text))[1] for text in texts]
    await connection.execute(
        f"""
        INSERT INTO {index} (id, words)
        SELECT {table}.id, said.words::tsvector
        FROM {table} JOIN unnest($1::text[], $2::text[]) AS said (text, words)
        ON said.text = {table}.{source.text}
        """,
        texts,
        found_by,
    )


def _defaults(model: type[Model], given: list[str]) -> dict[str, Any]:
    fields = {field.source_field or name: field for name, field in _columns(model)}
    return {
        column: field.to_db_value(field.default, model)
        for column, field in fields.items()
        if column not in given
    }


def _columns(model: type[Model]) -> list[tuple[str, Any]]:
    meta = model._meta  # noqa: SLF001  # Tortoise's documented way to a model's columns
    return [(name, meta.fields_map[name]) for name in meta.fields_db_projection]


def _table(model: type[Model]) -> str:
    return model._meta.db_table  # noqa: SLF001  # as above
