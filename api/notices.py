"""Notices: what the viewer was told."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import datetime
from typing import cast
from uuid import UUID

from api import watch
from api.context import Context
from api.notice_kinds import NoticeKind
from api.people import Person as PersonView
from api.roots import mutation, subscription
from api.views import ROW, Node, batch, itself, view
from api.watch import Stream
from core import bus
from core.identity.sessions import Session
from core.messaging import notice_words, notices
from core.people import Person


@view(notices.Notice)
class Notice(Node):
    """One line for what is alike; as long as it is unread, news join it and it keeps its place."""

    kind: NoticeKind
    text: str = batch(notice_words.texts, key=ROW)
    actors: list[PersonView] = batch(notice_words.actors, key=ROW)
    actor_count: int
    subject_id: UUID | None
    at: datetime
    is_read: bool


@view(notices.Notice)
class NoticeArrived:
    """A line that is new, or that news have joined, as it stands now."""

    cursor: str
    unread_notice_count: int = batch(notices.unread_counts, key="person_id")
    notice: Notice = itself()


@view(notices.NoticesRead)
class NoticesRead:
    unread_notice_count: int = batch(notices.unread_counts, key="person_id")


@mutation(NoticesRead)
async def mark_notices_read(
    viewer: Person, notice_ids: list[UUID] | None = None
) -> notices.NoticesRead:
    """These, or all there are."""
    return await notices.mark_read(notice_ids, by=viewer)


@subscription(NoticeArrived)
async def notice_arrived(
    context: Context, viewer: Person, after: str | None = None
) -> AsyncIterator[notices.Notice]:
    """What the viewer is told, behind a cursor or from now on."""
    async with aclosing(arriving(context, viewer, after)) as rows:
        async for row in rows:
            yield row


async def arriving(
    context: Context, viewer: Person, after: str | None
) -> AsyncGenerator[notices.Notice]:
    """Until the session ends that it is read in."""
    with bus.current().listeners.listen(viewer.id) as listener:
        session = cast("Session", context.session)  # which the viewer came by
        with watch.over(Stream(listener, session.id)):
            async with aclosing(notices.follow(viewer, after, listener=listener)) as rows:
                async for row in rows:
                    yield row
