"""Lapses: who is not active in a tag for 180 days is no expert in it any more."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q, Subquery

from community import experts, tags
from community.comments import Comment
from community.experts import EXPERT, LAPSED, LASTS, Expert, NotThatMove
from community.groups import GroupKind
from community.posts import Post
from community.tags import Tagging
from core import clock, pauses
from core.transactions import transaction

AT_ONCE = 100


async def lapse() -> None:
    """Due work: an expert's time is up, unless there was activity, or a pause."""
    due = Expert.filter(state=EXPERT, lapses_on__lte=clock.business_date())
    for expert in await due.order_by("lapses_on").limit(AT_ONCE):
        await _lapse(expert)


@transaction
async def _lapse(expert: Expert) -> None:
    until = await _until(expert)
    if until > clock.business_date():
        await Expert.filter(id=expert.id, state=EXPERT).update(lapses_on=until)
        return
    with suppress(NotThatMove):  # somebody was faster
        await experts.move(expert, LAPSED, by=None)


async def _until(expert: Expert) -> date:
    """180 days after the last activity, days of pause not counted."""
    [tag] = await tags.by_id([expert.tag_id])
    active_on = clock.business_date(await _last(expert, tag.id))
    [away] = await pauses.days([expert.person_id], active_on, clock.business_date())
    return active_on + LASTS + timedelta(days=away)


async def _last(expert: Expert, tag_id: UUID) -> datetime:
    """When something of theirs last appeared under the tag, outside of shelters."""
    tagged = Subquery(Tagging.filter(tag__canonical_id=tag_id).values("post_id"))
    theirs = Q(author_id=expert.person_id, deleted_at__isnull=True)
    comments = Comment.filter(theirs, post_id__in=tagged)
    posts = Post.filter(theirs, id__in=tagged)
    latest = [
        await comments.exclude(post__group__kind=GroupKind.SUPPORT)
        .order_by("-published_at")
        .first(),
        await posts.exclude(group__kind=GroupKind.SUPPORT).order_by("-published_at").first(),
    ]
    return max([expert.moved_at, *(row.published_at for row in latest if row)])
