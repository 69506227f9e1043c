"""The rule "thanked": what the asker's thanks pays, once, and what it does not."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from core import clock, events
from gamify import holds, payments, points, rules
from gamify.ledger import Transfer
from gamify.payments import Slot
from gamify.points import Balance
from gamify.reasons import Reason
from gamify.rules import Rule
from gamify.terms import Terms
from tests.gamify.makers import an_event, findings, pending, taken_back, the_rule

SUBSCRIBERS = {"answer.accepted": [payments.pay], "answer.unaccepted": [payments.withdraw]}
MONDAY = datetime(2026, 11, 16, 4, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture(autouse=True)
async def shipped(undo):
    await rules.ship()


async def test_the_answerer_is_paid_ten_points_pending_and_told_why():
    event = await an_event()

    await events.deliver(SUBSCRIBERS)

    answerer, rule = UUID(event.payload["answerer"]), await the_rule()
    assert await points.balances([answerer]) == [Balance(answerer, available=0, pending=10)]
    line = await Transfer.get()
    assert (line.reason, line.points, line.rule_id) == (Reason.EARNED, 10, rule.id)
    assert (line.event_id, line.caused_by, line.at) == (event.id, event.actor_id, event.due_at)
    assert rule.used == 10
    assert await findings() == []


async def test_an_event_that_is_delivered_again_pays_once():
    event = await an_event()

    await payments.pay(event)
    await payments.pay(event)

    assert await pending(event) == 10


@pytest.mark.parametrize(
    "told",
    [
        {"group_kind": "SUPPORT"},
        {"group_kind": "SOCIAL"},
        {"group_kind": "IDEAS"},
        {"answerer": None},
        {"asker": None},
        {"asker": (ann := uuid4()), "answerer": ann},
    ],
    ids=["support", "social", "ideas", "nobody named", "no asker named", "oneself"],
)
async def test_what_the_rule_does_not_speak_of_pays_nothing(told):
    event = await an_event(**told)

    await payments.pay(event)
    await payments.withdraw(await an_event("answer.unaccepted", **event.payload | told))

    assert not await Transfer.exists()


async def test_nothing_in_a_support_group_pays_even_if_a_rule_says_so():
    await Rule.filter(name="thanked").update(
        kept_terms=Terms(where={"group_kind": "SUPPORT"}).kept()
    )

    await payments.pay(await an_event(group_kind="SUPPORT"))

    assert not await Transfer.exists()


async def test_a_pair_is_paid_once_in_a_week_of_the_business_calendar():
    pair = {"asker": uuid4(), "answerer": uuid4()}
    sunday_night = MONDAY + timedelta(days=6, hours=11, minutes=59)  # 23:59 in Shanghai
    first = await an_event(at=MONDAY, **pair)

    for at in (MONDAY, MONDAY + timedelta(days=3), sunday_night):
        await payments.pay(await an_event(at=at, **pair))
    assert await pending(first) == 10

    await payments.pay(await an_event(at=sunday_night + timedelta(minutes=1), **pair))
    assert await pending(first) == 20
    assert (await the_rule()).used == 20


async def test_the_other_way_round_is_another_pair():
    ann, bob = uuid4(), uuid4()
    one, other = await an_event(asker=ann, answerer=bob), await an_event(asker=bob, answerer=ann)

    await payments.pay(one)
    await payments.pay(other)

    assert (await pending(one), await pending(other)) == (10, 10)


async def test_an_answer_is_paid_once_however_many_weeks_it_is_accepted_anew():
    event = await an_event(at=MONDAY)
    await payments.pay(event)
    with clock.set_to(MONDAY + timedelta(days=7)):
        await holds.release_due()
        await payments.withdraw(await taken_back(event, at=clock.now()))
        again = event.payload | {"thanks": uuid4(), "at": clock.now()}
        await payments.pay(await an_event(**again))

    answerer = UUID(event.payload["answerer"])
    assert await points.balances([answerer]) == [Balance(answerer, available=10, pending=0)]


async def test_thanks_taken_back_in_time_take_the_points_back():
    event = await an_event(at=MONDAY)
    await payments.pay(event)

    await payments.withdraw(await taken_back(event, at=MONDAY + timedelta(hours=71)))

    assert await pending(event) == 0
    assert await Transfer.all().order_by("at").values_list("reason", "points") == [
        (Reason.EARNED, 10),
        (Reason.TAKEN_BACK, -10),
    ]
    assert (await the_rule()).used == 0
    assert not await Slot.exists()
    assert await findings() == []


async def test_what_is_taken_back_goes_to_the_budget_it_came_from():
    changes = {"id": uuid4(), "version": 2, "effective_from": MONDAY + timedelta(hours=1)}
    event = await an_event(at=MONDAY)
    await payments.pay(event)
    await Rule.create(**dict(await the_rule()) | changes | {"used": 0})

    await payments.withdraw(await taken_back(event, at=MONDAY + timedelta(hours=2)))

    assert await Rule.filter(name="thanked").values_list("used", flat=True) == [0, 0]
    assert await findings() == []


async def test_thanks_taken_back_twice_take_the_points_back_once():
    event = await an_event(at=MONDAY)
    await payments.pay(event)
    back = await taken_back(event)

    await payments.withdraw(back)
    await payments.withdraw(back)

    assert (await the_rule()).used == 0
    assert await findings() == []


@pytest.mark.parametrize("released", [True, False], ids=["released", "due, not yet released"])
async def test_thanks_taken_back_after_72_hours_take_nothing(released):
    event = await an_event(at=MONDAY)
    await payments.pay(event)
    late = MONDAY + timedelta(hours=72)
    with clock.set_to(late):
        if released:
            await holds.release_due()
        await payments.withdraw(await taken_back(event, at=late))
        await holds.release_due()

    answerer = UUID(event.payload["answerer"])
    assert await points.balances([answerer]) == [Balance(answerer, available=10, pending=0)]
    assert (await the_rule()).used == 10


async def test_thanking_again_in_the_same_week_pays_again_what_was_taken_back():
    event = await an_event(at=MONDAY)
    await payments.pay(event)
    await payments.withdraw(await taken_back(event))

    again = await an_event(**event.payload | {"thanks": uuid4(), "at": MONDAY})
    await payments.pay(again)
    await payments.pay(event)  # and the first one, delivered once more, still pays nothing

    assert await pending(event) == 10
    assert (await the_rule()).used == 10
    assert await findings() == []


async def test_thanks_that_were_taken_back_before_the_news_of_them_came_pay_nothing():
    event = await an_event()

    await payments.withdraw(await taken_back(event))
    await payments.pay(event)

    assert await pending(event) == 0
    assert (await the_rule()).used == 0


async def test_thanks_given_again_wait_for_the_news_that_the_first_were_taken_back():
    first = await an_event(at=MONDAY)
    back = await taken_back(first)
    again = await an_event(**first.payload | {"thanks": uuid4(), "at": MONDAY})
    await payments.pay(first)

    with pytest.raises(payments.Early):
        await payments.pay(again)
    await payments.withdraw(back)
    await payments.pay(again)

    assert await pending(again) == 10
    assert await Transfer.filter(event_id=again.id).count() == 1


@pytest.mark.committed
async def test_fifty_deliveries_of_one_event_at_once_pay_once():
    event = await an_event()

    await asyncio.gather(*(payments.pay(event) for _ in range(50)))

    assert await pending(event) == 10
    assert (await the_rule()).used == 10
    assert await findings() == []


@pytest.mark.committed
async def test_one_pair_in_fifty_answers_at_once_is_paid_once():
    pair = {"asker": uuid4(), "answerer": uuid4()}
    thanked = [await an_event(at=MONDAY, **pair) for _ in range(50)]

    await asyncio.gather(*map(payments.pay, thanked))

    assert await pending(thanked[0]) == 10
    assert (await the_rule()).used == 10
    assert await findings() == []


@pytest.mark.committed
async def test_thanks_taken_back_while_they_are_paid_end_in_nothing():
    thanked = [await an_event() for _ in range(20)]
    backs = [await taken_back(event) for event in thanked]

    await asyncio.gather(*map(payments.pay, thanked), *map(payments.withdraw, backs))

    assert [await pending(event) for event in thanked] == [0] * 20
    assert (await the_rule()).used == 0
    assert not await Slot.exists()
    assert await findings() == []
