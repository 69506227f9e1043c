"""Taps: reactions under one's name with their counts and their events, in one statement.

PostgreSQL does it whole or not at all, and no row stays locked while we talk to it. Those who tap
at the same time go together.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from community import groups
from community.groups import GroupKind
from community.posts import STANDING, Post
from core import clock, events
from core.database.sql import Statement
from core.people import Person
from core.together import Together

#: In SQL: the kinds of taps of a table's posts by `:actor`.
OWN = """(
    SELECT string_agg(kind, ' ') FROM (
        SELECT kind FROM reaction WHERE subject_id = {}.id AND actor = :actor ORDER BY kind
    ) AS own)"""

#: In SQL: what somebody else said, where everybody acts under their name.
REACHED = f"""
    SELECT post.id, post.group_id, community_group.kind, {OWN.format("post")} AS own
    {STANDING} AND post.id = asked.post_id
    AND post.published_at <= :now AND post.hidden_at IS NULL AND post.author_id <> :reader
    AND community_group.kind <> '{GroupKind.SUPPORT}'
"""

#: The same for each who asks.
OF_EACH = re.sub(":(reader|hr|supervisor|actor)", r"asked.\1", REACHED)

#: Rows are added and locked in one order, whoever else does so.
TAP = Statement(
    f"""
WITH asked AS MATERIALIZED (
    SELECT *, CAST(reader AS text) AS actor,
        gen_random_uuid() AS reaction, gen_random_uuid() AS event
    FROM unnest(
        :posts::uuid[], :taps::text[], :readers::uuid[], :hrs::bool[], :supervisors::bool[]
    ) WITH ORDINALITY AS asked (post_id, tap, reader, hr, supervisor, number)
), reached AS MATERIALIZED (
    SELECT asked.*, there.* FROM asked CROSS JOIN LATERAL (
        {OF_EACH}
    ) AS there
), added AS (
    INSERT INTO reaction (id, subject_id, actor, kind)
    SELECT reaction, id, actor, tap FROM reached ORDER BY id, actor, tap
    ON CONFLICT DO NOTHING RETURNING id, subject_id, kind
), locked AS MATERIALIZED (
    SELECT id FROM post WHERE id IN (SELECT subject_id FROM added) ORDER BY id FOR NO KEY UPDATE
), counted AS (
    UPDATE post SET like_count = like_count + likes, hug_count = hug_count + hugs,
        same_here_count = same_here_count + same_heres
    FROM (
        SELECT subject_id, count(*) FILTER (WHERE kind = 'LIKE') AS likes,
            count(*) FILTER (WHERE kind = 'HUG') AS hugs,
            count(*) FILTER (WHERE kind = 'SAME_HERE') AS same_heres
        FROM added JOIN locked ON locked.id = subject_id GROUP BY subject_id
    ) AS tally
    WHERE post.id = tally.subject_id
    RETURNING post.id, like_count, hug_count, same_here_count
), told AS (
    INSERT INTO event (id, name, actor_id, payload, due_at, attempts)
    SELECT event, 'reaction.added', reader, jsonb_build_object(
        'kind', tap, 'subject', reached.id, 'post', reached.id,
        'group', group_id, 'group_kind', reached.kind
    ), CAST(:now AS timestamptz), 0 FROM reached JOIN added ON added.id = reaction
)
SELECT post.*, number, own, counted.like_count, counted.hug_count, counted.same_here_count
FROM reached JOIN post ON post.id = reached.id LEFT JOIN counted ON counted.id = reached.id
    """,
    Post,
)


class Asked(NamedTuple):
    post_id: UUID
    kind: str
    by: Person


class Tapped(NamedTuple):
    post: Post
    own: str
    """all kinds of the person's taps of it"""


async def tap(post_id: UUID, kind: str, *, by: Person) -> Tapped | None:
    """React to a post; None where more has to be known, and nothing happened."""
    return await TAPS.ask(Asked(post_id, kind, by))


async def _tap(asked: Sequence[Asked]) -> list[Tapped | None]:
    readers = [groups.reader(one.by) for one in asked]
    tapped: list[Tapped | None] = [None] * len(asked)
    for post, number, before, *counts in await TAP.rows(
        now=clock.now(),
        posts=[one.post_id for one in asked],
        taps=[one.kind for one in asked],
        readers=[reader["reader"] for reader in readers],
        hrs=[reader["hr"] for reader in readers],
        supervisors=[reader["supervisor"] for reader in readers],
    ):
        if counts[0] is not None:
            post.like_count, post.hug_count, post.same_here_count = counts
            events.wake()
        kinds = {asked[number - 1].kind, *(before or "").split()}
        tapped[number - 1] = Tapped(post, " ".join(sorted(kinds)))
    return tapped


TAPS = Together(_tap, again=True)
