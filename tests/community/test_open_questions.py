import asyncio
from datetime import timedelta

import pytest

from community import blocks, memberships, open_questions, posts, thanks
from community.experts import ExpertState
from community.groups import GroupKind
from community.open_questions import ExpertCall
from community.posts import Post
from community.tags import Tag
from core import clock
from core.events import Event
from core.people import Grants, Person
from tests.expertise import in_state
from tests.makers import a_comment, a_group, a_member, a_person, a_post, ask, node, send

LATER = timedelta(hours=4, minutes=1)


async def an_expert(group, tag="refund", state=ExpertState.EXPERT):
    return (await in_state(state, tag, person=await a_member(group))).person


async def a_question(group, **given):
    return await a_post(group, is_question=True, **{"tags": ["refund"]} | given)


async def called(after=LATER):
    """Whom a question reached, later."""
    with clock.set_to(clock.now() + after):
        await open_questions.call_experts()
    told = await Event.filter(name="question.unanswered").order_by("id")
    return [(event.payload["post"], event.payload["experts"].split()) for event in told]


async def test_a_question_that_stays_open_reaches_its_tags_experts_once():
    group = await a_group()
    question = await a_question(group, tags=["night", "refund"])
    experts = [await an_expert(group), await an_expert(group, tag="night")]
    await an_expert(group, state=ExpertState.LAPSED)

    assert await called(after=timedelta(hours=3, minutes=59)) == []
    for _ in range(2):
        told = await called()

    assert told == [(str(question.id), sorted(str(person.id) for person in experts))]


async def test_who_cannot_read_it_or_asked_it_is_not_called():
    group, other = await a_group(excludes_hr=True), await a_group()
    await a_post(group, tags=["refund"])
    await an_expert(other)
    await Person.filter(id=(await an_expert(group)).id).update(grants=Grants.HR)
    left = await an_expert(group)
    await memberships.leave(group.id, by=left)
    asker = await an_expert(group)
    await a_question(group, by=asker)
    assert await called() == []


@pytest.mark.parametrize("settled", ["answered", "deleted", "hidden", "no question", "old"])
async def test_what_needs_no_answer_calls_nobody(settled):
    group = await a_group()
    asker = await a_member(group)
    question = await a_question(group, by=asker)
    await an_expert(group)
    standing = Post.filter(id=question.id)
    if settled == "answered":
        await thanks.thank((await a_comment(question)).id, by=asker)
    elif settled == "deleted":
        await posts.delete(question.id, by=asker)
    elif settled == "hidden":
        await standing.update(hidden_at=clock.now())
    elif settled == "no question":
        await standing.update(is_question=False)
    else:
        await standing.update(published_at=clock.now() - timedelta(days=15))
    assert await called() == []


@pytest.mark.parametrize("other", [GroupKind.SUPPORT, GroupKind.SOCIAL, GroupKind.IDEAS])
async def test_experts_are_called_in_knowledge_groups_alone(other):
    group = await a_group()
    await a_question(group)
    await an_expert(group)
    await group.filter(id=group.id).update(kind=other)
    assert await called() == []


async def test_how_long_a_question_waits_is_a_setting(set_limits):
    group = await a_group()
    await a_question(group)
    await an_expert(group)
    set_limits(expert_call_hours=0.5)
    assert len(await called(after=timedelta(minutes=31))) == 1


async def test_open_questions_are_listed_by_tag_until_they_are_answered():
    group, elsewhere = await a_group(), await a_group()
    asker = await a_member(group)
    refund = await a_question(group, by=asker, text="refund?")
    await a_question(group, by=asker, text="night?", tags=["night"])
    await a_question(elsewhere, text="elsewhere?")
    await a_post(group, text="no question", tags=["refund"])
    tag = node("tag", await Tag.get(name="refund"))

    assert await texts(asker) == ["night?", "refund?"]
    assert await texts(asker, tag=tag) == ["refund?"]
    await thanks.thank((await a_comment(refund)).id, by=asker)
    assert await texts(asker, tag=tag) == []


async def texts(reader, **asked):
    found = await send("UnansweredQuestions", by=reader, **asked)
    return [edge["node"]["text"] for edge in found["edges"]]


async def test_a_tag_that_is_not_there_has_no_questions():
    stranger = await a_person()
    await a_question(group := await a_group())
    await group.filter(id=group.id).update(join_policy="APPLICATION")
    tag = await Tag.get(name="refund")
    document = "query ($tag: ID) { unansweredQuestions(tagId: $tag) { edges { cursor } } }"
    answer = await ask(document, by=stranger, tag=node("tag", tag))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["TAG_NOT_FOUND"]


@pytest.mark.committed
async def test_many_processes_call_once():
    group = await a_group()
    await a_question(group)
    await an_expert(group)
    with clock.set_to(clock.now() + LATER):
        await asyncio.gather(*(open_questions.call_experts() for _ in range(6)))

    assert await Event.filter(name="question.unanswered").count() == 1
    assert await ExpertCall.all().count() == 1


async def test_a_colleague_whom_one_has_blocked_asks_one_nothing():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    await a_question(group, by=ben)
    assert len((await send("UnansweredQuestions", by=ann))["edges"]) == 1
    await blocks.block(ben.id, by=ann)
    assert (await send("UnansweredQuestions", by=ann))["edges"] == []
