import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import idea_answers, idea_votes, posts
from community.groups import GroupKind
from community.idea_answers import IdeaAnswer, NotThatAnswer, Reply
from community.idea_votes import IdeaVote
from community.ideas import Idea, IdeaStatus
from core import clock, events
from core.events import Event
from core.people import Grants
from tests.makers import a_group, a_key, a_member, a_person, a_post, node, send

PLANNED, DONE, DECLINED = IdeaStatus.PLANNED, IdeaStatus.DONE, IdeaStatus.DECLINED


async def a_group_for_ideas():
    return await a_group(kind=GroupKind.IDEAS)


async def an_idea(group, **given):
    post = await a_post(group, **given)
    while await events.deliver(SUBSCRIBERS):
        pass
    return await Idea.get(id=post.id)


async def a_moderator(group):
    return await a_member(group, grants=Grants.MODERATOR)


async def answer(idea, by, status="PLANNED", text="Next month", **given):
    reply = {"status": status, "text": text} | given
    return await send("AnswerIdea", by=by, idea=node("idea", idea), reply=reply, key=a_key())


async def texts(reader, group, **asked):
    found = await send("Ideas", by=reader, group=node("group", group), **asked)
    return [edge["node"]["post"]["text"] for edge in found["edges"]], found["pageInfo"]


async def test_a_post_in_a_group_for_ideas_is_an_idea_and_elsewhere_it_is_none():
    group = await a_group_for_ideas()
    await an_idea(group, text="A lamp")
    await a_post()
    while await events.deliver(SUBSCRIBERS):
        pass
    await Event.filter(name="post.created").update(delivered_at=None, leased_until=None)
    while await events.deliver(SUBSCRIBERS):
        pass

    found = await send("Ideas", by=await a_member(group), group=node("group", group))

    [told] = [edge["node"] for edge in found["edges"]]
    assert (told["status"], told["voteCount"], told["owner"]) == ("OPEN", 0, None)
    assert told["post"]["text"] == "A lamp"
    assert await Idea.all().count() == 1


async def test_everybody_has_one_vote_and_may_take_it_back():
    group = await a_group_for_ideas()
    idea, ann = await an_idea(group), await a_member(group)
    await idea_votes.vote(idea.id, by=await a_member(group))

    for _ in range(2):
        data = await send("VoteForIdea", by=ann, idea=node("idea", idea))
    assert (data["idea"]["voteCount"], data["idea"]["viewerHasVoted"]) == (2, True)

    for _ in range(2):
        data = await send("TakeBackIdeaVote", by=ann, idea=node("idea", idea))
    assert (data["idea"]["voteCount"], data["idea"]["viewerHasVoted"]) == (1, False)


async def test_nobody_votes_for_their_own_idea():
    group = await a_group_for_ideas()
    ann = await a_member(group)
    idea = await an_idea(group, by=ann)
    assert (await send("VoteForIdea", by=ann, idea=node("idea", idea)))["code"] == "OWN_WORDS"
    assert not await IdeaVote.exists()


async def test_what_is_decided_takes_no_more_votes():
    group = await a_group_for_ideas()
    idea = await an_idea(group)
    await answer(idea, await a_moderator(group), status="DECLINED")

    data = await send("VoteForIdea", by=await a_member(group), idea=node("idea", idea))

    assert data["code"] == "VOTING_IS_OVER"
    assert not await IdeaVote.exists()


async def test_the_owner_answers_and_what_became_of_it_is_shown():
    group = await a_group_for_ideas()
    author, owner = await a_member(group), await a_member(group)
    idea = await an_idea(group, by=author)
    await send(
        "AssignIdea",
        by=await a_moderator(group),
        idea=node("idea", idea),
        owner=node("person", owner),
    )
    then = (clock.business_date() + timedelta(days=30)).isoformat()

    await answer(idea, owner, text="In a month", plannedFor=then)
    with clock.set_to(clock.now() + timedelta(days=30)):
        data = await answer(idea, owner, status="DONE", text="It stands there")

    told = data["idea"]
    assert (told["status"], told["owner"]["id"]) == ("DONE", node("person", owner))
    assert [
        (edge["node"]["status"], edge["node"]["text"], edge["node"]["plannedFor"])
        for edge in told["answers"]["edges"]
    ] == [("DONE", "It stands there", None), ("PLANNED", "In a month", then)]
    event = await Event.filter(name="idea.answered").first()
    assert event.payload == {"post": str(idea.id), "author": str(author.id)}


async def test_the_same_answer_sent_twice_is_one():
    group = await a_group_for_ideas()
    idea, moderator = await an_idea(group), await a_moderator(group)
    reply, key = {"status": "PLANNED", "text": "Soon"}, a_key()
    for _ in range(2):
        data = await send("AnswerIdea", by=moderator, idea=node("idea", idea), reply=reply, key=key)
    assert data["idea"]["status"] == "PLANNED"
    assert await IdeaAnswer.all().count() == 1


