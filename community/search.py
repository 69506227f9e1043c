"""Search: posts, comments, tags and people by what they say, as far as the reader may see it."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self, TypeVar

from community import authors, blocks, groups, memberships, mutes, posts
from community.comments import Comment, CommentWords
from community.posts import Post, PostWords
from community.tags import Tag, TagWords
from core import clock, pages, people
from core.database.sql import Statement
from core.directories import Directory
from core.pages import Connection, Listing, Page
from core.people import Person
from core.search import words
from core.search.names import PersonWords
from core.search.words import Phrase

POSTS = Listing("found posts", "published_at")
COMMENTS = Listing("found comments", "published_at")
TAGS, PEOPLE = Directory("found tags"), Directory("found people")

SHOWN = f"{posts.STANDING} AND post.published_at <= :now AND post.hidden_at IS NULL"

#: Tags by any of their names.
CALLED = f"SELECT canonical_id FROM tag WHERE id IN ({words.found(TagWords)})"

SAYING_SO = Statement(
    f"""SELECT post.* {SHOWN} AND post.id IN (
        {words.found(PostWords)} UNION
        SELECT post_id FROM tagging JOIN tag ON tag.id = tag_id WHERE canonical_id IN ({CALLED})
    ) {POSTS.page("post")}""",
    Post,
)
ANSWERING = Statement(
    f"""SELECT comment.*, person.*
    FROM {memberships.READABLE} JOIN post ON post.group_id = membership.group_id
    JOIN comment ON comment.post_id = post.id {authors.NAMED.format("comment")}
    WHERE comment.id IN ({words.found(CommentWords)})
    AND {posts.STANDS} AND post.published_at <= :now AND post.hidden_at IS NULL
    AND comment.deleted_at IS NULL AND comment.hidden_at IS NULL
    AND comment.published_at <= :now AND {blocks.unblocked("comment.author_id")}
    {COMMENTS.page("comment")}""",
    *(Comment, Person),
)
TAGGING = Statement(
    f"""SELECT tag.* FROM tag WHERE tag.id IN ({CALLED}) AND EXISTS (
        SELECT 1 {SHOWN} AND post.id IN (
            SELECT post_id FROM tagging JOIN tag AS typed ON typed.id = tag_id
            WHERE typed.canonical_id = tag.id)
    ) {TAGS.page("tag")}""",
    Tag,
)
NAMED = Statement(
    f"""SELECT person.* FROM person WHERE person.id IN ({words.found(PersonWords)})
    AND {people.EMPLOYED} AND {blocks.unblocked("person.id")} {PEOPLE.page("person")}""",
    Person,
)

Row = TypeVar("Row")


class Search(NamedTuple):
    """What is looked for."""

    phrases: Sequence[Phrase]

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises TooMuchToFind."""
        return cls(words.phrases(text))


async def saying_so(
    searches: Sequence[Search], *, viewer: Person, page: Page
) -> list[Connection[Post]]:
    """Posts that say it or are tagged with it, newest first; never by who wrote them."""
    return await _each(searches, SAYING_SO, POSTS, page, now=clock.now(), **groups.reader(viewer))


async def answering(
    searches: Sequence[Search], *, viewer: Person, page: Page
) -> list[Connection[Comment]]:
    """Comments that say it, newest first; never by who wrote them, and none of a muted alias."""
    return [await _answering(search, viewer, page) for search in searches]


async def tagging(
    searches: Sequence[Search], *, viewer: Person, page: Page
) -> list[Connection[Tag]]:
    """Tags of that name, as far as they are on posts that the reader may see, by name."""
    return await _each(searches, TAGGING, TAGS, page, now=clock.now(), **groups.reader(viewer))


async def named(
    searches: Sequence[Search], *, viewer: Person, page: Page
) -> list[Connection[Person]]:
    """Colleagues of that name, by name; nobody whom the reader has blocked."""
    given = {"today": clock.business_date(), "reader": viewer.id}
    return await _each(searches, NAMED, PEOPLE, page, **given)


async def _answering(search: Search, viewer: Person, page: Page) -> Connection[Comment]:
    """Handles differ by thread, so what is muted is left out afterwards, and more is read."""
    heard: list[Comment] = []
    start, given = COMMENTS.start(page), {"now": clock.now(), **groups.reader(viewer)}
    while search.phrases and len(heard) <= page.first:
        rows = await ANSWERING.rows(asked=words.asked(search.phrases), **start, **given)
        found = [authors.signed(*row) for row in rows]
        heard += await mutes.unmuted(found, viewer=viewer)
        if len(found) <= page.first:
            break
        start |= {"start_at": found[-1].published_at, "start_id": found[-1].id}
    return pages.cut(heard, COMMENTS, page)


async def _each(
    searches: Sequence[Search], found: Statement, listing: Listing, page: Page, **given: Any
) -> list[Connection[Any]]:
    return [await _read(search, found, listing, page, given) for search in searches]


async def _read(
    search: Search, found: Statement, listing: Listing, page: Page, given: dict[str, Any]
) -> Connection[Any]:
    """Where nothing is looked for, nothing is found."""
    if not search.phrases:
        return Connection(listing)
    start = listing.start(page)
    rows = await found.rows(asked=words.asked(search.phrases), **start, **given)
    return pages.cut([row for row, *_ in rows], listing, page)
