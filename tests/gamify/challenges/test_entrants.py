import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.audit import AuditEntry
from core.messaging import notices
from core.pages import Page
from gamify.boards.boards import Scope
from gamify.boards.spans import midnight
from gamify.challenges.entrants import Entrant
from tests.gamify.boards.makers import a_team, scored
from tests.gamify.challenges.makers import a_challenge, ended, hr, joined, winners
from tests.makers import a_person, ask, node, operation, send


async def do(name, by, challenge, **given):
    return await send(name, by=by, challenge=node("challenge", challenge), **given)


async def test_one_joins_once_leaves_and_comes_back():
    ann, challenge = await a_person(), await a_challenge()

    for _ in range(2):
        joined_ = await do("JoinChallenge", ann, challenge)
    left = await do("LeaveChallenge", ann, challenge)
    back = await do("JoinChallenge", ann, challenge)

    assert joined_["challenge"]["viewerEntry"]["won"] == 0
    assert left["challenge"]["viewerEntry"] is None
    assert back["challenge"]["viewerEntry"]["id"] == joined_["challenge"]["viewerEntry"]["id"]
    assert await Entrant.all().count() == 1


async def test_who_is_too_new_or_without_a_team_does_not_get_in():
    today = clock.business_date()
    new = await a_person(hired_on=today - timedelta(days=29), team=await a_team())
    old = await a_person(hired_on=today - timedelta(days=30))
    challenge = await a_challenge(tenure_days=30, scope=Scope.TEAMS)

    assert (await do("JoinChallenge", new, challenge))["code"] == "NOT_LONG_ENOUGH_HERE"
    assert (await do("JoinChallenge", old, challenge))["code"] == "NO_TEAM_TO_PLAY_FOR"
    assert not await Entrant.exists()


async def test_nobody_joins_or_leaves_what_is_over():
    ann, challenge = await a_person(), await a_challenge()
    with clock.set_to(clock.now() + timedelta(days=7)):
        assert (await do("JoinChallenge", ann, challenge))["code"] == "CHALLENGE_OVER"
        assert (await do("LeaveChallenge", ann, challenge))["code"] == "CHALLENGE_OVER"


async def test_whoever_is_disqualified_is_told_why_wins_nothing_and_stays_out():
    by, ann, ben = await hr(), await a_person(), await a_person()
    challenge = await a_challenge(places=1)
    await joined(challenge, ann, ben)
    await scored(ann, 50)
    await scored(ben, 20)

    await do("DisqualifyEntrant", by, challenge, person=node("person", ann), reason="Two accounts")

    seen = await send("Challenge", by=ann, id=node("challenge", challenge))
    assert seen["viewerEntry"]["isDisqualified"] is True
    assert seen["viewerEntry"]["reason"] == "Two accounts"
    [page] = await notices.of([ann.id], page=Page())
    assert [notice.kind for notice in page.rows] == ["CHALLENGE"]
    entry = await AuditEntry.get(name="challenge.disqualified")
    assert (entry.by_id, entry.about_id, entry.facts["reason"]) == (by.id, ann.id, "Two accounts")
    assert (await do("JoinChallenge", ann, challenge))["code"] == "TAKEN_OUT"
    await ended(challenge)
    assert await winners(challenge) == {ben.id: 100}


async def test_what_comes_out_after_the_last_day_still_counts_until_prizes_are_given():
    by, ann, ben = await hr(), await a_person(), await a_person()
    challenge = await a_challenge(places=1)
    await joined(challenge, ann, ben)
    await scored(ann, 50)
    await scored(ben, 20)
    sent = {"person": node("person", ann), "reason": "Two accounts"}

    with clock.set_to(midnight(challenge.before) + timedelta(minutes=1)):
        assert "challenge" in await do("DisqualifyEntrant", by, challenge, **sent)
    await ended(challenge)

    assert await winners(challenge) == {ben.id: 100}
    sent["person"] = node("person", ben)
    assert (await do("DisqualifyEntrant", by, challenge, **sent))["code"] == "CHALLENGE_OVER"
    assert await winners(challenge) == {ben.id: 100}


async def test_nobody_disqualifies_themselves_nor_who_does_not_take_part():
    by, ann, challenge = await hr(), await a_person(), await a_challenge()
    await joined(challenge, by)
    asked = {"reason": "Because"}

    own = await do("DisqualifyEntrant", by, challenge, person=node("person", by), **asked)
    other = await do("DisqualifyEntrant", by, challenge, person=node("person", ann), **asked)

    assert (own["code"], other["code"]) == ("OWN_ENTRY", "NOT_AN_ENTRANT")
    assert not await Entrant.filter(disqualified_at__isnull=False).exists()


async def test_hr_alone_sees_who_takes_part():
    by, ann, challenge = await hr(), await a_person(), await a_challenge()
    await joined(challenge, ann)

    page = (await send("Entrants", by=by, id=node("challenge", challenge)))["entrants"]
    withheld = await ask(
        operation("Entrants")[0], by=ann, name="Entrants", id=node("challenge", challenge)
    )

    assert [edge["node"]["person"]["name"] for edge in page["edges"]] == [ann.name]
    assert withheld["data"]["challenge"]["entrants"] is None


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_many_who_join_at_once_each_is_in_once():
    people = [await a_person() for _ in range(5)]
    challenge = await a_challenge()

    await asyncio.gather(*(joined(challenge, person) for person in people * 4))

    assert await Entrant.all().count() == 5
