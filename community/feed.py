"""The feed: the posts of one's groups, newest first."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from community import authors, comments, groups, memberships, mutes, posts, reactions, taps
from community.comments import COMMENTS, Comment
from community.groups import GroupKind
from community.posts import FEED, Post
from core import clock, pages
from core.ahead import Ahead
from core.database.sql import Statement
from core.pages import EARLIEST, Connection, Page
from core.people import Person


class Feed(NamedTuple):
    shown: Statement
    """what all may see who read there, and what is the reader's own by name; then the first
    comments, where nobody has a handle"""
    unshown: Statement
    """what may be the reader's own by handle, and nobody else's to see"""


def _feed(where: str = "") -> Feed:
    """Each group gives its own newest: no reader waits for others' groups to be looked through."""
    newest = f"""
        FROM post WHERE post.group_id = membership.group_id AND {posts.STANDS}
        AND {mutes.heard("post.id")}
        AND (post.published_at <= :now AND post.hidden_at IS NULL OR post.author_id = :reader)
        {FEED.page("post")}"""
    unshown = f"""
        SELECT post.* {posts.STANDING} {where}
        AND post.handle IS NOT NULL AND {mutes.heard("post.id")}
        AND (post.published_at > :now OR post.hidden_at IS NOT NULL)
        AND post.published_at >= :since AND {FEED.behind("post")}"""
    lateral = "JOIN LATERAL (SELECT {0}.* {1}) AS {0} ON TRUE"
    within = "JOIN {0} ON {0}.id IN (SELECT {0}.id {1})"
    text, sqlite = (_shown(where, newest, join) for join in (lateral, within))
    return Feed(Statement(text, Post, Person, Comment, sqlite=sqlite), Statement(unshown, Post))


def _shown(where: str, newest: str, join: str) -> str:
    return f"""
        WITH page AS MATERIALIZED (
            SELECT post.*, community_group.kind FROM {memberships.READABLE} {where}
            {join.format("post", newest)} {FEED.ordered("post")} LIMIT :most
        )
        SELECT post.*, person.*, comment.*, post.kind, {taps.OWN}
        FROM page AS post {authors.NAMED.format("post")} LEFT JOIN comment ON FALSE
        UNION ALL
        SELECT post.*, person.*, comment.*, NULL, NULL
        FROM page {join.format("comment", comments.FIRST)}
        {authors.NAMED.format("comment")} LEFT JOIN post ON FALSE
        WHERE page.key_version IS NULL"""


#: Post, author, comment, kind of the group, own reactions.
Found = tuple[Post | None, Person | None, Comment | None, str | None, str | None]

EVERYWHERE, IN_GROUP = _feed(), _feed("AND membership.group_id = :group")


async def read(
    *, to: Person, page: Page, ahead: Ahead, group_id: UUID | None = None
) -> Connection[Post]:
    """The posts of one group, or of all one belongs to, newest first. Raises NotMember."""
    here = EVERYWHERE if group_id is None else IN_GROUP
    under = ahead.page(comments.listed)
    given = {"now": clock.now(), "group": group_id, **groups.reader(to), **FEED.start(page)}
    each = under.first + 1 if under else 0
    found = await here.shown.rows(actor=str(to.id), each=each, **given)
    if group_id and not found:
        await memberships.as_member(group_id, to)
    _bring_reactions(found, ahead)
    if under:
        _bring_comments(found, ahead, under)
    shown = FEED.merged([authors.signed(row[0], row[1]) for row in found if row[0]])
    if group_id and found and found[0][-2] != GroupKind.SUPPORT:
        return pages.cut(shown, FEED, page)  # nobody writes by handle here
    since = shown[-1].published_at if len(shown) > page.first else EARLIEST.at
    unshown = await here.unshown.rows(since=since, **given)
    mine = [post for (post,) in unshown if authors.wrote(to, post)]
    return pages.cut(FEED.merged(shown, mine), FEED, page)


def _bring_reactions(found: Sequence[Found], ahead: Ahead) -> None:
    own = {post.id: row[-1] for row in found if (post := row[0]) and post.key_version is None}
    ahead.bring(reactions.of_viewer, {id: reactions.told(kinds) for id, kinds in own.items()})


def _bring_comments(found: Sequence[Found], ahead: Ahead, page: Page) -> None:
    under: dict[UUID, list[Comment]] = {
        post.id: [] for row in found if (post := row[0]) and post.key_version is None
    }
    said = [authors.signed(row[2], row[1]) for row in found if row[2]]
    for comment in COMMENTS.merged(said):
        under[comment.post_id].append(comment)
    first = {id: pages.cut(rows, COMMENTS, page) for id, rows in under.items()}
    ahead.bring(comments.listed, first)