async def test_owners_and_moderators_alone_answer():
    group = await a_group_for_ideas()
    idea = await an_idea(group)
    assert (await answer(idea, await a_member(group)))["code"] == "NOT_ITS_OWNER"
    assert not await IdeaAnswer.exists()
    assert (await Idea.get()).status is IdeaStatus.OPEN


async def test_who_does_not_belong_to_the_group_sees_to_none_of_its_ideas():
    group = await a_group_for_ideas()
    idea, moderator = await an_idea(group), await a_moderator(group)
    asked = {"idea": node("idea", idea), "owner": node("person", await a_person())}
    assert (await send("AssignIdea", by=moderator, **asked))["code"] == "OWNER_NOT_HERE"
    asked["owner"] = None
    assert (await send("AssignIdea", by=moderator, **asked))["idea"]["owner"] is None
    assert (await send("AssignIdea", by=await a_member(group), **asked))["code"] == "NOT_YOURS"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ({"text": " "}, "NOTHING_WRITTEN"),
        ({"text": "x" * 2001}, "TOO_LONG"),
        ({"plannedFor": "2020-01-01"}, "PLANNED_FOR_THE_PAST"),
        ({"status": "OPEN"}, "NOT_THAT_ANSWER"),
    ],
)
async def test_an_answer_that_is_none_leaves_nothing_behind(reply, code):
    group = await a_group_for_ideas()
    idea = await an_idea(group)
    assert (await answer(idea, await a_moderator(group), **reply))["code"] == code
    assert not await IdeaAnswer.exists()
    assert (await Idea.get()).status is IdeaStatus.OPEN


async def test_what_is_done_stays_done():
    group = await a_group_for_ideas()
    idea, moderator = await an_idea(group), await a_moderator(group)
    await answer(idea, moderator, status="DONE")
    assert (await answer(idea, moderator, status="DECLINED"))["code"] == "NOT_THAT_ANSWER"
    assert (await Idea.get()).status is DONE


async def test_ideas_are_listed_by_votes_and_by_status_in_pages():
    group = await a_group_for_ideas()
    reader, moderator = await a_member(group), await a_moderator(group)
    voters = [await a_member(group) for _ in range(3)]
    for name, votes in (("one", 1), ("three", 3), ("none", 0), ("two", 2)):
        idea = await an_idea(group, text=name)
        for voter in voters[:votes]:
            await idea_votes.vote(idea.id, by=voter)
    await answer(idea, moderator)

    first, info = await texts(reader, group, order="VOTES", first=2)
    then, _ = await texts(reader, group, order="VOTES", first=2, after=info["endCursor"])
    assert (first, then) == (["three", "two"], ["one", "none"])
    assert (await texts(reader, group))[0] == ["two", "none", "three", "one"]
    assert (await texts(reader, group, status="PLANNED"))[0] == ["two"]


async def test_a_deleted_or_hidden_idea_is_none_any_more():
    group = await a_group_for_ideas()
    author = await a_member(group)
    gone, hidden = await an_idea(group, by=author), await an_idea(group, by=author)
    await posts.delete(gone.id, by=author)
    await posts.Post.filter(id=hidden.id).update(hidden_at=clock.now())
    reader = await a_member(group)
    assert (await texts(reader, group))[0] == []
    for idea in (gone, hidden):
        assert (await send("VoteForIdea", by=reader, idea=node("idea", idea)))["code"] == (
            "POST_NOT_FOUND"
        )


async def test_a_post_elsewhere_is_no_idea():
    group = await a_group()
    post, ann = await a_post(group), await a_member(group)
    data = await send("VoteForIdea", by=ann, idea=f"idea_{post.id.hex}")
    assert data["code"] == "IDEA_NOT_FOUND"
    assert not await Idea.exists()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_votes_and_taking_them_back_at_once_leave_a_count_that_fits():
    group = await a_group_for_ideas()
    idea = await an_idea(group)
    voters = [await a_member(group) for _ in range(6)]
    moves = (idea_votes.vote, idea_votes.take_back, idea_votes.vote)

    await asyncio.gather(*(move(idea.id, by=voter) for voter in voters for move in moves))

    await idea.refresh_from_db()
    assert idea.vote_count == await IdeaVote.all().count()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_many_last_answers_at_once_one_stands():
    group = await a_group_for_ideas()
    idea = await an_idea(group)
    moderators = [await a_moderator(group) for _ in range(6)]

    results = await asyncio.gather(
        *(
            idea_answers.answer(idea.id, Reply(DONE, "Done"), by=moderator, key=a_key())
            for moderator in moderators
        ),
        return_exceptions=True,
    )

    assert Counter(map(type, results)) == {Idea: 1, NotThatAnswer: 5}
    assert await IdeaAnswer.all().count() == 1
