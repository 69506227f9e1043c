"""Whom ideas concern."""

import pytest

from community import blocks, idea_answers, ideas, mutes
from community.groups import GroupKind
from community.idea_answers import Reply
from community.ideas import IdeaStatus
from core.messaging.notices import Notice
from core.people import Grants
from tests.community.test_announcements import delivered
from tests.core.messaging.test_notices import told
from tests.makers import a_group, a_key, a_member, a_post, node

PLANNED = Reply(IdeaStatus.PLANNED, "Next month")


@pytest.fixture
async def group(undo):
    return await a_group(kind=GroupKind.IDEAS)


async def test_who_had_an_idea_hears_who_answered_and_who_sees_to_it_that_they_do(group):
    ann, cai = await a_member(group), await a_member(group)
    ben = await a_member(group, name="Ben", grants=Grants.MODERATOR)
    post = await a_post(group, by=ann)
    await ideas.assign(post.id, cai.id, by=ben)
    await idea_answers.answer(post.id, PLANNED, by=ben, key=a_key())
    await delivered()
    assert await told(ann) == ["Ben answered your idea."]
    assert await told(cai) == ["Ben asks you to see to an idea."]
    assert {one.subject_id for one in await Notice.all()} == {node("post", post)}


async def test_nobody_hears_of_their_own_doing_nor_that_something_is_theirs_no_more(group):
    ann = await a_member(group, grants=Grants.MODERATOR)
    post = await a_post(group, by=ann)
    await ideas.assign(post.id, ann.id, by=ann)
    await idea_answers.answer(post.id, PLANNED, by=ann, key=a_key())
    await ideas.assign(post.id, None, by=await a_member(group, grants=Grants.MODERATOR))
    await delivered()
    assert not await Notice.exists()


async def test_nobody_hears_of_an_idea_they_have_muted_or_of_whom_they_have_blocked(group):
    ann, ben = await a_member(group), await a_member(group, grants=Grants.MODERATOR)
    muted, other = [await a_post(group, by=ann) for _ in range(2)]
    await mutes.mute_thread(muted, by=ann)
    await idea_answers.answer(muted.id, PLANNED, by=ben, key=a_key())
    await blocks.block(ben.id, by=ann)
    await idea_answers.answer(other.id, PLANNED, by=ben, key=a_key())
    await delivered()
    assert not await Notice.exists()
