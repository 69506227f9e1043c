"""Vents: what somebody lets out in a support group, and how long it waits for an answer."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community import buckets, listeners, memberships, posts
from community.groups import Group, GroupKind
from community.listeners import NoSupportGroup
from community.posts import Draft, Post, TooFewToHide
from core import clock, idempotency
from core.database import inserts
from core.database.sql import Statement
from core.events import Event
from core.people import Person
from core.text import Language, Text
from core.transactions import transaction

PATIENCE = timedelta(minutes=15)
GIVEN_UP = timedelta(days=1)  # after which it is asked about no more, though nobody was awake
KEPT = timedelta(days=7)


class VentPhrase(StrEnum):
    BAD_CALL = "BAD_CALL"
    SHOUTED_AT = "SHOUTED_AT"
    SHAKEN = "SHAKEN"
    WORN_OUT = "WORN_OUT"


PHRASES = {
    VentPhrase.BAD_CALL: Text(
        "I just took a bad one. I need a moment.",
        "刚接了一通很难受的电话，想缓一缓。",
        "剛接了一通很難受的電話，想緩一緩。",
    ),
    VentPhrase.SHOUTED_AT: Text(
        "I was just shouted at, and it will not leave my head.",
        "刚被骂了一通，脑子里一直停不下来。",
        "剛被罵了一頓，腦子裡一直停不下來。",
    ),
    VentPhrase.SHAKEN: Text(
        "That call has shaken me. Is anybody there?",
        "这通电话让我心里很乱，有人在吗？",
        "這通電話讓我心裡很亂，有人在嗎？",
    ),
    VentPhrase.WORN_OUT: Text(
        "I have nothing left for today.",
        "今天真的撑不动了。",
        "今天真的撐不住了。",
    ),
}


class Vent(Model):
    id = fields.UUIDField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "models.Post", on_delete=fields.CASCADE
    )
    post_id: UUID
    asks_at: datetime = fields.DatetimeField(description="listeners, if it is open then")
    is_open = fields.BooleanField(default=True, description="nobody was asked about it yet")

    class Meta:
        table = "vent"
        indexes = (("is_open", "asks_at"), ("asks_at",))


#: Posts to which somebody else than their author has written, be it that it appears later.
ANSWERED = Statement(
    """
    SELECT post.* FROM post WHERE id = ANY(:posts) AND EXISTS (
        SELECT 1 FROM comment WHERE comment.post_id = post.id AND comment.deleted_at IS NULL
        AND COALESCE(comment.handle, CAST(comment.author_id AS TEXT))
         <> COALESCE(post.handle, CAST(post.author_id AS TEXT)))
    """,
    Post,
)


@transaction
async def now(
    group_id: UUID | None, phrase: VentPhrase, *, by: Person, language: Language, key: str
) -> Post:
    """Let it out in two taps, unseen; in one's largest support group unless one is named.

    Its clock begins before it appears. Raises NoSupportGroup, TooFewToHide and as `posts.create`.
    """
    asked, id = ["vent", group_id, phrase], uuid4()
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await Post.get(id=(await Vent.get(id=first)).post_id)
    group = await _place(group_id, by)
    draft = Draft(PHRASES[phrase].to(language), anonymous=True)
    post = await posts.create(group.id, draft, by=by, key=uuid4().hex)
    asks_at = post.published_at - buckets.BUCKET + PATIENCE
    await Vent.create(id=id, post_id=post.id, asks_at=asks_at)
    return post


async def begin(event: Event) -> None:
    """Subscriber: what appears in a support group waits for an answer from then on."""
    if event.payload["group_kind"] == GroupKind.SUPPORT:
        post_id = UUID(event.payload["post"])
        await inserts.added(Vent(id=uuid4(), post_id=post_id, asks_at=event.due_at + PATIENCE))


async def ask_due() -> None:
    """Due work: listeners are asked about what has waited long enough, once."""
    for vent in await Vent.filter(is_open=True, asks_at__lte=clock.now()).order_by("asks_at"):
        await _ask(vent)


async def forget() -> None:
    """Due work: how long something waited last week is nobody's business."""
    await Vent.filter(asks_at__lt=clock.now() - KEPT).delete()


@transaction
async def _ask(vent: Vent) -> None:
    """While nobody is awake, or the post is held back, it stays open."""
    this = Vent.filter(id=vent.id)
    if not await this.filter(is_open=True).update(is_open=False):
        return
    post = await Post.get_or_none(id=vent.post_id, deleted_at__isnull=True)
    if post and not await _is_over(vent, post):
        group = await Group.get(id=post.group_id)
        asked = post.hidden_at is None and await listeners.ask(post, group)
        await this.update(is_open=not asked)


async def _is_over(vent: Vent, post: Post) -> bool:
    return vent.asks_at < clock.now() - GIVEN_UP or bool(await ANSWERED.rows(posts=[post.id]))


async def _place(group_id: UUID | None, by: Person) -> Group:
    """Where one can be unseen; the refusal of `posts.create` says why if one cannot."""
    if group_id:
        group, _ = await memberships.as_member(group_id, by)
        return group
    own = await listeners.support_groups(by)
    if not own:
        raise NoSupportGroup
    for group in sorted(own, key=lambda group: -group.member_count):
        if await memberships.active_count(group.id) >= posts.ENOUGH:
            return group
    raise TooFewToHide
