from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import buddies, comments, hidings, memberships, reactions, seals, thanks
from community.comments import Comment
from community.groups import Group, GroupKind
from community.hiding_reasons import HidingReason
from community.posts import Post
from community.reactions import ReactionKind
from core import clock, events
from core.messaging import sealed_news
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import Notice
from core.messaging.sealed_news import SealedNews
from core.people import Person, Team
from gamify import rules
from tests.core.messaging.test_notices import told, unread
from tests.makers import a_comment, a_crowd, a_group, a_member, a_person, a_post

HOUR = timedelta(hours=1)


async def delivered() -> None:
    """An hour later all that happened was delivered, and every batch has come."""
    with clock.set_to(clock.now() + HOUR):
        while await events.deliver(SUBSCRIBERS):
            assert not await events.Event.filter(error__not_isnull=True).values_list("error")
        await sealed_news.tell_due()


async def a_member_named(group: Group, name: str) -> Person:
    return await a_member(group, name=name)


@pytest.fixture
async def shelter(undo) -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


async def test_answers_come_in_one_line():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    for name in ("Ben", "Cai", "Dan"):
        await a_comment(post, by=await a_member(group, name=name))
    await a_comment(post, by=ann)
    await delivered()

    assert await told(ann) == ["Dan, Cai and 1 other answered you."]
    [notice] = await Notice.all()
    assert (notice.kind, notice.subject_id) == (NoticeKind.COMMENT, f"post_{post.id.hex}")


async def test_a_deleted_answer_is_told_no_more():
    post = await a_post()
    comment = await a_comment(post)
    await delivered()
    assert await Notice.all().count() == 1
    await comments.delete(comment.id, by=await Person.get(id=comment.author_id))
    await delivered()
    assert await Notice.all().count() == 0


async def test_an_answer_that_is_hidden_is_told_again_once_it_is_restored():
    group = await a_group()
    ann = await a_member(group)
    comment = await a_comment(await a_post(group, by=ann))
    await delivered()
    for hide, expected in ((True, []), (False, ["There are answers for you."])):
        await (hidings.hide if hide else hidings.lift)(comment, group, HidingReason.REMOVED)
        await delivered()
        assert await told(ann) == expected


async def test_thanks_and_reactions_are_told_and_taken_back():
    await rules.ship()
    group = await a_group()
    asker, helper, other = [await a_member_named(group, name) for name in ("Ann", "Ben", "Cai")]
    question = await a_post(group, by=asker, is_question=True)
    answer = await a_comment(question, by=helper)
    await thanks.thank(answer.id, by=asker)
    await thanks.thank(answer.id, by=other)
    await reactions.react(Comment, answer.id, ReactionKind.HUG, by=other)
    await reactions.react(Comment, answer.id, ReactionKind.LIKE, by=other)
    await delivered()

    assert sorted(await told(helper)) == [
        "Ann accepted your answer.",
        "Cai liked what you wrote.",
        "You earned 12 points.",
        "Your answer helped Cai.",
    ]

    await thanks.take_back(answer.id, by=asker)
    await thanks.take_back(answer.id, by=other)
    await reactions.take_back(Comment, answer.id, ReactionKind.HUG, by=other)
    await delivered()
    assert await told(helper) == ["Cai liked what you wrote."]
    await reactions.take_back(Comment, answer.id, ReactionKind.LIKE, by=other)
    await delivered()
    assert await told(helper) == []


async def test_who_may_not_read_there_any_more_is_told_nothing():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    await memberships.leave(group.id, by=ann)
    await a_comment(post)
    await delivered()
    assert await Notice.all().count() == 0


async def test_who_has_left_is_told_nothing():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    await Person.filter(id=ann.id).update(left_on=clock.business_date())
    await a_comment(post)
    await delivered()
    assert await Notice.all().count() == 0


@pytest.mark.parametrize("anonymous", [True, False])
async def test_in_a_support_group_an_author_is_told_later_and_without_names(shelter, anonymous):
    ann = await a_member(shelter)
    with clock.set_to(clock.now() - HOUR):
        post = await a_post(shelter, by=ann, anonymous=anonymous)
    for _ in range(3):
        await a_comment(post, by=await a_member_named(shelter, "Ben"))
    await reactions.react(Post, post.id, ReactionKind.HUG, by=await a_member(shelter))
    with clock.set_to(clock.now() + timedelta(minutes=6)):
        await events.deliver(SUBSCRIBERS)
        assert await unread(ann) == 0
        assert await SealedNews.all().count() == 4
        with clock.set_to(clock.now() + HOUR):
            await sealed_news.tell_due()

    assert sorted(await told(ann)) == ["Somebody feels with you.", "There are answers for you."]
    assert [notice.actor_count for notice in await Notice.all()] == [0, 0]


@pytest.mark.parametrize(("first", "then"), [(True, False), (False, True), (True, True)])
async def test_who_answers_their_own_words_is_told_nothing(shelter, first, then):
    ann = await a_member(shelter)
    post = await a_post(shelter, by=ann, anonymous=first)
    await a_comment(post, by=ann, anonymous=then)
    await delivered()
    assert await SealedNews.all().count() == 1  # as of what others answer, for nobody
    with clock.set_to(clock.now() + 2 * HOUR):
        await sealed_news.tell_due()
    assert await SealedNews.all().count() == await Notice.all().count() == 0


async def test_once_the_seal_is_destroyed_nobody_is_told(shelter):
    ann = await a_member(shelter)
    with clock.set_to(clock.now() - HOUR):
        post = await a_post(shelter, by=ann, anonymous=True)
    with clock.set_to(clock.now() + timedelta(days=181)):
        await seals.destroy()
    await a_comment(post, by=await a_member(shelter))
    await delivered()
    assert await Notice.all().count() == 0


async def test_an_event_that_is_delivered_twice_is_told_once():
    group = await a_group()
    ann = await a_member(group)
    await a_comment(await a_post(group, by=ann))
    await delivered()
    [before] = await Notice.all()
    await events.Event.all().update(delivered_at=None, leased_until=None)
    await delivered()
    [after] = await Notice.all()
    assert (after.seq, after.actor_count) == (before.seq, 1)


async def test_buddies_are_told_of_each_other():
    today = clock.business_date()
    team = await a_team()
    old = await a_person(name="Old", hired_on=today - timedelta(days=400), team_id=team)
    new = await a_person(name="New", hired_on=today, team_id=team)
    await events.record("person.hired", person=new.id)
    await delivered()
    await delivered()
    assert await told(new) == ["Old and you are buddies."]
    assert await told(old) == ["New and you are buddies."]
    assert await buddies.of([new.id]) == [old]


async def a_team():
    return (await Team.create(department="North", name="One")).id
