"""Gifts: badges that somebody gives by hand, not to oneself and not too often."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from core import clock
from core.people import Grants
from gamify.badges import gifts
from gamify.badges.awards import Award
from gamify.badges.badges import BadgeKind
from gamify.badges.gifts import GivenOften
from tests.gamify.badges.makers import a_badge, deliver, shown
from tests.makers import a_key, a_person, node, send


async def a_gift_badge(**given: Any) -> Any:
    return await a_badge(kind=BadgeKind.GIVEN, **{"monthly_gifts": 2} | given)


async def given(badge: Any, *, by: Any, to: Any, words: str = "Thank you!", key: str = "") -> Any:
    sent = {"badge": node("badge", badge), "person": node("person", to), "words": words}
    return await send("GiveBadge", by=by, key=key or a_key(), **sent)


async def test_a_badge_given_by_hand_is_shown_with_who_gave_it_and_why():
    ann, ben = await a_person(name="Ann"), await a_person()
    badge, key = await a_gift_badge(), a_key()
    for _ in range(2):
        data = await given(badge, by=ann, to=ben, words="You stayed late for me.", key=key)
    await deliver()

    award = data["award"]
    assert (award["words"], award["givenBy"]["name"]) == ("You stayed late for me.", "Ann")
    assert await Award.all().count() == 1
    assert await shown(ben) == [("Neighbour", None)]
    notices = (await send("Notices", by=ben))["notices"]["edges"]
    assert [edge["node"]["kind"] for edge in notices] == ["BADGE"]


async def test_nobody_gives_to_themselves():
    ann = await a_person()
    assert (await given(await a_gift_badge(), by=ann, to=ann))["code"] == "GIVEN_TO_ONESELF"
    assert not await Award.exists()


async def test_who_may_give_is_said_by_grants():
    badge, ben = await a_gift_badge(givers=Grants.SUPERVISOR | Grants.HR), await a_person()
    assert (await given(badge, by=await a_person(), to=ben))["code"] == "NOT_A_GIVER"
    assert not await Award.exists()
    supervisor = await a_person(grants=Grants.SUPERVISOR)
    assert "award" in await given(badge, by=supervisor, to=ben)


async def test_each_giver_has_so_many_a_month():
    badge, ann, ben = await a_gift_badge(), await a_person(), await a_person()
    with clock.set_to(datetime(2026, 10, 31, 15, tzinfo=UTC)):
        for _ in range(2):
            assert "award" in await given(badge, by=ann, to=await a_person())
        refused = await given(badge, by=ann, to=ben)
    assert refused["code"] == "GIVEN_OFTEN"
    assert "2 times" in refused["message"]
    assert await Award.all().count() == 2
    assert "award" in await given(badge, by=await a_person(), to=ben)
    with clock.set_to(datetime(2026, 10, 31, 16, tzinfo=UTC)):  # November in Shanghai
        assert "award" in await given(badge, by=ann, to=ben)


@pytest.mark.parametrize("is_active", [True, False])
async def test_only_what_is_there_to_be_given_can_be_given(is_active):
    kind = BadgeKind.GIVEN if not is_active else BadgeKind.EARNED
    badge = await a_badge(kind=kind, monthly_gifts=1, is_active=is_active)
    data = await given(badge, by=await a_person(), to=await a_person())
    assert data["code"] == "BADGE_NOT_FOUND"
    assert not await Award.exists()


async def test_who_has_left_is_given_nothing():
    left = await a_person(left_on=clock.business_date())
    data = await given(await a_gift_badge(), by=await a_person(), to=left)
    assert data["code"] == "PERSON_NOT_FOUND"
    assert not await Award.exists()


async def test_a_badge_is_given_with_words():
    ann, ben = await a_person(), await a_person()
    assert (await given(await a_gift_badge(), by=ann, to=ben, words=" "))["code"] == (
        "NOTHING_WRITTEN"
    )
    assert not await Award.exists()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_ten_gifts_at_once_are_as_many_as_one_has():
    badge, ann = await a_gift_badge(monthly_gifts=3), await a_person()
    people = [await a_person() for _ in range(10)]

    async def give(person: Any) -> bool:
        try:
            await gifts.give(badge.id, person.id, "Hi", by=ann, key=a_key())
        except GivenOften:
            return False
        return True

    assert sum(await asyncio.gather(*map(give, people))) == 3
    assert await Award.all().count() == 3
