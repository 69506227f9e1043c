"""The feed: the posts of one's groups, newest first."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from community import authors, groups, memberships, mutes, posts, reactions, taps, threads
from community.comments import Comment
from community.groups import GroupKind
from community.posts import FEED, Post
from community.reactions import ReactionKind
from community.threads import COMMENTS
from core import clock, pages
from core.ahead import Ahead
from core.database import versions
from core.database.sql import Statement
from core.database.versions import Kept
from core.pages import EARLIEST, Connection, Page, Standing
from core.people import Person

LATERAL = "JOIN LATERAL (SELECT {0}.* {1}) AS {0} ON TRUE"
WITHIN = "JOIN {0} ON {0}.id IN (SELECT {0}.id {1})"  # as SQLite has it

#: In SQL: the version of all that is shown with a post of a `page`; no comments of handles.
VERSION = f"""
    concat_ws('|', :each, page.version,
        (SELECT {versions.of("person")} FROM person WHERE person.id = page.author_id),
        CASE WHEN page.key_version IS NULL THEN (
            SELECT string_agg(concat(said.version, ' ', {versions.of("person")}), ' '
                              ORDER BY said.published_at, said.id)
            FROM (SELECT comment.id, comment.published_at, comment.author_id,
                  {versions.of("comment")} AS version {threads.FIRST}) AS said
            {authors.NAMED.format("said")}
        ) END)"""

#: In SQL: what the reader is shown, as far as everybody is or as it bears the reader's name.
SHOWN = f"""{posts.STANDS} AND {mutes.heard("post.id")}
    AND (post.published_at <= :now AND post.hidden_at IS NULL OR post.author_id = :reader)"""


class Feed(NamedTuple):
    found: Statement
    """which posts, in which version, the kind of the group and the own reactions"""
    unshown: Statement
    """what may be the reader's own by handle, and nobody else's to see"""


def _feed(where: str = "") -> Feed:
    """Each group gives its own newest: no reader waits for others' groups to be looked through."""
    unshown = f"""
        SELECT post.* {posts.STANDING} {where}
        AND post.handle IS NOT NULL AND {mutes.heard("post.id")}
        AND (post.published_at > :now OR post.hidden_at IS NOT NULL)
        AND post.published_at >= :since AND {FEED.behind("post")}"""
    return Feed(_found(where), Statement(unshown, Post))


def _found(where: str) -> Statement:
    newest = f"FROM post WHERE post.group_id = membership.group_id AND {SHOWN} {FEED.page('post')}"
    columns = "post.id, post.published_at, post.author_id, post.key_version"
    lateral = f"JOIN LATERAL (SELECT {columns}, {versions.of('post')} AS version {newest})"

    def text(join: str, state: str, version: str) -> str:
        return f"""
        WITH page AS MATERIALIZED (
            SELECT {columns}, {state}, community_group.kind FROM {memberships.READABLE} {where}
            {join} {FEED.ordered("post")} LIMIT :most
        )
        SELECT page.id, {version}, page.kind, {taps.OWN.format("page")} FROM page"""

    postgres = text(f"{lateral} AS post ON TRUE", "post.version", VERSION)
    return Statement(postgres, sqlite=text(WITHIN.format("post", newest), "NULL", "NULL"))


def _reading(version: str, join: str) -> str:
    """Posts with their authors and their first comments, the version with each post."""
    state = versions.of("post") if version != "NULL" else version
    return f"""
        WITH page AS MATERIALIZED (
            SELECT post.id, post.author_id, post.key_version, {state} AS version
            FROM post WHERE post.id = ANY(:ids) AND {SHOWN}
        )
        SELECT post.*, person.*, comment.*, {version} FROM page JOIN post ON post.id = page.id
        {authors.NAMED.format("post")} LEFT JOIN comment ON FALSE
        UNION ALL
        SELECT post.*, person.*, comment.*, NULL
        FROM page {join.format("comment", threads.FIRST)}
        {authors.NAMED.format("comment")} LEFT JOIN post ON FALSE
        WHERE page.key_version IS NULL"""


EVERYWHERE, IN_GROUP = _feed(), _feed("AND membership.group_id = :group")
READ = Statement(_reading(VERSION, LATERAL), Post, Person, Comment, sqlite=_reading("NULL", WITHIN))


class Shown(NamedTuple):
    """A post with its first comments, if they are asked for and nobody has a handle."""

    post: Post
    first: Connection[Comment]


