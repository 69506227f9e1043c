"""Mutes."""

from datetime import datetime
from uuid import UUID

from api.comments import Comment as CommentView
from api.posts import Post as PostView
from api.roots import mutation, payload
from api.views import batch, view
from community import comments, mutes, posts
from community.comments import Comment
from community.posts import Post
from core.people import Person


@view(mutes.ThreadMute)
class MutedThread:
    """A post is null if it is not the viewer's to see any more."""

    post: PostView | None = batch(posts.seen, key="post_id")
    muted_at: datetime


@mutation(payload("ThreadMuted", PostView))
async def mute_thread(viewer: Person, post_id: UUID) -> Post:
    """Hear no more of a post and its comments; nobody learns of it.

    It stands in no feed, counts as read and is told of no more. `viewer.mutedThreads` has it, and
    it opens by its id.
    """
    return await mutes.mute_thread(await posts.visible(post_id, to=viewer), by=viewer)


@mutation(payload("ThreadUnmuted", PostView))
async def unmute_thread(viewer: Person, post_id: UUID) -> Post:
    return await mutes.unmute_thread(await posts.visible(post_id, to=viewer), by=viewer)


@mutation(payload("AliasMuted", CommentView))
async def mute_alias(viewer: Person, comment_id: UUID) -> Comment:
    """Be shown no more comments by the alias that wrote this one; nobody learns of it.

    An alias belongs to one thread. `Post.comments(muted: true)` has what is not shown.
    """
    return await mutes.mute_alias(await comments.visible(comment_id, to=viewer), by=viewer)


@mutation(payload("AliasUnmuted", CommentView))
async def unmute_alias(viewer: Person, comment_id: UUID) -> Comment:
    return await mutes.unmute_alias(await comments.visible(comment_id, to=viewer), by=viewer)
