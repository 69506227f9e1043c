"""Each check finds what it is there to find."""

import pytest
from tortoise.connection import get_connection

from community import appeals, idea_votes, integrity, reactions, thanks, verdicts
from community.groups import GroupKind
from community.ideas import Idea
from community.moderation_cases import ReportReason, Verdict
from community.posts import Post
from community.reactions import ReactionKind
from community.subjects import SubjectKind
from community.verdicts import Decision
from core.people import Grants, Person
from tests.makers import a_comment, a_group, a_key, a_member, a_person, a_post, a_report


@pytest.fixture
async def thread(undo):
    """A group in which everything has happened that is counted."""
    group = await a_group()
    asker, helper = await a_member(group), await a_member(group)
    post = await a_post(group, by=asker, is_question=True)
    answer = await a_comment(post, by=helper)
    await reactions.react(Post, post.id, ReactionKind.HUG, by=helper)
    await thanks.thank(answer.id, by=asker)
    await thanks.thank(answer.id, by=await a_member(group))
    return post


@pytest.fixture
async def cases(undo):
    """Two that were reported once and removed; one author's appeal was granted."""
    decision = Decision(Verdict.REMOVED, ReportReason.SPAM)
    for row in (await a_post(), await a_post()):
        moderator = await a_person(grants=Grants.MODERATOR)
        await verdicts.decide((await a_report(row)).case_id, decision, by=moderator)
    author = await Person.get(id=row.author_id)
    appeal = await appeals.appeal(SubjectKind.POST, row.id, "No", by=author, key=a_key())
    await appeals.decide(appeal.id, "", grant=True, by=await a_person(grants=Grants.MODERATOR))


async def test_right_counters_have_no_findings(thread, cases):
    assert [await check() for check in integrity.CHECKS] == [[]] * len(integrity.CHECKS)


@pytest.mark.parametrize(
    ("check", "wrong", "found"),
    [
        (integrity.members_are_counted, "community_group SET member_count = 4", "counts 4"),
        (integrity.comments_are_counted, "post SET comment_count = 0", "counts 0 comments"),
        (integrity.thanks_are_counted, "comment SET me_too_count = 2", "says 2 me too"),
        (integrity.thanks_are_counted, "comment SET accepted_at = NULL", "says 1 me too"),
        (integrity.answers_are_noted, "post SET answered_at = NULL", "since never"),
        (integrity.reactions_are_counted, "post SET hug_count = 7", "counts 7 HUG"),
        (integrity.reactions_are_counted, "comment SET like_count = 1", "counts 1 LIKE"),
    ],
)
async def test_a_wrong_counter_is_found(thread, check, wrong, found):
    await get_connection("default").execute_query(f"UPDATE {wrong}")
    [finding] = await check()
    assert found in finding


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ("post SET hidden_at = NULL", "is hidden since never for 4, its cases say 4"),
        ("post SET hidden_for = 0", "for 0, its cases say 4"),
        ("post SET hidden_for = 6", "for 6, its cases say 4"),
        ("moderation_case SET final_on = NULL", "for 4, its cases say 0"),
    ],
)
async def test_what_is_hidden_without_a_reason_or_shown_in_spite_of_one_is_found(
    cases, wrong, found
):
    hidden = {"moderation_case": "final_on", "post": "hidden_at"}[wrong.split()[0]]
    await get_connection("default").execute_query(f"UPDATE {wrong} WHERE {hidden} IS NOT NULL")
    [finding] = await integrity.what_is_hidden_has_reasons()
    assert found in finding


async def test_a_wrong_number_of_votes_is_found():
    ideas = await a_group(kind=GroupKind.IDEAS)
    await idea_votes.vote((await a_post(ideas)).id, by=await a_member(ideas))
    assert await integrity.votes_are_counted() == []
    await Idea.all().update(vote_count=2)
    [finding] = await integrity.votes_are_counted()
    assert "counts 2 votes, there are 1" in finding


@pytest.mark.parametrize(
    ("check", "wrong", "found"),
    [
        (
            integrity.reports_are_weighed,
            "moderation_case SET weight = 2000 WHERE final_on IS NOT NULL",
            "weighs 2000, its reports 1000",
        ),
        (
            integrity.reporters_are_judged,
            "reporter SET upheld = 5 WHERE dismissed = 1",
            "was right 5 times and wrong 1, by verdicts 0 and 1",
        ),
    ],
)
async def test_a_wrong_weight_or_judgement_is_found(cases, check, wrong, found):
    await get_connection("default").execute_query(f"UPDATE {wrong}")
    [finding] = await check()
    assert found in finding
