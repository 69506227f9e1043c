import asyncio

import pytest

from community import memberships
from community.groups import Group, GroupKind, JoinPolicy
from community.memberships import Membership
from core import clock, events
from core.audit import AuditEntry
from core.people import Grants
from tests.makers import a_group, a_member, a_person, a_post, graphql, node, send

DECIDE = """
    mutation ($group: ID!, $person: ID!, $admit: Boolean!) {
      decideApplication(groupId: $group, personId: $person, admit: $admit) {
        ... on ApplicationDecided { group { id } }
        ... on Refusal { code }
      }
    }
"""
INVITE = """
    mutation ($group: ID!, $person: ID!) {
      inviteMember(groupId: $group, personId: $person) {
        ... on MemberInvited { group { id } }
        ... on Refusal { code }
      }
    }
"""


async def standing(group: Group, person) -> str | None:
    [mine] = await memberships.of([group.id], viewer=person)
    return mine


async def test_joining_twice_counts_once_and_leaving_twice_too():
    group, ann = await a_group(), await a_person()

    for _ in range(2):
        joined = await send("JoinGroup", by=ann, group=node("group", group))
        assert joined["group"]["viewerStanding"] == "MEMBER"
    await group.refresh_from_db()
    assert group.member_count == 1

    for _ in range(2):
        left = await send("LeaveGroup", by=ann, group=node("group", group))
        assert left["group"]["viewerStanding"] is None
    await group.refresh_from_db()
    assert group.member_count == 0


@pytest.mark.committed
async def test_joining_many_times_at_once_counts_once():
    group, ann = await a_group(), await a_person()

    await asyncio.gather(*(memberships.join(group.id, by=ann) for _ in range(20)))

    await group.refresh_from_db()
    assert (group.member_count, await Membership.all().count()) == (1, 1)


@pytest.mark.parametrize(("admit", "result", "members"), [(True, "MEMBER", 1), (False, None, 0)])
async def test_an_applicant_waits_for_a_moderator(admit, result, members):
    group = await a_group(join_policy=JoinPolicy.APPLICATION)
    ann, mod = await a_person(), await a_person(grants=Grants.MODERATOR)
    applied = await send("JoinGroup", by=ann, group=node("group", group))
    assert applied["group"]["viewerStanding"] == "APPLIED"
    asked = {"group": node("group", group), "person": node("person", ann), "admit": admit}

    by_herself = await graphql(DECIDE, by=ann, **asked)
    decided = await graphql(DECIDE, by=mod, **asked)
    again = await graphql(DECIDE, by=mod, **asked)

    assert by_herself["decideApplication"]["code"] == "STEWARDS_ONLY"
    assert "group" in decided["decideApplication"]
    assert again["decideApplication"]["code"] == "NOTHING_TO_DECIDE"
    await group.refresh_from_db()
    assert (await standing(group, ann), group.member_count) == (result, members)
    entry = await AuditEntry.get(name="application.decided")
    assert (entry.by_id, entry.about_id) == (mod.id, ann.id)
    assert entry.facts == {"group": str(group.id), "admitted": admit}


async def test_nobody_comes_uninvited_where_one_is_invited():
    group = await a_group(join_policy=JoinPolicy.INVITATION)
    mod, ann = await a_person(grants=Grants.MODERATOR), await a_person()
    unseen = await send("JoinGroup", by=ann, group=node("group", group))
    uninvited = await send("JoinGroup", by=mod, group=node("group", group))
    assert (unseen["code"], uninvited["code"]) == ("GROUP_NOT_FOUND", "INVITATION_NEEDED")

    host = await a_person()
    await Membership.create(
        group=group,
        person=host,
        standing="MEMBER",
        read_to=group.created_at,
        seen_on=group.created_at.date(),
    )
    asked = {"group": node("group", group), "person": node("person", ann)}
    assert "group" in (await graphql(INVITE, by=host, **asked))["inviteMember"]

    joined = await send("JoinGroup", by=ann, group=node("group", group))
    assert joined["group"]["viewerStanding"] == "MEMBER"


async def test_a_moderator_invites_the_first_member_and_never_themselves():
    group = await a_group(join_policy=JoinPolicy.INVITATION)
    mod, ann = await a_person(grants=Grants.MODERATOR), await a_person()
    asked = {"group": node("group", group)}

    own = await graphql(INVITE, by=mod, person=node("person", mod), **asked)
    assert own["inviteMember"]["code"] == "INVITATION_NEEDED"
    await graphql(INVITE, by=mod, person=node("person", ann), **asked)

    joined = await send("JoinGroup", by=ann, group=node("group", group))
    assert joined["group"]["viewerStanding"] == "MEMBER"
    assert await standing(group, mod) is None


async def test_who_is_not_inside_invites_nobody():
    group, ann, ben = await a_group(), await a_person(), await a_person()
    asked = {"group": node("group", group), "person": node("person", ben)}
    assert (await graphql(INVITE, by=ann, **asked))["inviteMember"]["code"] == "NOT_MEMBER"
    assert not await Membership.exists()


async def test_unread_counts_what_others_wrote_since_one_last_read():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    await a_post(group, by=ben)
    await a_post(group, by=ben)
    await a_post(group, by=ann)

    listed = await send("Groups", by=ann)
    read = await send("ReadGroup", by=ann, group=node("group", group))

    assert listed["edges"][0]["node"]["viewerUnreadCount"] == 2
    assert read["group"]["viewerUnreadCount"] == 0
    stranger = await send("Groups", by=await a_person())
    assert stranger["edges"][0]["node"]["viewerUnreadCount"] is None


async def test_who_leaves_the_company_leaves_its_groups_however_often_it_is_told():
    group = await a_group(kind=GroupKind.SOCIAL)
    ann = await a_member(group)
    await a_member(group)
    event = await events.record("person.left", person=ann.id)
    await memberships.end(event)
    assert await standing(group, ann) == "MEMBER"  # the leave date was withdrawn

    ann.left_on = clock.business_date()
    await ann.save()
    await memberships.end(event)
    await memberships.end(event)

    await group.refresh_from_db()
    assert (group.member_count, await Membership.all().count()) == (1, 1)
