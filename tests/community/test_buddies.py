from datetime import timedelta

from community import buddies
from community.buddies import Buddy
from core import clock, events
from core.people import Grants, Team
from tests.makers import a_person, graphql, node

MINE = "{ viewer { buddy { id } newcomers { id } } }"


def days_ago(days: int):
    return clock.business_date() - timedelta(days=days)


async def hired(person):
    return await events.record("person.hired", person=person.id)


async def test_a_newcomer_gets_the_settled_colleague_with_the_fewest_newcomers():
    team = await Team.create(department="Service", name="Early A")
    ann = await a_person(team=team, hired_on=days_ago(400))
    ben = await a_person(team=team, hired_on=days_ago(90))
    await a_person(team=team, hired_on=days_ago(89))
    await a_person(team=team, hired_on=days_ago(900), grants=Grants.SUPERVISOR)
    await a_person(hired_on=days_ago(900))
    new = [await a_person(team=team, hired_on=days_ago(n)) for n in range(4)]

    for person in new:
        event = await hired(person)
        await buddies.match(event)
        await buddies.match(event)

    found = [one.id for one in await buddies.of([person.id for person in new])]
    assert sorted(found.count(one.id) for one in (ann, ben)) == [2, 2]
    mine = await graphql(MINE, by=new[0])
    assert mine["viewer"]["buddy"]["id"] == f"person_{found[0].hex}"
    theirs = await graphql(MINE, by=ann)
    assert len(theirs["viewer"]["newcomers"]) == 2
    assert theirs["viewer"]["buddy"] is None


async def test_who_is_no_newcomer_or_has_no_settled_colleague_gets_none():
    team = await Team.create(department="Service", name="Late B")
    alone = await a_person(team=team, hired_on=days_ago(0))
    await buddies.match(await hired(alone))
    await a_person(team=team, hired_on=days_ago(400))
    old = await a_person(team=team, hired_on=days_ago(365))
    await buddies.match(await hired(old))
    assert not await Buddy.exists()


async def test_newcomers_whose_buddy_leaves_get_another_one():
    team = await Team.create(department="Service", name="Night C")
    ann = await a_person(team=team, hired_on=days_ago(400))
    new = await a_person(team=team, hired_on=days_ago(1))
    await buddies.match(await hired(new))
    ben = await a_person(team=team, hired_on=days_ago(300))
    ann.left_on = days_ago(0)
    await ann.save()

    await buddies.end(await events.record("person.left", person=ann.id))

    mine = await graphql(MINE, by=new)
    assert mine["viewer"]["buddy"] == {"id": node("person", ben)}
