"""Reactions to posts and comments."""

from uuid import UUID

from api.roots import mutation
from api.subjects import Subject, model
from api.views import itself, view
from community import comments, posts, reactions
from community.reactions import ReactionKind
from core.ahead import Ahead
from core.people import Person


@view(posts.Post, comments.Comment)
class Reacted:
    subject: Subject = itself()


@view(posts.Post, comments.Comment)
class ReactionRemoved:
    subject: Subject = itself()


@mutation(Reacted)
async def react(
    viewer: Person, subject_id: UUID, kind: ReactionKind, ahead: Ahead
) -> reactions.Subject:
    """React to what somebody else wrote; the same reaction twice is one."""
    return await reactions.react(model(subject_id), subject_id, kind, by=viewer, ahead=ahead)


@mutation(ReactionRemoved)
async def remove_reaction(
    viewer: Person, subject_id: UUID, kind: ReactionKind
) -> reactions.Subject:
    """Take a reaction back."""
    return await reactions.take_back(model(subject_id), subject_id, kind, by=viewer)
