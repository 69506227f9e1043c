"""Open questions: in knowledge groups; who knows the thing hears of one that stays open."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import authors, groups, memberships, mutes, posts, topics
from community.groups import GroupKind
from community.memberships import Membership
from community.posts import Post
from core import clock, events, pages, settings
from core.database import inserts
from core.database.sql import Statement
from core.pages import Connection, Listing, Page
from core.people import Person
from core.transactions import transaction

OLDEST = timedelta(days=14)  # of which experts hear
AT_ONCE = 100

OPEN = Listing("open questions", "published_at")


class ExpertCall(Model):
    """That the experts were asked: once for a question."""

    post_id: UUID = fields.UUIDField(primary_key=True)
    called_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "expert_call"


OVERDUE = Statement(
    """
    SELECT post.* FROM post JOIN community_group ON community_group.id = post.group_id
    WHERE post.is_question AND post.answered_at IS NULL AND post.deleted_at IS NULL
    AND post.hidden_at IS NULL AND community_group.kind = 'KNOWLEDGE'
    AND post.published_at > :since AND post.published_at <= :until
    AND NOT EXISTS (SELECT 1 FROM expert_call WHERE expert_call.post_id = post.id)
    ORDER BY post.published_at LIMIT :most
    """,
    Post,
)
#: The experts in a post's tags who belong to its group.
EXPERTS = Statement(
    f"""
    SELECT DISTINCT membership.* FROM tagging
    JOIN tag AS typed ON typed.id = tagging.tag_id
    JOIN tag AS named ON named.canonical_id = typed.canonical_id
    JOIN expert ON expert.tag_id = named.id AND expert.state = 'EXPERT'
    JOIN membership ON membership.person_id = expert.person_id
    WHERE tagging.post_id = :post AND membership.group_id = :group
    AND membership.person_id <> :author AND {mutes.heard(":post", "membership.person_id")}
    ORDER BY membership.person_id
    """,
    Membership,
)


def _unanswered(further: str = "") -> Statement:
    """Written out, for a plan that is made for any value has no use for an index on some rows."""
    return Statement(
        f"""SELECT post.*, person.* {posts.STANDING} AND post.is_question
        AND post.answered_at IS NULL AND community_group.kind = '{GroupKind.KNOWLEDGE}'
        AND post.published_at <= :now AND post.hidden_at IS NULL
        AND {mutes.heard("post.id")} {further} {OPEN.page("post")}""",
        Post,
        Person,
    )


UNANSWERED = _unanswered()
TAGGED = _unanswered(f"AND {topics.TAGGED}")


async def call_experts() -> None:
    """Due work: a question that nobody answered for some hours reaches its tags' experts."""
    until = clock.now() - timedelta(hours=settings.current().expert_call_hours)
    for (post,) in await OVERDUE.rows(since=until - OLDEST, until=until, most=AT_ONCE):
        await _call(post)
    await ExpertCall.filter(called_at__lt=until - 2 * OLDEST).delete()


async def listed(*, to: Person, page: Page, tag_id: UUID | None = None) -> Connection[Post]:
    """Questions without an accepted answer in the knowledge groups one belongs to, newest first."""
    tag = await topics.visible(tag_id, to=to) if tag_id else None
    given = {"now": clock.now(), **groups.reader(to), **OPEN.start(page)}
    found = await (TAGGED.rows(tag=tag.id, **given) if tag else UNANSWERED.rows(**given))
    return pages.cut([authors.signed(post, author) for post, author in found], OPEN, page)


@transaction
async def _call(post: Post) -> None:
    if not await inserts.added(ExpertCall(post_id=post.id, called_at=clock.now())):
        return
    here = {"post": post.id, "group": post.group_id, "author": post.author_id}
    found = [membership for (membership,) in await EXPERTS.rows(**here)]
    alive = await memberships.alive([membership.id for membership in found])
    experts = [one.person_id for one, lives in zip(found, alive, strict=True) if lives]
    if experts:
        told = " ".join(map(str, experts))
        await events.record("question.unanswered", post=post.id, group=post.group_id, experts=told)
