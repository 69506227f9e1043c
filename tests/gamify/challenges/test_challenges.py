from datetime import timedelta

import pytest

from core import clock
from core.audit import AuditEntry
from gamify.boards.boards import Measure
from gamify.challenges.challenges import Challenge
from tests.gamify.boards.makers import scored
from tests.gamify.challenges.makers import a_challenge, ended, hr, joined, winners
from tests.makers import a_key, a_person, node, send


def a_plan(**given):
    today = clock.business_date()
    plan = {
        "title": "A kind week",
        "about": "Answer, and be thanked",
        "measure": "POINTS",
        "aim": "TOP",
        "places": 3,
        "beginsOn": today.isoformat(),
        "endsOn": (today + timedelta(days=6)).isoformat(),
        "prize": 100,
    }
    return plan | given


async def save(by, *, key=None, challenge=None, **given):
    asked = {"plan": a_plan(**given), "key": key or a_key(), "challenge": challenge}
    return await send("SaveChallenge", by=by, **asked)


async def test_hr_writes_one_once_and_everybody_reads_it():
    by, key = await hr(), a_key()

    first = await save(by, key=key)
    again = await save(by, key=key)

    assert first["challenge"]["id"] == again["challenge"]["id"]
    assert await Challenge.all().count() == 1
    page = (await send("Challenges", by=await a_person()))["edges"]
    assert [(edge["node"]["title"], edge["node"]["places"]) for edge in page] == [
        ("A kind week", 3)
    ]
    assert [entry.name for entry in await AuditEntry.all()] == ["challenge.saved"]


async def test_nobody_else_writes_cancels_or_disqualifies():
    ann, challenge = await a_person(), await a_challenge()
    id = node("challenge", challenge)

    refused = [
        await save(ann),
        await send("CancelChallenge", by=ann, challenge=id),
        await send(
            "DisqualifyEntrant", by=ann, challenge=id, person=node("person", ann), reason="Me"
        ),
    ]

    assert [one["code"] for one in refused] == ["NOT_YOURS"] * 3
    assert await Challenge.all().count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"beginsOn": "2020-01-01"}, "BAD_WINDOW"),
        ({"endsOn": "2020-01-01"}, "BAD_WINDOW"),
        ({"endsOn": "2100-01-01"}, "BAD_WINDOW"),
        ({"places": 0}, "BAD_CHALLENGE_FIGURE"),
        ({"aim": "GOAL"}, "BAD_CHALLENGE_FIGURE"),
        ({"prize": 10_001}, "BAD_CHALLENGE_FIGURE"),
        ({"prize": -1}, "BAD_CHALLENGE_FIGURE"),
        ({"attendance": 101}, "BAD_CHALLENGE_FIGURE"),
        ({"qualityFloor": 5.1}, "BAD_CHALLENGE_FIGURE"),
        ({"title": " "}, "NOTHING_WRITTEN"),
        ({"title": "t" * 81}, "TOO_LONG"),
    ],
)
async def test_what_makes_no_sense_is_refused(given, code):
    assert (await save(await hr(), **given))["code"] == code
    assert not await Challenge.exists()


async def test_rules_stay_as_they_are_once_it_has_begun():
    by = await hr()
    tomorrow = (clock.business_date() + timedelta(days=1)).isoformat()
    id = (await save(by, beginsOn=tomorrow))["challenge"]["id"]

    changed = await save(by, challenge=id, beginsOn=tomorrow, prize=200)
    assert changed["challenge"]["prize"] == 200

    with clock.set_to(clock.now() + timedelta(days=1)):
        refused = await save(by, challenge=id, prize=300)
    assert refused["code"] == "CHALLENGE_BEGUN"
    assert (await Challenge.get()).prize == 200


async def test_who_cancels_one_gives_no_prize_and_nobody_joins_any_more():
    by, ann = await hr(), await a_person()
    challenge = await a_challenge(by=by)
    await joined(challenge, ann)
    await scored(ann, 50, measure=Measure.POINTS)

    done = await send("CancelChallenge", by=by, challenge=node("challenge", challenge))
    await ended(challenge)

    assert done["challenge"]["isCancelled"] is True
    assert await winners(challenge) == {}
    assert (await send("Challenges", by=ann))["edges"] == []
    join = await send("JoinChallenge", by=ann, challenge=node("challenge", challenge))
    assert join["code"] == "CHALLENGE_OVER"
