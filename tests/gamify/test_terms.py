"""Under which conditions a rule pays."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core import clock
from gamify import holds, payments, rules
from gamify.ledger import Transfer
from gamify.rules import Rule
from gamify.terms import Cap, Per, Period, Terms, Threshold
from tests.gamify.makers import a_draft, an_event, findings, pending, saved, taken_back

MONDAY = datetime(2026, 11, 16, 4, tzinfo=UTC)  # noon in Shanghai


async def a_rule(**terms) -> Rule:
    with clock.set_to(MONDAY - timedelta(days=1)):
        return await saved(a_draft(terms=Terms(**terms)))


async def thanked(n: int = 1, *, at=MONDAY, **given):
    """So many different colleagues thank for so many answers of one person; the last event."""
    for _ in range(n):
        event = await an_event(at=at, **given)
        await payments.pay(event)
    return event


async def test_a_rule_without_terms_pays_for_every_answer():
    await a_rule()
    ann = uuid4()

    assert await pending(await thanked(3, answerer=ann)) == 15


async def test_a_fact_must_be_as_the_rule_says():
    await a_rule(where={"group_kind": "IDEAS"})

    assert await pending(await thanked()) == 0
    assert await pending(await thanked(group_kind="IDEAS")) == 5


async def test_a_tag_must_be_among_those_of_the_question():
    refund, night = uuid4(), uuid4()
    await a_rule(tag_id=refund)

    assert await pending(await thanked()) == 0
    assert await pending(await thanked(tags=f"{night}")) == 0
    assert await pending(await thanked(tags=f"{night} {refund}")) == 5


async def test_a_rule_follows_its_tag_into_another():
    refund, back = uuid4(), uuid4()
    await a_rule(tag_id=refund)

    await rules.follow_merge(await an_event("tag.merged", tag=refund, into=back))

    assert await pending(await thanked(tags=str(refund))) == 0
    assert await pending(await thanked(tags=str(back))) == 5


async def test_an_object_may_pay_once_or_once_for_each_colleague():
    answer = {"answerer": uuid4(), "comment": uuid4()}
    await a_rule()
    assert await pending(await thanked(3, **answer)) == 15

    await a_rule(once_per_object=True)
    other = {"answerer": uuid4(), "comment": uuid4()}
    assert await pending(await thanked(3, **other)) == 15 + 5


async def test_a_payee_is_paid_so_often_in_a_period_and_again_in_the_next():
    await a_rule(payee_cap=Cap(2, Period.DAY))
    ann = uuid4()

    assert await pending(await thanked(3, answerer=ann)) == 10
    assert await pending(await thanked(3, answerer=ann, at=MONDAY + timedelta(hours=12))) == 20


async def test_a_cap_that_was_used_up_is_free_again_after_a_reversal():
    await a_rule(payee_cap=Cap(1, Period.MONTH))
    ann = uuid4()
    first = await thanked(answerer=ann)
    await thanked(answerer=ann)

    await payments.withdraw(await taken_back(first))

    assert await pending(await thanked(answerer=ann)) == 5
    assert await findings() == []


async def test_a_threshold_takes_so_many_thanks_by_so_many_colleagues_and_pays_once():
    await a_rule(threshold=Threshold(4, 3, Per.PERSON))
    ann, ben = uuid4(), uuid4()

    assert await pending(await thanked(3, answerer=ann, asker=ben)) == 0
    assert await pending(await thanked(answerer=ann)) == 0  # four times, by two
    assert await pending(await thanked(answerer=ann)) == 5
    assert await pending(await thanked(10, answerer=ann)) == 5
    assert await findings() == []


async def test_a_threshold_for_an_object_adds_up_what_confirms_it_alone():
    await a_rule(threshold=Threshold(2, 2, Per.OBJECT))
    ann, answer = uuid4(), uuid4()

    assert await pending(await thanked(2, answerer=ann)) == 0
    assert await pending(await thanked(2, answerer=ann, comment=answer)) == 5


async def test_a_gesture_told_twice_counts_once_and_one_taken_back_no_more():
    await a_rule(threshold=Threshold(3, 2, Per.PERSON))
    ann = uuid4()
    first = await thanked(answerer=ann)
    await payments.pay(first)
    await thanked(answerer=ann)
    await payments.withdraw(await taken_back(first))

    assert await pending(await thanked(answerer=ann)) == 0
    assert await pending(await thanked(answerer=ann)) == 5


async def test_what_several_have_earned_goes_if_one_takes_back_in_time_and_comes_again():
    await a_rule(threshold=Threshold(2, 2, Per.PERSON))
    ann = uuid4()
    first = await thanked(answerer=ann)
    assert await pending(await thanked(answerer=ann)) == 5

    await payments.withdraw(await taken_back(first, at=MONDAY + timedelta(hours=1)))

    assert await pending(first) == 0
    assert (await Rule.get()).used == 0
    assert await pending(await thanked(answerer=ann)) == 5
    assert await findings() == []


async def test_what_several_have_earned_stays_after_72_hours():
    await a_rule(threshold=Threshold(2, 2, Per.PERSON))
    first = await thanked(answerer=uuid4())
    await thanked(answerer=first.payload["answerer"])
    with clock.set_to(MONDAY + timedelta(hours=73)):
        await holds.release_due()
        await payments.withdraw(await taken_back(first, at=clock.now()))

    assert (await Rule.get()).used == 5
    assert await findings() == []


async def test_what_is_taken_back_before_it_is_told_never_counts():
    await a_rule(threshold=Threshold(1, 1, Per.PERSON))
    event = await an_event(at=MONDAY)

    await payments.withdraw(await taken_back(event))
    await payments.pay(event)

    assert not await Transfer.filter(points__gt=0).exists()


async def test_an_event_that_says_how_many_pays_so_many_but_never_more_than_the_rule():
    with clock.set_to(MONDAY - timedelta(days=1)):
        await saved(a_draft(event="challenge.won", payee="winner", points=100))
    ann, challenge = uuid4(), uuid4()

    for winner, points in ((ann, 60), (ann, 60), (uuid4(), 900)):
        told = {"challenge": challenge, "winner": winner, "points": points, "answerer": winner}
        event = await an_event("challenge.won", at=MONDAY, asker=None, **told)
        await payments.pay(event)

    assert await Transfer.all().order_by("points").values_list("points", flat=True) == [60, 100]


async def test_a_milestone_pays_each_rule_once_for_each_referral():
    await rules.ship()
    ann, referral = uuid4(), uuid4()
    for milestone, points in (("HIRED", 200), ("HIRED", 200), ("DAYS_90", 300)):
        told = {"referral": referral, "referrer": ann, "answerer": ann}
        told |= {"milestone": milestone, "points": points}
        event = await an_event("referral.milestone_reached", at=MONDAY, asker=None, **told)
        await payments.pay(event)

    assert await pending(event) == 200 + 300


@pytest.mark.committed
async def test_a_threshold_reached_by_twenty_at_once_is_paid_once():
    await a_rule(threshold=Threshold(20, 20, Per.PERSON))
    ann = uuid4()
    told = [await an_event(at=MONDAY, answerer=ann) for _ in range(20)]

    await asyncio.gather(*map(payments.pay, told))

    assert await pending(told[0]) == 5
    assert await findings() == []
