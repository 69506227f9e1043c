"""The catalogue: what HR says, with numbers that nobody should send, leaves it whole."""

import pytest

from core.people import Team
from gamify.shop.rewards import Reward
from gamify.shop.stock import Stock
from tests.gamify.shop.makers import a_buyer, a_reward, a_site, an_hr, left
from tests.makers import a_key, node, send
from tests.shopping import PLAN

HUGE = 2**31 - 1


async def save(hr, **changed):
    return await send("SaveReward", by=hr, plan=PLAN | changed, key=a_key())


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": 0},
        {"price": -HUGE},
        {"price": HUGE},
        {"valueCents": -1},
        {"valueCents": HUGE},
        {"tenureDays": -1},
        {"tenureDays": HUGE},
        {"limitCount": 0},
        {"limitCount": HUGE},
        {"opensAt": "2026-01-02T00:00:00Z", "closesAt": "2026-01-01T00:00:00Z"},
    ],
)
async def test_a_plan_that_makes_no_sense_is_not_kept(wrong):
    assert (await save(await an_hr(), **wrong))["code"] == "NOT_A_REWARD"
    assert not await Reward.exists()


async def test_a_prize_for_a_team_is_for_it_alone_and_for_nobody_if_there_is_no_such_team():
    hr = await an_hr()
    night = await Team.create(department="Care", name="Night")
    kept = await save(hr, teamIds=[node("team", night)])
    at_night, by_day = await a_buyer(0, team=night), await a_buyer(0)
    for person, is_shown in ((at_night, True), (by_day, False)):
        assert bool((await send("Shop", by=person))["edges"]) is is_shown
    found = await send("Reward", by=by_day, reward=kept["reward"]["id"])
    assert found is None

    stranger = f"team_{hr.id.hex}"
    assert (await save(hr, teamIds=[stranger]))["code"] == "UNKNOWN_TEAM"
    assert await Reward.all().count() == 1


@pytest.mark.parametrize("count", [HUGE, -HUGE - 1, 100_001, -8])
async def test_more_than_there_can_be_neither_comes_nor_goes(count):
    hr, site = await an_hr(), await a_site()
    reward = await a_reward(lying=7, site=site)
    given = {"reward": node("reward", reward), "site": node("site", site), "key": a_key()}
    data = await send("ChangeStock", by=hr, count=count, **given)
    assert data["code"] == "NOT_THAT_MANY"
    assert data["message"].endswith("there are 7, and at most 100000.")
    assert await left(reward) == 7
    assert (await Stock.get()).received == 7


async def test_the_same_stock_taken_in_twice_comes_once():
    hr, site, key = await an_hr(), await a_site(), a_key()
    reward = await a_reward(lying=7, site=site)
    given = {"reward": node("reward", reward), "site": node("site", site), "key": key}
    for _ in range(2):
        await send("ChangeStock", by=hr, count=-3, **given)
    assert await left(reward) == 4


async def test_who_is_not_hr_keeps_no_prizes():
    ann = await a_buyer(0)
    assert (await save(ann))["code"] == "NOT_YOURS"
    assert (await send("Catalogue", by=await an_hr()))["edges"] == []
