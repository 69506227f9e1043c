"""Unread: how many posts of a group one has not seen."""

from collections.abc import Sequence
from uuid import UUID

from community import authors, blocks, mutes
from community.authors import Thread
from community.memberships import Membership
from core import clock
from core.database.sql import Statement
from core.people import Person

MOST = 100  # more are not counted

UNSEEN = f"""
    FROM post WHERE post.group_id = membership.group_id
    AND post.published_at > membership.read_to AND post.published_at <= :now
    AND post.deleted_at IS NULL AND post.hidden_at IS NULL
    AND (post.author_id IS NULL OR post.author_id <> :reader)
    AND {blocks.unblocked("post.author_id")} AND {mutes.heard("post.id")} LIMIT {MOST}
"""
MINE = """
    WHERE membership.group_id = ANY(:ids) AND membership.person_id = :reader
    AND membership.standing = 'MEMBER'
"""
#: What was written unseen is told one by one, all else is counted.
BY_HANDLE = """
    COUNT({0}.id) AS posts, CASE WHEN {0}.handle IS NOT NULL THEN {0}.id END AS one,
    MAX({0}.handle) AS handle, MAX({0}.key_version) AS key_version
"""
UNREAD = Statement(
    f"""
    SELECT membership.*, unseen.* FROM membership LEFT JOIN LATERAL (
        SELECT {BY_HANDLE.format("post")} FROM (SELECT post.* {UNSEEN}) AS post GROUP BY one
    ) AS unseen ON TRUE {MINE}
    """,
    Membership,
    sqlite=f"""
    SELECT membership.*, {BY_HANDLE.format("unseen")}
    FROM membership LEFT JOIN post AS unseen ON unseen.id IN (SELECT post.id {UNSEEN}) {MINE}
    GROUP BY membership.id, one
    """,
)


async def counts(group_ids: Sequence[UUID], *, viewer: Person) -> list[int | None]:
    """Posts of others shown since the viewer last read there, at most 100; None for outsiders."""
    found = await UNREAD.rows(ids=set(group_ids), now=clock.now(), reader=viewer.id)
    unread = {membership.group_id: 0 for membership, *_ in found}
    for membership, posts, *one in found:
        if posts and not _is_own(viewer, *one):
            unread[membership.group_id] += posts
    return [unread.get(id) for id in group_ids]


def _is_own(
    viewer: Person, post_id: UUID | str, handle: str | None, key_version: int | None
) -> bool:
    if handle is None:
        return False
    thread = Thread(UUID(str(post_id)), key_version)  # SQLite keeps ids as text
    return handle == authors.handle(viewer.id, thread)
