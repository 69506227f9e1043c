from datetime import timedelta

import pytest

from community import comments, helped, memberships, reactions, thanks
from community.comments import Comment
from community.groups import Group, GroupKind
from community.reactions import ReactionKind
from core import clock
from core.people import Person
from tests.makers import a_comment, a_crowd, a_group, a_member, a_post, graphql, node

HOUR = timedelta(hours=1)


@pytest.fixture
async def shelter(undo) -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


@pytest.fixture(autouse=True)
def later():
    """What was said before has appeared."""
    with clock.set_to(clock.now() + HOUR):
        yield


async def an_answer(group: Group, *, by: Person, asker: Person | None = None, **how) -> Comment:
    with clock.set_to(clock.now() - HOUR):
        post = await a_post(group, by=asker, is_question=True, anonymous=True)
    with clock.set_to(clock.now() - HOUR / 2):
        return await a_comment(post, by=by, **how)


async def count(person: Person) -> int:
    with clock.set_to(clock.now() + HOUR):
        return (await graphql("{ viewer { helpedCount } }", by=person))["viewer"]["helpedCount"]


@pytest.mark.parametrize("anonymous", [True, False])
async def test_each_colleague_counts_once_in_a_thread(shelter, anonymous):
    helper, asker, other = [await a_member(shelter) for _ in range(3)]
    answer = await an_answer(shelter, by=helper, asker=asker, anonymous=anonymous)
    for one in (asker, other):
        await thanks.thank(answer.id, by=one)
        await reactions.react(Comment, answer.id, ReactionKind.HUG, by=one)
    assert (await count(helper), await count(asker), await count(other)) == (2, 0, 0)
    second = await an_answer(shelter, by=helper, asker=asker, anonymous=anonymous)
    await reactions.react(Comment, second.id, ReactionKind.HUG, by=other)
    assert await count(helper) == 3


async def test_a_named_asker_who_thanks_and_hugs_is_one(shelter):
    helper, asker = await a_member(shelter), await a_member(shelter)
    with clock.set_to(clock.now() - HOUR):
        post = await a_post(shelter, by=asker, is_question=True)
    with clock.set_to(clock.now() - HOUR / 2):
        answer = await a_comment(post, by=helper, anonymous=True)
    await thanks.thank(answer.id, by=asker)
    await reactions.react(Comment, answer.id, ReactionKind.HUG, by=asker)
    assert await count(helper) == 1


async def test_a_like_is_no_help_and_what_is_taken_back_counts_no_more(shelter):
    helper, other = await a_member(shelter), await a_member(shelter)
    answer = await an_answer(shelter, by=helper, anonymous=True)
    await reactions.react(Comment, answer.id, ReactionKind.LIKE, by=other)
    assert await count(helper) == 0
    await thanks.thank(answer.id, by=other)
    assert await count(helper) == 1
    await thanks.take_back(answer.id, by=other)
    assert await count(helper) == 0


async def test_help_elsewhere_and_deleted_answers_do_not_count(shelter):
    group = await a_group()
    helper, other = await a_member(shelter), await a_member(shelter)
    for person in (helper, other):
        await memberships.join(group.id, by=person)
    elsewhere = await a_comment(await a_post(group), by=helper)
    await thanks.thank(elsewhere.id, by=other)
    answer = await an_answer(shelter, by=helper, anonymous=True)
    await thanks.thank(answer.id, by=other)
    await comments.delete(answer.id, by=helper)
    assert await count(helper) == 0


async def test_nobody_is_told_how_many_others_helped(shelter):
    helper = await a_member(shelter)
    answer = await an_answer(shelter, by=helper)
    await thanks.thank(answer.id, by=await a_member(shelter))
    asked = "query ($id: ID!) { person(id: $id) { name } viewer { helpedCount } }"
    data = await graphql(asked, by=await a_member(shelter), id=node("person", helper))
    assert data["viewer"] == {"helpedCount": 0}


async def test_however_much_one_helped_it_costs_two_statements(shelter, statements):
    helper = await a_member(shelter)
    for _ in range(3):
        answer = await an_answer(shelter, by=helper, anonymous=True)
        await thanks.thank(answer.id, by=await a_member(shelter))
    statements()
    assert await helped.counts([helper]) == [3]
    assert len(statements()) == 2
