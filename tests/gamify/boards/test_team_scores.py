import asyncio
from datetime import timedelta

import pytest

from core import clock, pauses
from core.people import Person
from gamify.boards import closings, players, team_scores
from gamify.boards.scores import DueTeam
from tests.gamify.boards.makers import WEDNESDAY, a_team, board, people_with, ranks, scored
from tests.gamify.boards.test_tallies import findings
from tests.gamify.makers import an_event
from tests.makers import a_person, a_shift


async def teams(viewer, **given):
    await team_scores.settle()
    return await board(viewer, scope="TEAMS", **given)


async def own(viewer, **given) -> float | None:
    place = (await teams(viewer, **given))["viewerPlace"]
    return place and place["score"]


async def test_a_team_has_the_mean_of_its_members_those_who_did_nothing_included():
    ann, *_ = await people_with(30, 20, 0, 0, 3, team=await a_team())

    assert await own(ann) == 10.6


async def test_teams_are_ranked_and_the_last_one_is_not_shown():
    first, second, third = [await a_team() for _ in range(3)]
    ann, *_ = await people_with(*[10] * 5, team=first)
    await people_with(*[5] * 5, team=second)
    await people_with(*[1] * 5, team=third)

    seen = await teams(ann)

    assert ranks(seen["places"]) == [(1, 10), (2, 5)]
    assert [place["team"]["name"] for place in seen["places"]] == [first.name, second.name]
    assert [place["isViewers"] for place in seen["places"]] == [True, False]


async def test_the_mean_of_fewer_than_five_is_not_told():
    ann, *_ = await people_with(30, 20, 10, 10, team=await a_team())

    assert (await teams(ann))["places"] == []
    assert await own(ann) is None


async def test_who_is_away_for_most_of_it_hurts_no_team():
    with clock.set_to(WEDNESDAY - timedelta(days=2)):
        ann, *_, zoe = await people_with(10, 10, 10, 10, 10, 0, team=await a_team())
        await pauses.pause(clock.business_date() + timedelta(days=30), by=zoe)
    with clock.set_to(WEDNESDAY):
        await scored(ann, 10)

        assert await own(ann) == 12


async def test_who_had_no_shift_while_the_others_had_hurts_no_team():
    with clock.set_to(WEDNESDAY):
        members = await people_with(10, 10, 10, 10, 10, 0, team=await a_team())
        for person in members[:5]:
            begins_at = WEDNESDAY - timedelta(hours=6)
            await a_shift(person, begins_at, begins_at + timedelta(hours=8))

        assert await own(members[0]) == 10


async def test_a_shift_over_midnight_belongs_to_the_day_it_began():
    sunday_evening = WEDNESDAY - timedelta(days=2, hours=14)  # 22:00 in Shanghai
    with clock.set_to(WEDNESDAY):
        members = await people_with(10, 10, 10, 10, 10, 0, team=await a_team())
        for person in members[:5]:
            await a_shift(person, WEDNESDAY, WEDNESDAY + timedelta(hours=8))
        await a_shift(members[5], sunday_evening, sunday_evening + timedelta(hours=8))

        assert await own(members[0]) == 10


async def test_who_has_left_or_begins_next_month_hurts_no_team():
    with clock.set_to(WEDNESDAY):
        members = await people_with(10, 10, 10, 10, 10, 10, 0, team=await a_team())
        today = clock.business_date()
        await Person.filter(id=members[5].id).update(left_on=today)
        await Person.filter(id=members[6].id).update(hired_on=today + timedelta(days=20))
        await scored(members[0], 10)

        assert await own(members[0]) == 12


async def test_who_is_away_is_on_no_running_board_until_they_are_back():
    ann, ben, _ = await people_with(30, 20, 10)
    await pauses.pause(clock.business_date() + timedelta(days=3), by=ann)
    await players.review()

    assert ranks((await board(ben))["places"]) == [(1, 20)]
    assert (await board(ann))["viewerPlace"] is None
    await scored(ann, 5)
    assert ranks((await board(ben))["places"]) == [(1, 20)]
    assert await findings() == []

    await pauses.resume(by=ann)
    await players.review()
    assert (await board(ann))["viewerPlace"] == {"rank": 1, "score": 35}
    assert await findings() == []


async def test_who_left_is_ranked_no_more():
    ann, ben, _ = await people_with(30, 20, 10)
    await Person.filter(id=ann.id).update(left_on=clock.business_date())

    await players.leave(await an_event("person.left", person=ann.id))

    assert ranks((await board(ben))["places"]) == [(1, 20)]
    assert await findings() == []


async def test_a_closed_board_keeps_whom_it_had():
    with clock.set_to(WEDNESDAY):
        ann, ben, _ = await people_with(30, 20, 10)
    with clock.set_to(WEDNESDAY + timedelta(days=7)):
        await closings.close()
        await pauses.pause(clock.business_date() + timedelta(days=3), by=ann)
        await players.review()

        seen = await board(ben, on="2026-11-18")

    assert ranks(seen["places"]) == [(1, 30), (2, 20)]


async def test_a_closing_works_out_anew_who_could_play():
    with clock.set_to(WEDNESDAY):
        members = await people_with(10, 10, 10, 10, 10, 0, team=await a_team())
        await team_scores.settle()
        await Person.filter(id=members[5].id).update(left_on=clock.business_date())
    with clock.set_to(WEDNESDAY + timedelta(days=7)):
        await closings.close()

        seen = await board(members[0], scope="TEAMS", on="2026-11-18")

    assert (seen["isClosed"], seen["viewerPlace"]["score"]) == (True, 10)


async def test_a_hundred_teams_cost_as_many_reads_as_one(statements):
    await people_with(*[10] * 5, team=await a_team())
    statements()
    await team_scores.settle()
    one = [sql for sql in statements() if sql.startswith("SELECT")]
    for _ in range(4):
        await people_with(*[10] * 5, team=await a_team())
    statements()
    await team_scores.settle()
    five = [sql for sql in statements() if sql.startswith("SELECT")]

    others = [sql for sql in five if 'FROM "board_score" WHERE "board_id"' not in sql]
    assert len(others) <= len(one)


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_no_score_is_overlooked_when_teams_are_settled_meanwhile():
    team = await a_team()
    members = [await a_person(team=team) for _ in range(5)]

    async def keep_settling() -> None:
        for _ in range(10):
            await team_scores.settle()

    await asyncio.gather(
        *(scored(members[n % 5], 10) for n in range(25)), keep_settling(), keep_settling()
    )

    assert await own(members[0]) == 50
    assert not await DueTeam.exists()
    assert await findings() == []
