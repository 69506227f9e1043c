import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from community import endorsements, expert_lapses, expert_reviews, experts, memberships, synonyms
from community.comments import Comment
from community.endorsements import Endorsement
from community.experts import Expert, ExpertState, NotThatMove
from community.groups import GroupKind
from community.posts import Post
from community.tags import Tag
from core import clock, pauses
from core.audit import AuditEntry
from core.events import Event
from core.people import Grants
from tests.expertise import endorsed, helped, in_state
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_member,
    a_person,
    a_post,
    graphql,
    node,
    send,
)

REASON = "query ($id: ID!) { node(id: $id) { ... on Expert { reason } } }"
LONG = experts.LASTS + timedelta(days=1)


async def an_expert(group, **given):
    helper = await a_member(group, **given)
    await endorsed(group, helper)
    expert = await Expert.get(person_id=helper.id)
    return helper, await expert_reviews.decide(
        expert.id, approve=True, reason="", by=await a_moderator()
    )


async def a_moderator(**given):
    return await a_person(grants=Grants.MODERATOR, **given)


async def states():
    return Counter(await Expert.all().values_list("state", flat=True))


async def review(expert, by, *, approve=True, **given):
    return await send(
        "ReviewExpert", by=by, expert=node("expert", expert), approve=approve, **given
    )


async def test_three_colleagues_propose_whom_a_moderator_makes_an_expert():
    group = await a_group()
    helper, moderator = await a_member(group), await a_moderator()
    await endorsed(group, helper, 2)
    assert (await send("ExpertProposals", by=moderator))["edges"] == []
    await endorsed(group, helper, 1)

    [edge] = (await send("ExpertProposals", by=moderator))["edges"]
    assert edge["node"]["person"]["id"] == node("person", helper)
    assert len(edge["node"]["endorsers"]) == 3
    profile = await send("Profile", by=moderator, person=node("person", helper))
    assert profile["expertIn"] == []

    data = await review(await Expert.get(), moderator)

    assert data["expert"]["state"] == "EXPERT"
    profile = await send("Profile", by=await a_person(), person=node("person", helper))
    assert [expert["tag"]["name"] for expert in profile["expertIn"]] == ["refund"]
    audited = AuditEntry.exclude(name="group.founded").order_by("number")
    names = await audited.values_list("name", "by_id", "about_id")
    assert names == [
        ("expert.proposed", None, helper.id),
        ("expert.expert", moderator.id, helper.id),
    ]


async def test_the_mark_stands_beside_what_they_write_by_name_in_the_tag():
    group, shelter = await a_group(), await a_group(kind=GroupKind.SUPPORT)
    helper, _ = await an_expert(group)
    reader = await a_member(group)
    here = await a_post(group, by=helper, tags=["night", "refund"])
    elsewhere = await a_post(group, by=helper, tags=["night"])
    asked = await a_post(group, tags=["refund"])
    await a_comment(asked, by=helper)
    await a_comment(asked, by=reader)

    shown = {}
    for post in (here, elsewhere, asked):
        told = await send("Post", by=reader, id=node("post", post))
        comments = [edge["node"] for edge in told["comments"]["edges"]]
        shown[post.id] = [names(told), *map(names, comments)]
    assert shown == {
        here.id: [["refund"]],
        elsewhere.id: [[]],
        asked.id: [[], ["refund"], []],
    }
    await a_crowd(shelter)
    for person in (helper, reader):
        await memberships.join(shelter.id, by=person)
    unseen = await a_post(shelter, by=helper, tags=["refund"], anonymous=True)
    await Post.filter(id=unseen.id).update(published_at=group.created_at)
    told = await send("Post", by=reader, id=node("post", unseen))
    assert (told["author"]["__typename"], names(told)) == ("Alias", [])


def names(row):
    return [tag["name"] for tag in row["authorIsExpertIn"]]


