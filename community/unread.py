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
UNREAD = Statement(
    f"""
    SELECT membership.*, unseen.id, unseen.handle, unseen.key_version
    FROM membership LEFT JOIN LATERAL (SELECT * {UNSEEN}) AS unseen ON TRUE {MINE}
    """,
    Membership,
    sqlite=f"""
    SELECT membership.*, unseen.id, unseen.handle, unseen.key_version
    FROM membership LEFT JOIN post AS unseen ON unseen.id IN (SELECT post.id {UNSEEN}) {MINE}
    """,
)


async def counts(group_ids: Sequence[UUID], *, viewer: Person) -> list[int | None]:
    """Posts of others shown since the viewer last read there, at most 100; None for outsiders."""
    found = await UNREAD.rows(ids=set(group_ids), now=clock.now(), reader=viewer.id)
    unread = {membership.group_id: 0 for membership, *_ in found}
    for membership, id, handle, version in found:
        unread[membership.group_id] += bool(id) and not _is_own(viewer, id, handle, version)
    return [unread.get(id) for id in group_ids]


def _is_own(
    viewer: Person, post_id: UUID | str, handle: str | None, key_version: int | None
) -> bool:
    if handle is None:
        return False
    thread = Thread(UUID(str(post_id)), key_version)  # SQLite keeps ids as text
    return handle == authors.handle(viewer.id, thread)
