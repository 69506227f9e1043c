"""Words: what something is found by, in an index of their own for each noun that can be searched.

    class PostWords(Words): ...

    await words.put(PostWords, {post.id: post.text})

    FOUND = Statement(f"SELECT post.* FROM post WHERE id IN ({words.found(PostWords)})", Post)
    await FOUND.rows(asked=words.asked(words.phrases("积分 refund")))

PostgreSQL keeps them as a tsvector, SQLite in an FTS5 table. Both get their tokens from the one
normaliser and take them as they are, so both find the same.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.connection import get_connection
from tortoise.contrib.postgres.fields import TSVectorField
from tortoise.contrib.postgres.indexes import GinIndex
from tortoise.models import Model

from core.errors import Invalid
from core.search import normaliser
from core.text import Text

LONGEST = 100  # characters that are searched for
STEM = 3  # characters of a word that also finds longer ones

Phrase = Sequence[str]


class Words(Model):
    id = fields.UUIDField(primary_key=True, description="of what has these words")
    words = TSVectorField()

    class Meta:
        abstract = True


INDEXES = (GinIndex(fields=("words",)),)  # for the Meta of each


class TooMuchToFind(Invalid):
    text = Text(
        f"Search for at most {LONGEST} characters.",
        f"搜索内容最多 {LONGEST} 个字符。",
        f"搜尋內容最多 {LONGEST} 個字元。",
    )


async def put(index: type[Words], texts: Mapping[UUID, str]) -> None:
    """Let each thing be found by what it says now, and by nothing that it said before."""
    if texts:
        dialect = _dialect()
        values = [dialect.row(id, normaliser.tokens(text)) for id, text in texts.items()]
        await get_connection("default").execute_many(dialect.put.format(_table(index)), values)


async def drop(index: type[Words], id: UUID) -> None:
    """Let it not be found any more."""
    dialect = _dialect()
    sql = dialect.drop.format(_table(index))
    await get_connection("default").execute_query(sql, [dialect.key(id)])


async def compact(index: type[Words]) -> None:
    """Leave nothing in the file of what was dropped: SQLite keeps it until it tidies up."""
    if sql := _dialect().compact:
        await get_connection("default").execute_query(sql.format(_table(index)))


def phrases(text: str) -> list[Phrase]:
    """What all must be found in a text: what is written without a blank stands side by side.

    Raises TooMuchToFind.
    """
    if len(text) > LONGEST:
        raise TooMuchToFind
    return [tokens for part in text.split() if (tokens := normaliser.tokens(part))]


def found(index: type[Words]) -> str:
    """In SQL: the ids of what has the phrases of `asked`."""
    table = _table(index)
    return f"SELECT {table}.id FROM {table} WHERE {table}.words @@ CAST(:asked AS text)::tsquery"


def asked(phrases: Sequence[Phrase]) -> str:
    """The phrases, all of which must be found, as the database has them put."""
    dialect = _dialect()
    return dialect.both.join(dialect.phrase(one, len(one[-1]) >= STEM) for one in phrases)


class Dialect(NamedTuple):
    """How one database says it; a token has no character that means anything to it."""

    put: str
    drop: str
    compact: str
    both: str
    phrase: Callable[[Phrase, bool], str]  # the last word may go on, or not
    key: Callable[[UUID], Any]
    row: Callable[[UUID, Sequence[str]], list[Any]]


def _rowid(id: UUID) -> int:
    """FTS5 reaches a row quickly by a number alone; of a random id any 63 bits will do."""
    return id.int & (2**63 - 1)


def _vector(tokens: Sequence[str]) -> str:
    return " ".join(f"'{token}':{place}" for place, token in enumerate(tokens, 1))


POSTGRES = Dialect(
    put="""INSERT INTO {0} (id, words) VALUES ($1, CAST($2 AS text)::tsvector)
           ON CONFLICT (id) DO UPDATE SET words = excluded.words""",
    drop="DELETE FROM {0} WHERE id = $1",
    compact="",
    both=" & ",
    phrase=lambda tokens, open: " <-> ".join(map("'{}'".format, tokens)) + ":*" * open,
    key=lambda id: id,
    row=lambda id, tokens: [id, _vector(tokens)],
)
SQLITE = Dialect(
    put="INSERT OR REPLACE INTO {0} (rowid, id, words) VALUES (?, ?, ?)",
    drop="DELETE FROM {0} WHERE rowid = ?",
    compact="INSERT INTO {0} ({0}) VALUES ('optimize')",
    both=" AND ",
    phrase=lambda tokens, open: f'"{" ".join(tokens)}"' + " *" * open,
    key=_rowid,
    row=lambda id, tokens: [_rowid(id), str(id), " ".join(tokens)],
)


def _dialect() -> Dialect:
    return POSTGRES if get_connection("default").capabilities.dialect == "postgres" else SQLITE


def _table(index: type[Words]) -> str:
    return index._meta.db_table  # noqa: SLF001  # Tortoise's documented way to it
