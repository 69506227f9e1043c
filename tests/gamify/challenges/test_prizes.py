import asyncio
from datetime import timedelta

import pytest

from core import clock, events, pauses
from core.events import Event
from core.people import Grants, Person
from gamify import points, rules
from gamify.boards.boards import Measure, Scope
from gamify.challenges import prizes
from gamify.challenges.challenges import Aim, Challenge, Ties
from gamify.challenges.entrants import Entrant
from gamify.composition import PART
from tests.gamify.boards.makers import WEDNESDAY, a_team, names, scored
from tests.gamify.challenges.makers import a_challenge, ended, joined, settled, winners
from tests.gamify.measures.makers import days_before, worked
from tests.makers import a_person, node, send


async def players(challenge, *amounts, **given):
    people = [await a_person(**given) for _ in amounts]
    await joined(challenge, *people)
    for person, amount in zip(people, amounts, strict=True):
        if amount:
            await scored(person, amount)
    return people


async def standing(viewer, challenge):
    await settled(challenge)
    return await send("Challenge", by=viewer, id=node("challenge", challenge))


async def test_the_first_ones_win_once_and_the_rules_pay_them():
    await rules.ship()
    challenge = await a_challenge(places=2, prize=100)
    ann, ben, _, _ = await players(challenge, 50, 40, 30, 0)

    await ended(challenge)
    await ended(challenge)
    with clock.set_to(clock.now() + timedelta(days=8)):
        while await events.deliver(PART.subscribers):
            pass

    assert await winners(challenge) == {ann.id: 100, ben.id: 100}
    [balance] = await points.balances([ann.id])
    assert balance.available + balance.pending == 100
    assert await Event.filter(name="challenge.won").count() == 2
    assert await Event.filter(name="challenge.closed").count() == 1


@pytest.mark.parametrize(("ties", "expected"), [(Ties.SHARED, [0, 1, 2]), (Ties.EARLIEST, [0, 1])])
async def test_who_wins_where_several_have_as_much_is_said_beforehand(ties, expected):
    challenge = await a_challenge(places=2, ties=ties)
    people = []
    for n, amount in enumerate((50, 40, 40, 10)):
        with clock.set_to(clock.now() + timedelta(seconds=n)):
            people += await players(challenge, amount)

    await ended(challenge)

    assert await winners(challenge) == {people[n].id: 100 for n in expected}


async def test_whoever_reaches_the_target_wins_and_nobody_with_nothing():
    challenge = await a_challenge(aim=Aim.GOAL, target=40, places=0)
    ann, ben, _, _ = await players(challenge, 50, 40, 39, 0)

    await ended(challenge)

    assert {*await winners(challenge)} == {ann.id, ben.id}


async def test_what_happened_before_or_after_or_was_taken_back_does_not_count():
    with clock.set_to(WEDNESDAY):
        challenge = await a_challenge(aim=Aim.GOAL, target=10, places=0)
        [ann] = await players(challenge, 5)
        await scored(ann, 100, at=WEDNESDAY - timedelta(days=1))
        await scored(ann, 100, at=WEDNESDAY + timedelta(days=7))
    await ended(challenge)

    assert await winners(challenge) == {}


async def test_who_left_is_gone_or_away_or_wrote_it_does_not_win():
    author = await a_person(grants=Grants.HR)
    with clock.set_to(WEDNESDAY):
        challenge = await a_challenge(by=author, places=10)
        ann, gone, away = await players(challenge, 50, 40, 30)
        await joined(challenge, author)
        await scored(author, 90)
        await pauses.pause(clock.business_date() + timedelta(days=5), by=away)
        await Person.filter(id=gone.id).update(left_on=clock.business_date())
    await ended(challenge)

    assert await winners(challenge) == {ann.id: 100}


