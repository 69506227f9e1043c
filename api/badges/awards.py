"""Awards: who holds which badge."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from api.badges.badges import Badge
from api.context import Context
from api.ids import NodeId
from api.notices import arriving
from api.roots import mutation, payload, subscription
from api.views import ROW, Node, batch, view
from community import tags
from core import people
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import Notice
from core.people import Person
from gamify.badges import awards, cards, gifts
from gamify.badges.criteria import Level

if TYPE_CHECKING:
    from api.people import Person as Colleague
    from api.tags import Tag
else:
    Colleague = Annotated["Person", strawberry.lazy("api.people")]
    Tag = Annotated["Tag", strawberry.lazy("api.tags")]


@view(awards.Award)
class Award(Node):
    """A badge that somebody won; what ended, and why, is for them and HR.

    `shareCardUrl`, for the holder, is a picture to be sent to a chat in the reader's language.
    """

    badge: Badge
    person: Colleague = batch(people.named, key="person_id")
    level: Level | None
    tag: Tag | None = batch(tags.known, key="tag_id")
    given_by: Colleague | None = batch(people.by_id, key="given_by")
    words: str | None
    won_at: datetime
    ended_at: datetime | None
    reason: str | None
    picture_url: str
    share_card_url: str | None = batch(cards.urls, key=ROW)


@mutation(payload("BadgeGiven", Award))
async def give_badge(
    viewer: Person, *, badge_id: UUID, person_id: UUID, words: str, idempotency_key: str
) -> awards.Award:
    """Give a badge by hand, and say why; the person and their colleagues read it."""
    return await gifts.give(badge_id, person_id, words, by=viewer, key=idempotency_key)


@mutation(payload("AwardRevoked", Award))
async def revoke_award(viewer: Person, award_id: UUID, reason: str) -> awards.Award:
    """Take a badge back; the person reads the reason."""
    return await awards.revoke(award_id, reason, by=viewer)


async def _told(subjects: Sequence[str]) -> list[awards.Award | None]:
    return await awards.by_id([NodeId.parse(subject) for subject in subjects])


@view(Notice)
class BadgeWon:
    """A badge the viewer won; null if it was taken back since."""

    cursor: str
    award: Award | None = batch(_told, key="subject_id")


@subscription(BadgeWon)
async def badge_won(
    context: Context, viewer: Person, after: str | None = None
) -> AsyncIterator[Notice]:
    """What the viewer wins, behind a cursor or from now on, as far as they want to be told."""
    async with aclosing(arriving(context, viewer, after)) as rows:
        async for row in rows:
            if row.kind is NoticeKind.BADGE:
                yield row
