"""Bulletin news: the members of a group hear that something was pinned, some at a time."""

from uuid import UUID

from community import mutes, posts
from community.groups import Group
from community.memberships import Membership, Standing
from core import events
from core.events import Event
from core.messaging import announcements, notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text

AT_ONCE = 100  # members; more would hold up other news
FIRST = UUID(int=0)

MANNERS[NoticeKind.BULLETIN] = Manner(
    Text("There is an announcement for you.", "有一条新公告。", "有一則新公告。")
)


PINNED = Text(
    "A new announcement is pinned in “{group}”. Open Breakroom to read it.",
    "“{group}”有一条新的置顶公告，请打开茶水间查看。",
    "「{group}」有一則新的置頂公告，請打開茶水間查看。",
)


async def begin(event: Event) -> None:
    """Subscriber: from the first member on."""
    await _next(event, after=FIRST, source=str(event.id))


async def announce(event: Event) -> None:
    """Subscriber: robots say it, if everybody may come into the group."""
    group = await Group.get(id=event.payload["group"])
    if group.is_public:
        source = f"bulletin {event.payload['post']}"
        await announcements.announce(announcements.News(source, PINNED, {"group": group.name}))


async def tell(event: Event) -> None:
    """Subscriber: the next members, and then those after them."""
    told, after = event.payload, UUID(event.payload["after"])
    members = Membership.filter(group_id=told["group"], standing=Standing.MEMBER, id__gt=after)
    some = await members.order_by("id").limit(AT_ONCE).select_related("person")
    for membership in some:
        await _tell(membership.person, event)
    if len(some) == AT_ONCE:
        await _next(event, after=some[-1].id, source=told["source"])


async def _tell(reader: Person, event: Event) -> None:
    """Not who pinned it, nor who has muted or blocked its author."""
    post_id = UUID(event.payload["post"])
    [muted] = await mutes.of_viewer([post_id], viewer=reader)
    if reader.id == event.actor_id or muted or await posts.seen([post_id], viewer=reader) == [None]:
        return
    news = News(NoticeKind.BULLETIN, f"post_{post_id.hex}", event.payload["source"])
    await notices.tell(reader.id, news)


async def _next(event: Event, *, after: UUID, source: str) -> None:
    about = {name: event.payload[name] for name in ("post", "group")}
    await events.record("bulletin.due", actor=event.actor_id, after=after, source=source, **about)
