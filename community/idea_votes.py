"""Votes: what colleagues want an idea to become."""

from collections.abc import Sequence
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import authors, ideas
from community.ideas import OPEN, PLANNED, Idea
from community.reactions import OwnWords
from core.database import inserts
from core.database.sql import Statement
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


COUNT = Statement(
    """
    UPDATE idea SET vote_count = vote_count + 1
    WHERE id = :idea AND status = ANY(:undecided) RETURNING idea.*
    """,
    Idea,
)
TAKE_BACK = Statement(
    "DELETE FROM idea_vote WHERE idea_id = :idea AND person_id = :person RETURNING id"
)
COUNT_OUT = Statement(
    "UPDATE idea SET vote_count = vote_count - 1 WHERE id = :idea RETURNING idea.*", Idea
)
OF = Statement("SELECT idea_id FROM idea_vote WHERE idea_id = ANY(:ideas) AND person_id = :person")


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
        if not (counted := await COUNT.rows(idea=idea.id, undecided=[OPEN, PLANNED])):
            raise VotingIsOver
        [(idea,)] = counted
    return idea


@transaction
async def take_back(idea_id: UUID, *, by: Person) -> Idea:
    """Take a vote back; one that is not there changes nothing."""
    idea, _ = await ideas.reached(idea_id, by=by)
    if await TAKE_BACK.rows(idea=idea.id, person=by.id):
        [(idea,)] = await COUNT_OUT.rows(idea=idea.id)
    return idea


async def of_viewer(idea_ids: Sequence[UUID], *, viewer: Person) -> list[bool]:
    """Whether the viewer is for each."""
    mine = await OF.rows(ideas=idea_ids, person=viewer.id)
    voted = {UUID(str(id)) for (id,) in mine}  # SQLite keeps ids as text
    return [id in voted for id in idea_ids]
