"""Help, and what colleagues make of it."""

from collections.abc import Collection

from api.composition import SUBSCRIBERS
from community import endorsements, thanks
from community.comments import Comment
from community.experts import Expert, ExpertState
from community.groups import Group
from community.tags import Tag
from core import clock, events
from core.people import Person
from tests.makers import a_comment, a_member, a_person, a_post, node


async def helped(
    group: Group, helper: Person, *, tag: str = "refund", asker: Person | None = None
) -> tuple[Person, Comment]:
    """Somebody whose question the helper answered, and who accepted it."""
    asker = asker or await a_member(group)
    question = await a_post(group, by=asker, is_question=True, tags=[tag])
    answer = await a_comment(question, by=helper)
    await thanks.thank(answer.id, by=asker)
    return asker, answer


async def endorsed(group: Group, helper: Person, times: int = 3, tag: str = "refund") -> None:
    """As many colleagues were helped and say so."""
    for _ in range(times):
        asker, _ = await helped(group, helper, tag=tag)
        await endorsements.endorse(helper.id, (await Tag.get(name=tag)).id, by=asker)
    while await events.deliver(SUBSCRIBERS):
        pass


async def in_state(state: ExpertState, tag: str = "refund", *, person: Person) -> Expert:
    """Somebody in a tag that is there already."""
    row = {"person": person, "tag": await Tag.get(name=tag), "state": state}
    return await Expert.create(moved_at=clock.now(), lapses_on=clock.business_date(), **row)


async def known(wanted: Collection[object], ann: Person, group: Group) -> dict[str, str]:
    """For the variables of operations: who helped Ann, and who is an expert or may become one."""
    if not {"helper", "expert", "proposed"} & {*map(str, wanted)}:
        return {}
    helper = await a_member(group)
    await helped(group, helper, asker=ann)
    expert = await in_state(ExpertState.EXPERT, person=helper)
    await in_state(ExpertState.LAPSED, "night", person=ann)
    proposed = await in_state(ExpertState.PROPOSED, person=await a_person())
    return {
        "helper": node("person", helper),
        "expert": node("expert", expert),
        "proposed": node("expert", proposed),
    }
