"""Awards: who won which badge, and what became of it."""

import asyncio

import pytest

from core import clock
from core.audit import AuditEntry
from core.errors import Refused
from core.people import Grants
from gamify.badges import awards, earning
from gamify.badges.awards import AlreadyRevoked, Award
from gamify.badges.criteria import Level, Tally
from gamify.badges.deeds import Deed
from gamify.badges.keeping import KEEPING
from tests.gamify.badges.makers import a_badge, a_deed, deliver, shown
from tests.makers import a_group, a_member, a_person, a_post, graphql, node, send

NODE = "query ($id: ID!) { node(id: $id) { ... on Award { id reason endedAt shareCardUrl } } }"


async def an_award(**given):
    ben = await a_person(**given)
    await a_badge({Level.GOLD: Tally(1)})
    await a_deed(ben)
    await deliver()
    return ben, await Award.get(person_id=ben.id)


async def test_a_revoked_badge_is_gone_and_its_holder_alone_and_hr_read_why():
    ben, award = await an_award()
    hr, id = await a_person(grants=Grants.HR), node("award", award)
    data = await send("RevokeAward", by=hr, award=id, reason="Thanks by arrangement")
    await deliver()

    assert data["award"]["reason"] == "Thanks by arrangement"
    assert await shown(ben) == []
    assert (await graphql(NODE, by=await a_person(), id=id))["node"] is None
    for reader in (ben, hr):
        assert (await graphql(NODE, by=reader, id=id))["node"]["reason"] == "Thanks by arrangement"
    [edge] = (await send("Badges", by=ben))["awards"]["edges"]
    assert edge["node"]["reason"] == "Thanks by arrangement"
    assert edge["node"]["shareCardUrl"] is None
    told = [edge["node"]["kind"] for edge in (await send("Notices", by=ben))["notices"]["edges"]]
    assert told == ["BADGE_REVOKED"]
    entry = await AuditEntry.get(name="badge.revoked")
    assert (entry.by_id, entry.about_id) == (hr.id, ben.id)


async def test_what_was_revoked_is_not_won_again():
    ben, award = await an_award()
    hr = await a_person(grants=Grants.HR)
    await send("RevokeAward", by=hr, award=node("award", award), reason="No")
    await a_deed(ben)
    await deliver()
    assert await shown(ben) == []
    assert await Award.all().count() == 1


async def test_a_badge_is_revoked_once_and_with_a_reason():
    _, award = await an_award()
    hr, id = await a_person(grants=Grants.HR), node("award", award)
    assert (await send("RevokeAward", by=hr, award=id, reason=" "))["code"] == "NOTHING_WRITTEN"
    assert (await Award.get()).ended_at is None
    await send("RevokeAward", by=hr, award=id, reason="No")
    assert (await send("RevokeAward", by=hr, award=id, reason="N"))["code"] == "ALREADY_REVOKED"
    assert (await Award.get()).reason == "No"


async def test_a_colleague_reads_an_award_without_what_is_its_holders():
    ben, award = await an_award()
    seen = (await graphql(NODE, by=await a_person(), id=node("award", award)))["node"]
    assert seen == {"id": node("award", award), "reason": None, "endedAt": None} | {
        "shareCardUrl": None
    }
    own = (await graphql(NODE, by=ben, id=node("award", award)))["node"]
    assert own["shareCardUrl"].endswith(".png")


async def test_badges_beside_authors_cost_one_statement_for_ten(statements):
    group = await a_group()
    people = [await a_member(group) for _ in range(10)]
    for person in people:
        await a_post(group, by=person)
        await a_deed(person)
    await a_badge({Level.GOLD: Tally(1)})
    await deliver()
    statements()
    feed = await send("FeedWithBadges", by=people[0], group=node("group", group))
    assert len([sql for sql in statements() if "award" in sql]) == 1
    assert {len(edge["node"]["author"]["badges"]) for edge in feed["edges"]} == {1}


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_five_who_revoke_at_once_one_does():
    _, award = await an_award()
    hr = await a_person(grants=Grants.HR)
    tries = [awards.revoke(award.id, str(n), by=hr) for n in range(5)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, AlreadyRevoked) for one in ended) == 4
    assert await AuditEntry.filter(name="badge.revoked").count() == 1


async def withdrawn(person):
    await earning.settle(person.id, at=clock.now(), undone_at=clock.now())


async def erased(person):
    [of_awards] = [one for one in KEEPING if one.model is Award]
    await of_awards.erase(person)


@pytest.mark.committed
@pytest.mark.only("postgres")
@pytest.mark.parametrize("gone", [withdrawn, erased])
async def test_who_revokes_what_goes_at_that_moment_waits_for_nobody_in_vain(gone, statements):
    hr, people = await a_person(grants=Grants.HR), [await a_person() for _ in range(5)]
    await a_badge({Level.GOLD: Tally(1)})
    await deliver([await a_deed(person) for person in people])
    await Deed.all().update(is_taken_back=True)
    revoked = [awards.revoke(award.id, "No", by=hr) for award in await Award.all()]
    statements()
    ended = await asyncio.gather(*revoked, *map(gone, people), return_exceptions=True)
    refused = sum(isinstance(one, Refused) for one in ended)
    assert statements().count("ROLLBACK;") == refused
    assert len(revoked) == 5
    assert not await Award.filter(ended_at__isnull=True).exists()
