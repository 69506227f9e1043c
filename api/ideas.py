"""Ideas, votes for them and what became of them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from api.connections import Connection
from api.people import Person as Colleague
from api.roots import mutation, payload, query
from api.views import Node, batch, view
from community import idea_answers, idea_votes, ideas, posts
from community.ideas import IdeaOrder, IdeaStatus
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person

if TYPE_CHECKING:
    from api.posts import Post
else:
    Post = Annotated["Post", strawberry.lazy("api.posts")]

strawberry.enum(IdeaStatus)
strawberry.enum(IdeaOrder)


@view(idea_answers.IdeaAnswer)
class IdeaAnswer(Node):
    """What was answered, and the status since then."""

    status: IdeaStatus
    text: str
    planned_for: date | None
    answered_at: datetime
    author: Colleague | None = batch(people.by_id, key="author_id")


@view(ideas.Idea)
class Idea(Node):
    status: IdeaStatus
    vote_count: int
    post: Post = batch(posts.by_id)
    owner: Colleague | None = batch(people.by_id, key="owner_id")
    answers: Connection[IdeaAnswer] = batch(idea_answers.of)
    viewer_has_voted: bool = batch(idea_votes.of_viewer)


@query(Connection[Idea])
async def ideas_(
    viewer: Person,
    page: Page,
    *,
    group_id: UUID,
    order: IdeaOrder = IdeaOrder.NEWEST,
    status: IdeaStatus | None = None,
) -> Rows[ideas.Idea]:
    """The ideas of a group, of one status or of all."""
    return await ideas.listed(group_id, to=viewer, page=page, order=order, status=status)


@mutation(payload("IdeaVoted", Idea))
async def vote_for_idea(viewer: Person, idea_id: UUID) -> ideas.Idea:
    """Be for a colleague's idea, as long as it is open or planned."""
    return await idea_votes.vote(idea_id, by=viewer)


@mutation(payload("IdeaVoteTakenBack", Idea))
async def take_back_idea_vote(viewer: Person, idea_id: UUID) -> ideas.Idea:
    return await idea_votes.take_back(idea_id, by=viewer)


@mutation(payload("IdeaAssigned", Idea))
async def assign_idea(viewer: Person, idea_id: UUID, owner_id: UUID | None = None) -> ideas.Idea:
    """Say who sees to an idea; for moderators."""
    return await ideas.assign(idea_id, owner_id, by=viewer)


@strawberry.input(name="IdeaReply")
class IdeaReply:
    status: IdeaStatus
    text: str
    planned_for: date | None = None


@mutation(payload("IdeaAnswered", Idea))
async def answer_idea(
    viewer: Person, idea_id: UUID, reply: IdeaReply, idempotency_key: str
) -> ideas.Idea:
    """Say what becomes of an idea; for its owner and for moderators."""
    given = idea_answers.Reply(**vars(reply))
    return await idea_answers.answer(idea_id, given, by=viewer, key=idempotency_key)
