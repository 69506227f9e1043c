"""Taps: a reaction under one's name with its count and its event, in one statement.

PostgreSQL does it whole or not at all, and no row stays locked while we talk to it.
"""

from typing import NamedTuple
from uuid import UUID, uuid4

from community import groups
from community.groups import GroupKind
from community.posts import STANDING, Post
from core import clock, events
from core.database.sql import Statement
from core.people import Person

#: In SQL: the kinds of taps of a table's posts by `:actor`.
OWN = """(
    SELECT string_agg(kind, ' ') FROM (
        SELECT kind FROM reaction WHERE subject_id = {}.id AND actor = :actor ORDER BY kind
    ) AS own)"""

#: Of what somebody else said where everybody acts under their name.
TAP = f"""
WITH reached AS (
    SELECT post.id, post.group_id, community_group.kind {STANDING} AND post.id = :id
    AND post.published_at <= :now AND post.hidden_at IS NULL AND post.author_id <> :reader
    AND community_group.kind <> '{GroupKind.SUPPORT}'
), added AS (
    INSERT INTO reaction (id, subject_id, actor, kind)
    SELECT CAST(:reaction AS uuid), id, :actor, CAST(:tap AS text)
    FROM reached ON CONFLICT DO NOTHING RETURNING subject_id
), counted AS (
    UPDATE post SET {{column}} = {{column}} + 1 FROM added WHERE post.id = added.subject_id
    RETURNING post.{{column}} AS count
), told AS (
    INSERT INTO event (id, name, actor_id, payload, due_at, attempts)
    SELECT CAST(:event AS uuid), 'reaction.added', CAST(:reader AS uuid), jsonb_build_object(
        'kind', CAST(:tap AS text), 'subject', reached.id, 'post', reached.id,
        'group', reached.group_id, 'group_kind', reached.kind
    ), CAST(:now AS timestamptz), 0 FROM reached, added
)
SELECT post.*, counted.count, {OWN.format("post")}
FROM reached JOIN post USING (id) LEFT JOIN counted ON true
"""


def _statement(column: str) -> Statement:
    return Statement(TAP.format(column=column), Post)


COUNTING = {column: _statement(column) for column in ("like_count", "hug_count", "same_here_count")}


class Tapped(NamedTuple):
    post: Post
    own: str
    """all kinds of the person's taps of it"""


async def tap(post_id: UUID, kind: str, *, by: Person) -> Tapped | None:
    """React to a post; None where more has to be known, and nothing happened."""
    column = f"{kind.lower()}_count"
    given = {"id": post_id, "tap": kind, "reaction": uuid4(), "event": uuid4(), "now": clock.now()}
    given |= {"actor": str(by.id), **groups.reader(by)}
    for post, count, before in await COUNTING[column].rows(**given):
        if count is not None:
            setattr(post, column, count)
            events.wake()
        return Tapped(post, " ".join(sorted({kind, *(before or "").split()})))
    return None
