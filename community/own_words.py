"""Own words: what a person wrote and did, under their name and under their handles.

No seal is opened for it, and no words are indexed by who wrote them unseen: the handle that the
person has in each thread is computed and compared. So words are found too whose seal is
destroyed, and reactions, which never had one.
"""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from tortoise.expressions import Q

from community import authors
from community.carelines import CareLine
from community.comments import Comment
from community.posts import Post
from community.reactions import Reaction
from community.thanks import Thanks
from core.people import Person

AT_ONCE = 500  # threads


async def posts(person: Person) -> list[Post]:
    found = await Post.filter(author_id=person.id)
    async for threads in _sheltered():
        found += [thread for thread in threads if thread.handle and authors.wrote(person, thread)]
    return found


async def comments(person: Person) -> list[Comment]:
    found = await Comment.filter(author_id=person.id)
    async for threads in _sheltered():
        here = Q(post_id__in=[thread.id for thread in threads])
        found += await Comment.filter(here, handle__in=_handles(person, threads))
    return found


async def care_lines(person: Person) -> list[CareLine]:
    found = []
    async for threads in _sheltered():
        found += await CareLine.filter(handle__in=_handles(person, threads))
    return found


async def reactions(person: Person) -> list[Reaction]:
    found = await Reaction.filter(actor=str(person.id))
    async for threads in _sheltered():
        posts = [thread.id for thread in threads]
        subjects = posts + await _comments_under(posts)
        for some in cut(subjects):
            here = Reaction.filter(subject_id__in=some)
            found += await here.filter(actor__in=_handles(person, threads))
    return found


async def thanks(person: Person) -> list[Thanks]:
    found = await Thanks.filter(actor=str(person.id))
    async for threads in _sheltered():
        for some in cut(await _comments_under([thread.id for thread in threads])):
            here = Thanks.filter(comment_id__in=some)
            found += await here.filter(actor__in=_handles(person, threads))
    return found


async def handles(person: Person) -> AsyncIterator[list[str]]:
    """All that the person can have, some at a time."""
    async for threads in _sheltered():
        yield _handles(person, threads)


async def ids(person: Person) -> list[UUID]:
    """Of all posts and comments."""
    written: list[Post | Comment] = [*await posts(person), *await comments(person)]
    return [row.id for row in written]


async def _sheltered() -> AsyncIterator[list[Post]]:
    """All threads in which people have handles, some at a time."""
    last: UUID | None = None
    while some := await _after(last):
        yield some
        last = some[-1].id


async def _after(last: UUID | None) -> list[Post]:
    behind = Q(id__gt=last) if last else Q()
    threads = Post.filter(behind, key_version__isnull=False)
    return await threads.order_by("id").limit(AT_ONCE)


async def _comments_under(post_ids: Sequence[UUID]) -> list[UUID]:
    return [row.id for row in await Comment.filter(post_id__in=post_ids).only("id")]


def _handles(person: Person, threads: Sequence[Post]) -> list[str]:
    return [authors.handle(person.id, post.thread) for post in threads]


def cut(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    """A statement takes so many values at most."""
    return [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
