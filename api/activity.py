"""What happens in a group, live."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import cast
from uuid import UUID

import strawberry

from api import watch
from api.comments import Comment
from api.context import Context
from api.posts import Post
from api.roots import subscription
from api.views import batch, id_of, view
from api.watch import Stream
from community import activity, comments, memberships, posts
from community.activity import Activity, ActivityKind
from core import bus
from core.identity.sessions import Session
from core.people import Person

strawberry.enum(ActivityKind, description="What happened.")


@view(Activity)
class GroupActivity:
    """Something that happened. What the viewer may not see any more is null."""

    cursor: str
    what: ActivityKind
    post_id: UUID = id_of("post", key="post_id")
    comment_id: UUID | None = id_of("comment", key="comment_id")
    post: Post | None = batch(posts.seen, key="post_id")
    comment: Comment | None = batch(comments.seen, key="comment_id")


@subscription(GroupActivity)
async def group_activity(
    context: Context, viewer: Person, group_id: UUID, after: str | None = None
) -> AsyncIterator[Activity]:
    """Everything that happens in a group, once and in order, behind a cursor or from now on."""
    with bus.current().listeners.listen(group_id) as listener:
        group, mine = await memberships.as_member(group_id, viewer)
        session = cast("Session", context.session)  # which the viewer came by
        with watch.over(Stream(listener, session.id, mine.id)):
            async with aclosing(
                activity.follow(group, after, by=viewer, listener=listener)
            ) as rows:
                async for row in rows:
                    yield row
