import pytest

from core import clock
from core.messaging import notices
from core.pages import Page
from gamify.boards.goals import Goal
from tests.gamify.boards.makers import WEDNESDAY, scored
from tests.makers import a_person, node, send


async def told(person) -> list[str]:
    [page] = await notices.of([person.id], page=Page())
    return sorted(notice.kind for notice in page.rows)


async def test_one_sees_how_far_one_is_and_a_new_goal_takes_the_place_of_the_old():
    ann = await a_person()
    await scored(ann, 30)

    for target in (200, 100):
        set_ = await send("SetGoal", by=ann, measure="POINTS", span="WEEK", target=target)

    viewer = await send("Goals", by=ann)
    assert [(g["target"], g["score"]) for g in viewer["goals"]] == [(100, 30)]
    await send("DropGoal", by=ann, goal=set_["goal"]["id"])
    assert (await send("Goals", by=ann))["goals"] == []


async def test_only_who_set_a_goal_is_told_once_near_and_once_there_in_each_period():
    ann, ben = await a_person(), await a_person()
    with clock.set_to(WEDNESDAY):
        await send("SetGoal", by=ann, measure="POINTS", span="WEEK", target=100)
        for amount in (79, 1, 10):
            await scored(ben, amount)
            await scored(ann, amount)
        assert await told(ann) == ["GOAL_NEAR"]
        for amount in (10, 50):
            await scored(ann, amount)
        assert await told(ann) == ["GOAL_NEAR", "GOAL_REACHED"]
    assert await told(ben) == []
    [goal] = await Goal.all()
    assert (goal.near_in, goal.reached_in) == (goal.reached_in, goal.near_in)


@pytest.mark.parametrize("target", [0, -5, 1_000_001])
async def test_a_goal_out_of_reach_is_refused(target):
    ann = await a_person()

    refused = await send("SetGoal", by=ann, measure="POINTS", span="WEEK", target=target)

    assert refused["code"] == "GOAL_OUT_OF_REACH"
    assert not await Goal.exists()


async def test_nobody_drops_somebody_elses_goal():
    ann, ben = await a_person(), await a_person()
    await send("SetGoal", by=ann, measure="POINTS", span="WEEK", target=5)
    goal = await Goal.get()

    assert (await send("DropGoal", by=ben, goal=node("goal", goal)))["code"] == "NO_SUCH_GOAL"
    assert await Goal.exists()
