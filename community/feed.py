"""The feed: the posts of one's groups, newest first."""

from typing import NamedTuple
from uuid import UUID

from community import authors, groups, memberships, mutes, posts
from community.groups import GroupKind
from community.posts import FEED, Post
from core import clock, pages
from core.database.sql import Statement
from core.pages import EARLIEST, Connection, Page
from core.people import Person


class Feed(NamedTuple):
    shown: Statement
    """what all may see who read there, and what is the reader's own by name"""
    unshown: Statement
    """what may be the reader's own by handle, and nobody else's to see"""


def _feed(where: str = "") -> Feed:
    """Each group gives its own newest: no reader waits for others' groups to be looked through."""
    page = f"""
        FROM post WHERE post.group_id = membership.group_id AND {posts.STANDS}
        AND {mutes.heard("post.id")}
        AND (post.published_at <= :now AND post.hidden_at IS NULL OR post.author_id = :reader)
        {FEED.page("post")}"""
    head = f"SELECT post.*, person.*, community_group.kind FROM {memberships.READABLE} {where}"
    tail = f"{authors.NAMED.format('post')} {FEED.ordered('post')} LIMIT :most"
    shown = Statement(
        f"{head} CROSS JOIN LATERAL (SELECT post.* {page}) AS post {tail}",
        *(Post, Person),
        sqlite=f"{head} JOIN post ON post.id IN (SELECT post.id {page}) {tail}",
    )
    unshown = f"""
        SELECT post.* {posts.STANDING} {where}
        AND post.handle IS NOT NULL AND {mutes.heard("post.id")}
        AND (post.published_at > :now OR post.hidden_at IS NOT NULL)
        AND post.published_at >= :since AND {FEED.behind("post")}"""
    return Feed(shown, Statement(unshown, Post))


EVERYWHERE, IN_GROUP = _feed(), _feed("AND membership.group_id = :group")


async def read(*, to: Person, page: Page, group_id: UUID | None = None) -> Connection[Post]:
    """The posts of one group, or of all one belongs to, newest first. Raises NotMember."""
    here = EVERYWHERE if group_id is None else IN_GROUP
    given = {"now": clock.now(), "group": group_id, **groups.reader(to), **FEED.start(page)}
    found = await here.shown.rows(**given)
    if group_id and not found:
        await memberships.as_member(group_id, to)
    shown = [authors.signed(*row) for row in found]
    if group_id and found and found[0][-1] != GroupKind.SUPPORT:
        return pages.cut(shown, FEED, page)  # nobody writes by handle here
    since = shown[-1].published_at if len(shown) > page.first else EARLIEST.at
    unshown = await here.unshown.rows(since=since, **given)
    mine = [post for (post,) in unshown if authors.wrote(to, post)]
    return pages.cut(FEED.merged(shown, mine), FEED, page)
