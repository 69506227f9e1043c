"""Threads: the comments under posts, as each reader is shown them."""

from collections.abc import Sequence

from community import authors, blocks, mutes
from community.comments import Comment
from community.posts import Post
from core import clock, pages
from core.pages import Connection, Joined, Listing, Page
from core.people import Person

COMMENTS = Listing("comments", "published_at", newest_first=False)


def _shown(post: str, mark: str, muted: str = "NOT") -> str:
    """In SQL: what `:reader`, whose mark this is, is shown under a post."""
    return f"""post_id = {post} AND deleted_at IS NULL AND {blocks.unblocked("author_id")} AND (
        published_at <= :now AND hidden_at IS NULL OR author_id = :reader OR handle = {mark}
    ) AND {muted} {mutes.alias_muted(mark, "comment.handle")}"""


#: In SQL: the first ones under a post of a `page`.
FIRST = f"""
    FROM comment WHERE {_shown("page.id", ":actor")} {COMMENTS.ordered("comment")} LIMIT :each"""


def _under(muted: str) -> pages.Each:
    return pages.Each(
        Comment,
        _shown("parent.id", "parent.mark", muted),
        COMMENTS,
        joined=Joined(Person, authors.NAMED.format("comment"), authors.signed),
    )


UNDER, UNDER_MUTED = _under("NOT"), _under("")


async def comments(
    posts: Sequence[Post], *, viewer: Person, page: Page, muted: bool = False
) -> list[Connection[Comment]]:
    """Under each post, oldest first; or those alone whose alias is muted."""
    marks = [authors.actor(viewer.id, post.thread) for post in posts]
    ids = [post.id for post in posts]
    under = UNDER_MUTED if muted else UNDER
    return await under.read(ids, page, marks, now=clock.now(), reader=viewer.id)
