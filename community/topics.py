"""Topics: tags as people come across them, by any of their names."""

from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from community import blocks, groups, memberships, mutes, tags
from community.groups import GroupKind, JoinPolicy
from community.posts import Post
from community.tags import Tag, Tagging
from core import clock, pages
from core.errors import NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text

FEED = Listing("tag", "published_at")


class TagNotFound(NotFound):
    text = Text("This tag is not here.", "找不到这个标签。", "找不到這個標籤。")


async def visible(tag_id: UUID, *, to: Person) -> Tag:
    """The one way to reach a tag on a person's behalf: it stands on what they could read."""
    return await _shown(Q(names__id=tag_id), to)


async def named(name: str, *, to: Person) -> Tag:
    """The same by any of its names."""
    return await _shown(Q(names__folded=tags.folded(name)), to)


async def feed(tag_id: UUID, *, to: Person, page: Page) -> Connection[Post]:
    """The posts with a tag in the groups one belongs to, newest first."""
    tag = await visible(tag_id, to=to)
    shown = posts_shown() & blocks.unblocked_by(to) & mutes.heard_by(to)
    posts = Post.filter(tagged(tag.id), shown, group_id__in=memberships.readable(to))
    return await pages.read(posts, FEED, page)


def tagged(tag_id: UUID) -> Q:
    """The condition on a post of bearing a canonical tag, by whatever name."""
    return Q(id__in=Subquery(Tagging.filter(tag__canonical_id=tag_id).values("post_id")))


def posts_shown() -> Q:
    return Q(published_at__lte=clock.now(), deleted_at__isnull=True, hidden_at__isnull=True)


async def _shown(where: Q, to: Person) -> Tag:
    tag = await Tag.filter(where).first()
    if tag is None or not await _posts(tag, to).exists():
        raise TagNotFound
    return tag


def _posts(tag: Tag, to: Person) -> QuerySet[Post]:
    """What a person reads, or would if they went into a group that is open to them."""
    mine = Q(group_id__in=memberships.readable(to))
    public = groups.open_to(to, "group__") & Q(group__join_policy=JoinPolicy.OPEN)
    unsheltered = ~Q(group__kind=GroupKind.SUPPORT)
    return Post.filter(mine | (public & unsheltered), tagged(tag.id), posts_shown())
