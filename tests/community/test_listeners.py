from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from community import listeners, memberships
from community.groups import GroupKind
from community.listeners import Listener
from core import clock, events
from core.people import Person
from tests.makers import a_group, a_member, a_person, a_shift, node, send

NOON = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


async def a_shelter():
    return await a_group(kind=GroupKind.SUPPORT)


async def test_one_listens_in_a_group_or_in_all_ones_own_and_stops():
    first, second, other = [await a_shelter() for _ in range(3)]
    ann = await a_member(first)
    await memberships.join(second.id, by=ann)
    await memberships.join((await a_group()).id, by=ann)

    for _ in range(2):
        one = await send("Listen", by=ann, group=node("group", second))
    every = await send("Listen", by=ann)
    less = await send("StopListening", by=ann, group=node("group", first))
    none = await send("StopListening", by=ann)

    listening = [
        [g["id"] for g in data["viewer"]["listensIn"]] for data in (one, every, less, none)
    ]
    ids = [node("group", first), node("group", second)]
    assert listening == [ids[1:], ids, ids[1:], []]
    assert one["viewer"]["listensIn"][0]["viewerListens"] is True
    assert not await Listener.filter(group_id=other.id).exists()


def listened(data: Any) -> list[str]:
    return [group["id"] for group in data["viewer"]["listensIn"]]


async def test_where_nobody_vents_nobody_listens():
    ann, knowledge, shelter = await a_person(), await a_group(), await a_shelter()
    await memberships.join(knowledge.id, by=ann)
    codes = [
        (await send("Listen", by=ann, **given))["code"]
        for given in (
            {},
            {"group": node("group", knowledge)},
            {"group": node("group", shelter)},
        )
    ]
    assert codes == ["NO_SUPPORT_GROUP", "NOBODY_VENTS_HERE", "NOT_MEMBER"]
    assert not await Listener.exists()


async def test_who_left_a_group_does_not_listen_there():
    shelter = await a_shelter()
    ann = await a_member(shelter)
    await listeners.listen(None, by=ann)
    await memberships.leave(shelter.id, by=ann)
    assert (await send("Listening", by=ann))["listensIn"] == []


async def test_the_composer_says_that_some_are_awake_from_three_on():
    shelter = await a_shelter()
    people = [await a_member(shelter) for _ in range(4)]
    for person in people:
        await listeners.listen(shelter.id, by=person)
    with clock.set_to(NOON):
        reader = await a_member(shelter)
        assert await listeners.are_awake([shelter.id], viewer=reader) == [True]
        await a_shift(people[0], NOON, NOON + timedelta(hours=8))
        assert await listeners.are_awake([shelter.id], viewer=reader) == [True]
        assert await listeners.are_awake([shelter.id], viewer=people[1]) == [False]
    with clock.set_to(NOON + timedelta(hours=11)):
        assert await listeners.are_awake([shelter.id], viewer=reader) == [False]


async def test_who_leaves_the_company_listens_no_more():
    ann = await a_member(await a_shelter())
    await listeners.listen(None, by=ann)
    await Person.filter(id=ann.id).update(left_on=clock.business_date())
    await listeners.end(await events.record("person.left", person=ann.id))
    assert not await Listener.exists()


@pytest.mark.parametrize("groups", [1, 5])
async def test_many_groups_cost_as_many_statements_as_one(statements, groups):
    shelters = [await a_shelter() for _ in range(groups)]
    ann = await a_person()
    for shelter in shelters:
        await listeners.listen(shelter.id, by=await a_member(shelter))
    statements()
    await listeners.are_awake([shelter.id for shelter in shelters], viewer=ann)
    assert len(statements()) == 4