async def test_who_is_declined_reads_why_and_needs_three_new_voices():
    group = await a_group()
    helper, moderator = await a_member(group), await a_moderator()
    await endorsed(group, helper)

    refused = await review(await Expert.get(), moderator, approve=False)
    assert refused["code"] == "NOTHING_WRITTEN"
    assert await states() == {"PROPOSED": 1}
    await review(await Expert.get(), moderator, approve=False, reason="Too early")

    [mine] = (await send("MyExpertise", by=helper))["expertise"]
    assert (mine["state"], mine["reason"]) == ("DECLINED", "Too early")
    assert not await Endorsement.exists()
    await endorsed(group, helper, 2)
    assert await states() == {"DECLINED": 1}
    await endorsed(group, helper, 1)
    assert await states() == {"PROPOSED": 1}


async def test_an_expert_is_one_until_somebody_says_why_not():
    group = await a_group()
    helper, expert = await an_expert(group)
    moderator = await a_moderator()
    asked = {"expert": node("expert", expert)}

    silent = await send("RevokeExpert", by=moderator, reason=" ", **asked)
    assert silent["code"] == "NOTHING_WRITTEN"
    data = await send("RevokeExpert", by=moderator, reason="Wrong advice, again", **asked)

    assert data["expert"]["state"] == "REVOKED"
    profile = await send("Profile", by=moderator, person=node("person", helper))
    assert profile["expertIn"] == []
    entry = await AuditEntry.get(name="expert.revoked")
    assert (entry.by_id, entry.facts["reason"]) == (moderator.id, "Wrong advice, again")


async def test_nobody_reviews_themselves_or_their_own_line():
    group = await a_group()
    chief = await a_moderator()
    boss = await a_moderator(manager_id=chief.id)
    helper = await a_member(group, grants=Grants.MODERATOR, manager_id=boss.id)
    trainee = await a_moderator(manager_id=helper.id)
    await endorsed(group, helper)
    before = await AuditEntry.all().count()

    for reviewer in (helper, boss, chief, trainee):
        assert (await send("ExpertProposals", by=reviewer))["edges"] == []
        assert (await review(await Expert.get(), reviewer))["code"] == "OWN_LINE_REVIEWED"

    assert await states() == {"PROPOSED": 1}
    assert await AuditEntry.all().count() == before
    peer = await a_moderator(manager_id=boss.id)
    assert (await review(await Expert.get(), peer))["expert"]["state"] == "EXPERT"


async def test_colleagues_neither_review_nor_know_who_was_proposed_or_why_not():
    group = await a_group()
    helper = await a_member(group)
    await endorsed(group, helper)
    expert = await Expert.get()

    assert (await review(expert, helper))["code"] == "NOT_YOURS"
    await expert_reviews.decide(expert.id, approve=False, reason="No", by=await a_moderator())
    for reader, seen in ((await a_member(group), None), (helper, "No")):
        told = (await graphql(REASON, by=reader, id=node("expert", expert)))["node"]
        assert (told and told["reason"]) == seen


async def test_what_is_decided_is_not_decided_again():
    group = await a_group()
    _, expert = await an_expert(group)
    moderator = await a_moderator()

    again = await review(expert, moderator)
    other = await review(expert, moderator, approve=False, reason="No")

    assert (again["code"], other["code"]) == ("NOT_THAT_MOVE", "NOT_THAT_MOVE")
    assert await states() == {"EXPERT": 1}
    assert await Event.filter(name="expert.expert").count() == 1


@pytest.mark.parametrize("was", ExpertState)
@pytest.mark.parametrize("to", ExpertState)
async def test_every_other_move_is_refused(was, to):
    await a_post(tags=["refund"])
    expert = await in_state(was, person=await a_person())

    if to in experts.MOVES[was]:
        await experts.move(expert, to, by=None)
        assert await states() == {to: 1}
        return
    with pytest.raises(NotThatMove):
        await experts.move(expert, to, by=None)
    assert await states() == {was: 1}


async def test_who_is_not_active_in_the_tag_for_180_days_lapses():
    group = await a_group()
    helper, _ = await an_expert(group)
    now = clock.now()
    with clock.set_to(now + experts.LASTS - timedelta(days=1)):
        await expert_lapses.lapse()
        assert await states() == {"EXPERT": 1}
        await a_post(group, by=helper, tags=["night"])
    with clock.set_to(now + LONG):
        await expert_lapses.lapse()
    assert await states() == {"LAPSED": 1}
    assert await AuditEntry.filter(name="expert.lapsed", by_id=None).count() == 1


