"""Thanks: "this helped me". The asker's accepts the answer, anybody else's says "me too"."""

from collections.abc import Sequence
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import authors, buckets, comments, tags
from community.comments import Comment
from community.groups import Group
from community.posts import Post
from community.reactions import OwnWords
from core import events
from core.database import inserts
from core.database.sql import Statement
from core.people import Person
from core.transactions import transaction


class Thanks(Model):
    id = fields.UUIDField(primary_key=True)
    comment: fields.ForeignKeyRelation[Comment] = fields.ForeignKeyField("models.Comment")
    comment_id: UUID
    actor = fields.CharField(max_length=64, description="person, or a handle where nobody is told")
    by_asker = fields.BooleanField()

    class Meta:
        table = "thanks"
        unique_together = ("comment", "actor")


OF = Statement(
    """
    SELECT thanks.* FROM thanks
    WHERE comment_id = ANY(:comments) AND actor = ANY(:actors)
    """,
    Thanks,
)
TAKE_BACK = Statement(
    "DELETE FROM thanks WHERE comment_id = :comment AND actor = :actor RETURNING thanks.*", Thanks
)
ACCEPT = Statement("UPDATE comment SET accepted_at = :at WHERE id = :id")
COUNT = Statement(
    "UPDATE comment SET me_too_count = me_too_count + :by WHERE id = :id RETURNING me_too_count"
)


@transaction
async def thank(comment_id: UUID, *, by: Person) -> Comment:
    """Say that an answer helped; saying it twice is once."""
    comment, post, group = await _reached(comment_id, by)
    thanks = Thanks(comment_id=comment.id, actor=_actor(by, post), by_asker=_asks(by, post))
    if await inserts.added(thanks):
        await _count(comment, thanks, +1, group)
        await _record(
            "answer.accepted" if thanks.by_asker else "answer.adopted", thanks, comment, post, group
        )
    return comment


@transaction
async def take_back(comment_id: UUID, *, by: Person) -> Comment:
    """Take thanks back; thanks that are not there change nothing."""
    comment, post, group = await _reached(comment_id, by)
    for (thanks,) in await TAKE_BACK.rows(comment=comment.id, actor=_actor(by, post)):
        await _count(comment, thanks, -1, group)
        await _record(
            "answer.unaccepted" if thanks.by_asker else "answer.unadopted",
            thanks,
            comment,
            post,
            group,
        )
    return comment


async def of_viewer(comments: Sequence[Comment], *, viewer: Person) -> list[bool]:
    """Whether the viewer thanked for each comment."""
    actors = {str(viewer.id), *(authors.actor(viewer.id, row.thread) for row in comments)}
    found = await OF.rows(comments=[row.id for row in comments], actors=actors)
    thanked = {thanks.comment_id for (thanks,) in found}
    return [row.id in thanked for row in comments]


async def _reached(comment_id: UUID, by: Person) -> tuple[Comment, Post, Group]:
    comment, post, group = await comments.reached(comment_id, by=by)
    if authors.wrote(by, comment):
        raise OwnWords
    return comment, post, group


def _asks(by: Person, post: Post) -> bool:
    return post.is_question and authors.wrote(by, post)


def _actor(by: Person, post: Post) -> str:
    """A named asker thanks by name, so that their name never meets their handle in one row."""
    return str(by.id) if post.author_id == by.id else authors.actor(by.id, post.thread)


async def _count(comment: Comment, thanks: Thanks, by: int, group: Group) -> None:
    if not thanks.by_asker:
        [(comment.me_too_count,)] = await COUNT.rows(id=comment.id, by=by)
        return
    comment.accepted_at = buckets.shown_at(group) if by > 0 else None
    await ACCEPT.rows(id=comment.id, at=comment.accepted_at)
    await comments.settle(comment.post_id)


async def _record(name: str, thanks: Thanks, comment: Comment, post: Post, group: Group) -> None:
    """Between whom is told only where both wrote under their names and nobody is sheltered."""
    told = not group.sheltered
    await events.record(
        name,
        actor=UUID(thanks.actor) if told else None,
        due_at=buckets.shown_at(group),
        thanks=thanks.id,
        comment=comment.id,
        post=post.id,
        group=group.id,
        group_kind=group.kind,
        asker=post.author_id if told else None,
        answerer=comment.author_id if told else None,
        tags=await _tags(post) if told else None,
    )


async def _tags(post: Post) -> str:
    """Their ids, one after the other."""
    [found] = await tags.of([post.id])
    return " ".join(tag.id.hex for tag in found)