async def test_attendance_and_quality_are_looked_at_once_figures_have_come():
    with clock.set_to(WEDNESDAY):
        day = clock.business_date()
        challenge = await a_challenge(places=10, attendance=90, quality_floor=4.0)
        good, late, rude, _ = await players(challenge, 50, 40, 30, 20)
        await worked(good, day, on_duty=432, satisfaction=400)
        await worked(late, day, on_duty=431)
        await worked(rude, day, satisfaction=399)

    await ended(challenge)
    assert not (await Challenge.get()).is_closed
    await ended(challenge, later=prizes.FIGURES_COME)

    assert await winners(challenge) == {good.id: 100}


async def test_private_figures_are_compared_with_ones_own_and_shown_as_places_alone():
    with clock.set_to(WEDNESDAY):
        day = clock.business_date()
        challenge = await a_challenge(measure=Measure.VOLUME, places=1)
        ann, ben, cem = await players(challenge, 0, 0, 0)
        for person, volume in ((ann, 60), (ben, 110), (cem, 90)):
            await worked(person, *days_before(10, day), volume=50 if person == ann else 100)
            await worked(person, day, volume=volume)
        seen = await standing(ben, challenge)

    assert [(place["rank"], place["score"]) for place in seen["standing"]] == [(1, None), (2, 110)]
    assert names(seen["standing"]) == [ann.name, ben.name]
    assert seen["viewerPlace"]["score"] == 110
    await ended(challenge, later=prizes.FIGURES_COME)
    assert {*await winners(challenge)} == {ann.id}


async def test_teams_have_the_mean_of_who_joined_and_all_of_the_first_win():
    red, blue, small = [await a_team() for _ in range(3)]
    challenge = await a_challenge(scope=Scope.TEAMS, places=1)
    reds = await players(challenge, 50, 40, 30, 20, 0, team=red)
    await players(challenge, *[20] * 5, team=blue)
    await players(challenge, *[90] * 4, team=small)

    seen = await standing(reds[0], challenge)

    assert [(place["team"]["name"], place["score"]) for place in seen["standing"]] == [
        (red.name, 28)
    ]
    assert (seen["viewerPlace"]["rank"], seen["viewerPlace"]["score"]) == (1, 28)
    await ended(challenge)
    assert {*await winners(challenge)} == {person.id for person in reds}


async def test_a_lead_sees_how_the_team_stands():
    lead, team = await a_person(grants=Grants.SUPERVISOR), await a_team()
    challenge = await a_challenge(scope=Scope.TEAMS, title="Red against blue")
    await players(challenge, *[10] * 5, team=team, manager=lead)
    await settled(challenge)

    [led] = (await send("TeamHome", by=lead))["ledTeams"]

    assert led["challenges"] == [
        {
            "challenge": {
                "id": node("challenge", challenge),
                "title": "Red against blue",
                "endsOn": challenge.ends_on.isoformat(),
            },
            "rank": 1,
            "score": 10.0,
            "entrantCount": 5,
        }
    ]


async def test_a_standing_is_live_and_shows_nobody_last():
    challenge = await a_challenge()
    ann, ben, cem = await players(challenge, 30, 20, 10)

    assert names((await standing(cem, challenge))["standing"]) == [ann.name, ben.name]
    await scored(cem, 30)
    seen = await standing(cem, challenge)
    assert names(seen["standing"]) == [cem.name, ann.name]
    assert (seen["viewerPlace"]["rank"], seen["viewerPlace"]["score"]) == (1, 40)


async def test_ten_challenges_cost_as_many_statements_as_one(statements):
    [ann] = await players(await a_challenge(), 10)
    statements()
    await send("Challenges", by=ann)
    one = len(statements())
    for _ in range(9):
        await joined(await a_challenge(), ann)
    statements()
    await send("Challenges", by=ann)

    assert len(statements()) == one


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_many_processes_one_gives_the_prizes():
    with clock.set_to(WEDNESDAY):
        challenge = await a_challenge(places=3)
        await players(challenge, 50, 40, 30, 20)

    await asyncio.gather(*(ended(challenge) for _ in range(5)))

    assert await Event.filter(name="challenge.won").count() == 3
    assert await Entrant.filter(won=100).count() == 3