async def test_activity_in_the_tag_by_any_of_its_names_keeps_an_expert():
    group = await a_group()
    helper, _ = await an_expert(group)
    refund = await Tag.get(name="refund")
    await synonyms.add(refund.id, "money back", by=await a_member(group, grants=Grants.MODERATOR))
    now = clock.now()
    with clock.set_to(now + timedelta(days=100)):
        await a_comment(await a_post(group, tags=["money back"]), by=helper)
    with clock.set_to(now + LONG):
        await expert_lapses.lapse()
        assert await states() == {"EXPERT": 1}
    with clock.set_to(now + timedelta(days=100) + LONG):
        await expert_lapses.lapse()
        assert await states() == {"LAPSED": 1}


async def test_activity_in_a_support_group_counts_for_nothing():
    group, shelter = await a_group(), await a_group(kind=GroupKind.SUPPORT)
    helper, _ = await an_expert(group)
    await memberships.join(shelter.id, by=helper)
    now = clock.now()
    with clock.set_to(now + timedelta(days=100)):
        await a_post(shelter, by=helper, tags=["refund"])
    with clock.set_to(now + LONG):
        await expert_lapses.lapse()
    assert await states() == {"LAPSED": 1}


async def test_nobody_lapses_during_a_pause_and_its_days_are_not_counted():
    group = await a_group()
    helper, _ = await an_expert(group)
    now = clock.now()
    with clock.set_to(now + timedelta(days=170)):
        await pauses.pause(clock.business_date() + timedelta(days=50), by=helper)
    for days, state in ((181, "EXPERT"), (219, "EXPERT"), (229, "EXPERT"), (231, "LAPSED")):
        with clock.set_to(now + timedelta(days=days)):
            await expert_lapses.lapse()
            assert await states() == {state: 1}


async def test_ten_experts_cost_as_many_statements_as_one(statements):
    group = await a_group()
    reader, taken = await a_member(group), []
    for many in (1, 9):
        for _ in range(many):
            await an_expert(group)
        rows, known = await Comment.all(), await Expert.all()
        statements()
        await experts.beside(rows)
        await experts.of([expert.person_id for expert in known])
        await experts.endorsers(known)
        await endorsements.endorsable([expert.person_id for expert in known], viewer=reader)
        taken.append(len(statements()))
    assert taken[0] == taken[1]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_the_third_and_fourth_voice_at_once_propose_once():
    group = await a_group()
    helper = await a_member(group)
    askers = [(await helped(group, helper))[0] for _ in range(6)]
    tag = await Tag.get(name="refund")

    given = [endorsements.endorse(helper.id, tag.id, by=asker) for asker in askers]
    await asyncio.gather(*given)
    told = await Event.filter(name="colleague.endorsed")
    await asyncio.gather(*(experts.propose(event) for event in told))

    assert await states() == {"PROPOSED": 1}
    assert await Event.filter(name="expert.proposed").count() == 1


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_many_who_decide_at_once_one_does():
    group = await a_group()
    helper = await a_member(group)
    await endorsed(group, helper)
    expert = await Expert.get()
    moderators = [await a_moderator() for _ in range(8)]

    results = await asyncio.gather(
        *(
            expert_reviews.decide(expert.id, approve=n % 2 == 0, reason="No", by=moderator)
            for n, moderator in enumerate(moderators)
        ),
        return_exceptions=True,
    )

    assert Counter(type(result) for result in results) == {Expert: 1, NotThatMove: 7}
    decided = Event.filter(name__in=["expert.expert", "expert.declined"])
    assert await decided.count() == 1


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_lapse_by_many_processes_at_once_is_one():
    group = await a_group()
    await an_expert(group)
    with clock.set_to(clock.now() + LONG):
        await asyncio.gather(*(expert_lapses.lapse() for _ in range(6)))

    assert await states() == {"LAPSED": 1}
    assert await AuditEntry.filter(name="expert.lapsed").count() == 1
