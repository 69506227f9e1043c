"""Helped: how many colleagues somebody helped in support groups, for themselves alone.

It is counted when it is asked for and stored nowhere, so nothing leads from a person to what they
answered unseen. Within a thread nobody counts twice; whether two who stay unseen in two threads are
the same, nobody can know.
"""

import hmac
from collections.abc import AsyncIterator, Sequence
from functools import cache, partial
from uuid import UUID

from community import authors, groups, memberships
from community.authors import Thread
from community.groups import GroupKind
from core import clock
from core.database.sql import Statement
from core.people import Person

HANDLE = 64  # characters; an id has fewer

#: Answers that helped somebody, and are the reader's by name or may be theirs by handle.
HELPFUL = Statement(
    f"""
    SELECT comment.id, comment.post_id, comment.key_version, comment.handle
    FROM {memberships.READABLE}
    JOIN post ON post.group_id = membership.group_id AND post.deleted_at IS NULL
    JOIN comment ON comment.post_id = post.id AND comment.deleted_at IS NULL
    WHERE community_group.kind = '{GroupKind.SUPPORT}'
        AND (comment.author_id = :reader OR comment.handle IS NOT NULL)
        AND (comment.hug_count > 0 OR comment.me_too_count > 0 OR comment.accepted_at <= :now)
    """
)
#: Who said so: a handle, or the id of an asker who is named.
SAID = Statement(
    """
    SELECT thanks.comment_id, thanks.actor FROM thanks
    JOIN comment ON comment.id = thanks.comment_id
    WHERE comment_id = ANY(:comments) AND (NOT by_asker OR comment.accepted_at <= :now)
    UNION ALL
    SELECT subject_id, actor FROM reaction WHERE subject_id = ANY(:comments) AND kind = 'HUG'
    """
)


async def counts(people: Sequence[Person]) -> list[int]:
    """How many colleagues said that each of them helped, thread by thread."""
    return [await _count(person) for person in people]


async def _count(person: Person) -> int:
    threads = {id: thread async for id, thread in _helpful(person)}
    if not threads:
        return 0
    said = await SAID.rows(comments=[*threads], now=clock.now())
    return len({_who(actor, threads[_id(comment)]) for comment, actor in said})


async def _helpful(person: Person) -> AsyncIterator[tuple[UUID, Thread]]:
    """Which answers are theirs, with their threads."""
    handle = cache(partial(authors.handle, person.id))
    for id, post, version, written in await HELPFUL.rows(now=clock.now(), **groups.reader(person)):
        thread = Thread(_id(post), version)
        if written is None or hmac.compare_digest(written, handle(thread)):
            yield _id(id), thread


def _who(actor: str, thread: Thread) -> tuple[UUID, str]:
    """A named asker may have hugged, too: that is done by handle."""
    named = len(actor) < HANDLE
    return thread.id, authors.handle(UUID(actor), thread) if named else actor


def _id(value: UUID | str) -> UUID:
    """As the driver gives it."""
    return UUID(str(value))
