"""What hangs on the board: an idea, and something new."""

from collections.abc import Collection

from community import bulletins, idea_answers, idea_votes, ideas, memberships
from community.groups import Group, GroupKind
from community.idea_answers import Reply
from community.ideas import IdeaStatus
from core.people import Person
from tests.makers import a_group, a_key, a_member, a_post, node


async def known(wanted: Collection[object], ann: Person, group: Group) -> dict[str, str]:
    """For the variables of operations: ideas that Ann may answer, and what she has pinned."""
    if not {"idea", "lamps", "bulletin"} & {*map(str, wanted)}:
        return {}
    lamps = await a_group(kind=GroupKind.IDEAS)
    await memberships.join(lamps.id, by=ann)
    idea = await a_post(lamps, tags=["lamp"])
    await idea_votes.vote(idea.id, by=await a_member(lamps))
    await ideas.assign(idea.id, ann.id, by=ann)
    await idea_answers.answer(idea.id, Reply(IdeaStatus.PLANNED, "Soon"), by=ann, key=a_key())
    bulletin = await bulletins.pin((await a_post(group)).id, by=ann)
    return {
        "idea": node("idea", idea),
        "lamps": node("group", lamps),
        "bulletin": node("bulletin", bulletin),
    }