class Seen(NamedTuple):
    """A page as all see it who have reacted alike; its reactions and first comments, where nobody
    has a handle."""

    listed: Connection[Post]
    own: Mapping[UUID, list[ReactionKind]]
    first: Mapping[UUID, Connection[Comment]]


KEPT: Kept[str, Shown] = Kept(room=1000)
PAGES: Kept[tuple[Any, ...], Seen] = Kept(room=200)

#: Of the posts of a page, and of the comments of a post, as many are kept.
MANY, FEW = 21, 5


async def read(
    *, to: Person, page: Page, ahead: Ahead, group_id: UUID | None = None
) -> Connection[Post]:
    """The posts of one group, or of all one belongs to, newest first. Raises NotMember."""
    here = EVERYWHERE if group_id is None else IN_GROUP
    given = {"now": clock.now(), "actor": str(to.id), **groups.reader(to)}
    start = {"group": group_id, **FEED.start(page)}
    under = ahead.page(threads.comments)
    each = under.first + 1 if under else 0
    found = await here.found.rows(each=each, **start, **given)
    if group_id and not found:
        await memberships.as_member(group_id, to)
    seen = await _seen(found, page, under, each=each, **given)
    ahead.bring(reactions.of_viewer, seen.own)
    if under:
        ahead.bring(threads.comments, seen.first, steady=True)
    if group_id and found and found[0][2] != GroupKind.SUPPORT:
        return seen.listed  # nobody writes by handle here
    listed, more = seen.listed.rows, seen.listed.has_next_page
    since = listed[-1].published_at if listed and more else EARLIEST.at
    unshown = await here.unshown.rows(since=since, **start, **given)
    own = [post for (post,) in unshown if authors.wrote(to, post)]
    if not own:
        return seen.listed
    both = FEED.merged(listed, own)
    return Connection(FEED, both[: page.first], more or len(both) > page.first)


async def _seen(found: Sequence[Any], page: Page, under: Page | None, **given: Any) -> Seen:
    """What was found, kept or read; but for what was taken away in this moment."""
    which = (page.first, *found)
    if known := PAGES.get(which):
        return known
    shown = await _shown(found, under, **given)
    named = [(one, kinds) for one, kinds in shown if one.post.key_version is None]
    rows = FEED.merged([one.post for one, _ in shown])
    seen = Seen(
        Standing(FEED, rows[: page.first], len(found) > page.first),
        {one.post.id: reactions.told(kinds) for one, kinds in named},
        {one.post.id: one.first for one, _ in named},
    )
    if len(found) == len(shown) <= MANY and all(map(_is_kept, found, shown)):
        versions.keep(seen.listed)
        PAGES.put(which, seen)
    return seen


def _is_kept(found: Any, shown: tuple[Shown, Any]) -> bool:
    """In the version that was found: what has come since may not be for all who found the same."""
    return KEPT.get(found[1]) is shown[0]


async def _shown(
    found: Sequence[Any], under: Page | None, **given: Any
) -> list[tuple[Shown, str | None]]:
    kept = [KEPT.get(version) for _, version, *_ in found]
    missing = [UUID(str(id)) for (id, *_), one in zip(found, kept, strict=True) if one is None]
    read = iter(await _read(missing, under, **given) if missing else ())
    both = [one or next(read) for one in kept]
    return [(one, kinds) for (*_, kinds), one in zip(found, both, strict=True) if one]


async def _read(ids: Sequence[UUID], under: Page | None, **given: Any) -> list[Shown | None]:
    rows = await READ.rows(ids=ids, **given)
    said: dict[UUID, list[Comment]] = {id: [] for id in ids}
    for _, author, comment, _ in rows:
        if comment:
            said[comment.post_id].append(authors.signed(comment, author))
    read: dict[UUID, Shown] = {}
    for post, author, _, version in rows:
        if post:
            first = pages.cut(COMMENTS.merged(said[post.id]), COMMENTS, under or Page())
            read[post.id] = Shown(authors.signed(post, author), first)
            if version and len(first.rows) <= FEW:
                _keep(version, read[post.id])
    return [read.get(id) for id in ids]


def _keep(version: str, shown: Shown) -> None:
    said: list[Post | Comment] = [shown.post, *shown.first.rows]
    for words in said:
        versions.keep(words)
        if words.author:
            versions.keep(words.author)
    KEPT.put(version, shown)
