"""Votes: what colleagues want an idea to become."""

from collections.abc import Sequence
from uuid import UUID

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from community import authors, ideas
from community.ideas import OPEN, PLANNED, Idea
from community.reactions import OwnWords
from core.database import inserts
from core.errors import Conflict
from core.people import Person
from core.text import Text
from core.transactions import transaction


class IdeaVote(Model):
    id = fields.UUIDField(primary_key=True)
    idea: fields.ForeignKeyRelation[Idea] = fields.ForeignKeyField("models.Idea")
    idea_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: UUID

    class Meta:
        table = "idea_vote"
        unique_together = ("idea", "person")


class VotingIsOver(Conflict):
    text = Text(
        "This idea has its answer; votes change nothing any more.",
        "这个点子已有结论，不再接受投票。",
        "這個點子已有結論，不再接受投票。",
    )


@transaction
async def vote(idea_id: UUID, *, by: Person) -> Idea:
    """Be for an idea; voting twice is once. Raises OwnWords, VotingIsOver."""
    idea, post = await ideas.reached(idea_id, by=by)
    if authors.wrote(by, post):
        raise OwnWords
    if await inserts.added(IdeaVote(idea_id=idea.id, person_id=by.id)):
        undecided = Idea.filter(id=idea.id, status__in=[OPEN, PLANNED])
        if not await undecided.update(vote_count=F("vote_count") + 1):
            raise VotingIsOver
    return await Idea.get(id=idea.id)


@transaction
async def take_back(idea_id: UUID, *, by: Person) -> Idea:
    """Take a vote back; one that is not there changes nothing."""
    idea, _ = await ideas.reached(idea_id, by=by)
    if await IdeaVote.filter(idea_id=idea.id, person_id=by.id).delete():
        await Idea.filter(id=idea.id).update(vote_count=F("vote_count") - 1)
    return await Idea.get(id=idea.id)


async def of_viewer(idea_ids: Sequence[UUID], *, viewer: Person) -> list[bool]:
    """Whether the viewer is for each."""
    mine = IdeaVote.filter(idea_id__in=idea_ids, person_id=viewer.id)
    voted = set(await mine.values_list("idea_id", flat=True))
    return [id in voted for id in idea_ids]
