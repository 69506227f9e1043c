"""Topics: tags as people come across them, by any of their names."""

from collections.abc import Sequence
from uuid import UUID

from community import authors, groups, memberships, mutes, posts, tags
from community.posts import Post
from community.tags import Tag
from core import clock, pages
from core.database.sql import Statement
from core.errors import NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text

FEED = Listing("tag", "published_at")

BY_NAME = Statement(
    """
    SELECT tag.* FROM tag AS named JOIN tag ON tag.id = named.canonical_id
    WHERE named.folded = :folded
    """,
    Tag,
)

#: Of a post: it bears a canonical tag, by whatever name.
TAGGED = """post.id IN (
    SELECT tagging.post_id FROM tagging JOIN tag ON tag.id = tagging.tag_id
    WHERE tag.canonical_id = :tag)"""
#: What a person reads, or would if they went into a group that is open to them.
STANDING = Statement(
    f"""
    SELECT 1 FROM post JOIN community_group ON community_group.id = post.group_id
    WHERE {TAGGED} AND post.published_at <= :now
    AND post.deleted_at IS NULL AND post.hidden_at IS NULL AND (
        post.group_id IN (SELECT membership.group_id FROM {memberships.READABLE}) OR (
            {groups.OPEN} AND community_group.join_policy = 'OPEN'
            AND community_group.kind <> 'SUPPORT'
        )
    ) LIMIT 1
    """
)


#: How many is left open: of any number PostgreSQL takes the newest posts until there are enough,
#: instead of sorting all that bear the tag.
FOUND = Statement(
    f"""
    SELECT post.*, person.* {posts.STANDING} AND {TAGGED}
    AND post.published_at <= :now AND post.hidden_at IS NULL AND {mutes.heard("post.id")}
    AND {FEED.behind("post")} {FEED.ordered("post")} LIMIT :enough
    """,
    Post,
    Person,
)


class TagNotFound(NotFound):
    text = Text("This tag is not here.", "找不到这个标签。", "找不到這個標籤。")


async def visible(tag_id: UUID, *, to: Person) -> Tag:
    """The one way to reach a tag on a person's behalf: it stands on what they could read."""
    return await _shown(await tags.known([tag_id]), to)


async def named(name: str, *, to: Person) -> Tag:
    """The same by any of its names."""
    found = await BY_NAME.rows(folded=tags.folded(name))
    return await _shown([tag for (tag,) in found], to)


async def feed(tag_id: UUID, *, to: Person, page: Page) -> Connection[Post]:
    """The posts with a tag in the groups one belongs to, newest first."""
    tag, start = await visible(tag_id, to=to), FEED.start(page)
    given = {"tag": tag.id, "now": clock.now(), "enough": page.first + 1}
    found = await FOUND.rows(**given, **start, **groups.reader(to))
    return pages.cut([authors.signed(post, author) for post, author in found], FEED, page)


async def _shown(found: Sequence[Tag | None], to: Person) -> Tag:
    for tag in found:
        if tag and await STANDING.rows(tag=tag.id, now=clock.now(), **groups.reader(to)):
            return tag
    raise TagNotFound
