"""Unread: how many posts of a group one has not seen."""

from collections.abc import Sequence
from uuid import UUID

from community import authors, posts
from community.memberships import Membership, Standing
from community.posts import Post
from core import clock, unions
from core.people import Person

MOST = 100  # more are not counted


async def counts(group_ids: Sequence[UUID], *, viewer: Person) -> list[int | None]:
    """Posts of others shown since the viewer last read there, at most 100; None for outsiders."""
    mine = await Membership.filter(
        group_id__in=group_ids, person_id=viewer.id, standing=Standing.MEMBER
    )
    unread = [
        Post.filter(
            group_id=membership.group_id,
            published_at__gt=membership.read_to,
            published_at__lte=clock.now(),
            deleted_at__isnull=True,
        )
        .only(*posts.BYLINE)
        .limit(MOST)
        for membership in mine
    ]
    found = {
        membership.group_id: sum(not authors.wrote(viewer, post) for post in unseen)
        for membership, unseen in zip(mine, await unions.run(unread), strict=True)
    }
    return [found.get(id) for id in group_ids]
