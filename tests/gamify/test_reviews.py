"""What looks arranged waits until somebody else has looked."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from core import clock
from core.audit import AuditEntry
from core.people import Grants, Person
from gamify import holds, payments, points, reviews, spending
from gamify.ledger import Cause, Transfer
from gamify.patterns import Pattern
from gamify.points import Balance
from gamify.reasons import Reason
from gamify.reviews import OwnPoints, Review, ReviewMoved, ReviewNotFound, State
from gamify.rules import Rule
from tests.core.makers import chosen
from tests.gamify.makers import a_draft, an_event, findings, saved, taken_back
from tests.makers import a_key, a_person

MONDAY = datetime(2026, 11, 16, 4, tzinfo=UTC)
ORDER = Cause(reason=Reason.REDEEMED)


@pytest.fixture(autouse=True)
async def a_rule(undo) -> Rule:
    with clock.set_to(MONDAY - timedelta(days=60)):
        return await saved(a_draft())


@pytest.fixture
async def hr() -> Person:
    return await a_person(grants=Grants.HR)


async def thanks(asker, answerer, *, at=MONDAY):
    event = await an_event(asker=asker, answerer=answerer, at=at)
    await payments.pay(event)
    return event


async def in_turn(*people, days=range(4)) -> None:
    """On each of these days each thanks the next, and the last the first."""
    for n in days:
        for asker, answerer in zip(people, [*people[1:], people[0]], strict=True):
            await thanks(asker, answerer, at=MONDAY + timedelta(days=n))


async def a_held_payment(person_id: UUID) -> Review:
    await in_turn(person_id, uuid4())
    return await Review.get(person_id=person_id)


async def a_payment(person_id: UUID) -> Transfer:
    event = await thanks(uuid4(), person_id)
    return await Transfer.get(event_id=event.id)


async def balance(person_id: UUID) -> Balance:
    [found] = await points.balances([person_id])
    return found


@pytest.mark.parametrize("size", [2, 3, 4])
async def test_a_ring_that_goes_round_again_and_again_is_held(size):
    people = [uuid4() for _ in range(size)]
    await in_turn(*people, days=range(3))
    assert not await Review.exists()

    await in_turn(*people, days=[3])

    review = await Review.get()
    assert (review.pattern, review.state, review.is_waiting) == (Pattern.RING, State.OPEN, True)
    assert review.person_id == people[0]  # the last step closes the ring


async def test_settings_say_what_is_a_ring_and_what_a_burst():
    with chosen(ring_times="2", ring_days="3", burst_times="3", burst_minutes="1"):
        await in_turn(*(uuid4() for _ in range(2)), days=[0, 4])
        assert not await Review.exists()
        await in_turn(*(uuid4() for _ in range(2)), days=[0, 1])
        asker = uuid4()
        for second in (0, 61, 70, 80):
            await thanks(asker, uuid4(), at=MONDAY + timedelta(seconds=second))

    reviews_ = await Review.all().order_by("pattern").values_list("pattern", flat=True)
    assert reviews_ == [Pattern.BURST, Pattern.RING]


async def test_five_in_turn_or_one_way_alone_are_no_ring():
    await in_turn(*(uuid4() for _ in range(5)), days=range(6))
    ann, ben = uuid4(), uuid4()
    for _ in range(6):
        await thanks(ann, ben)

    assert not await Review.exists()


async def test_what_lies_further_back_than_four_weeks_counts_no_more():
    ann, ben = uuid4(), uuid4()
    for week in range(8):
        await thanks(ann, ben, at=MONDAY + timedelta(days=14 * week))
        await thanks(ben, ann, at=MONDAY + timedelta(days=14 * week))

    assert not await Review.exists()


async def test_many_thanks_by_one_colleague_within_minutes_are_held_from_the_tenth_on():
    ann = uuid4()
    for n in range(11):
        await thanks(ann, uuid4(), at=MONDAY + timedelta(seconds=n))
    await thanks(ann, uuid4(), at=MONDAY + timedelta(minutes=11))

    assert await Review.all().values_list("pattern", flat=True) == [Pattern.BURST] * 2


async def test_held_points_are_not_released_by_time_but_by_somebody(hr):
    ann = uuid4()
    review = await a_held_payment(ann)
    with clock.set_to(MONDAY + timedelta(days=30)):
        await holds.release_due()
        assert await balance(ann) == Balance(ann, available=15, pending=5)

        decided = await reviews.decide(review.id, reverse=False, words="They sit together", by=hr)
        await holds.release_due()

    assert (decided.state, decided.decided_by) == (State.RELEASED, hr.id)
    assert await balance(ann) == Balance(ann, available=20)
    assert await findings() == []


async def test_held_points_that_are_taken_back_go_to_the_budget(hr):
    ann = uuid4()
    review = await a_held_payment(ann)
    used = (await Rule.get()).used

    await reviews.decide(review.id, reverse=True, words="Arranged", by=hr)

    assert (await Rule.get()).used == used - 5
    assert (await balance(ann)).pending == 15
    entry = await AuditEntry.get(name="points.reversed")
    assert (entry.by_id, entry.about_id) == (hr.id, ann)
    assert await findings() == []


async def test_a_decision_is_made_once(hr):
    review = await a_held_payment(uuid4())
    await reviews.decide(review.id, reverse=False, words="Fine", by=hr)

    with pytest.raises(ReviewMoved):
        await reviews.decide(review.id, reverse=True, words="Not so", by=hr)

    assert (await Review.get()).state is State.RELEASED
    assert not await Transfer.exists(reason=Reason.REVERSED)


async def test_nobody_decides_about_points_of_their_own_or_that_they_caused():
    ann, ben = await a_person(grants=Grants.HR), await a_person(grants=Grants.HR)
    await in_turn(ann.id, ben.id)
    for review in await Review.all():
        for by in (ann, ben):
            with pytest.raises(OwnPoints):
                await reviews.decide(review.id, reverse=False, words="Fine", by=by)
    paid = await Transfer.filter(person_id=ann.id).first()
    with pytest.raises(OwnPoints):
        await reviews.reverse(paid.id, "Odd", by=ben, key=a_key())

    assert {review.state for review in await Review.all()} == {State.OPEN}


async def test_thanks_taken_back_in_time_leave_nothing_to_review():
    ann, ben = uuid4(), uuid4()
    await in_turn(ann, ben, days=range(3))
    await thanks(ann, ben, at=MONDAY + timedelta(days=3))
    last = await thanks(ben, ann, at=MONDAY + timedelta(days=3))
    assert await Review.exists(transfer__event_id=last.id)

    await payments.withdraw(await taken_back(last))

    assert not await Review.exists(transfer__event_id=last.id)
    assert await findings() == []


async def test_what_is_reversed_after_it_was_spent_is_owed_and_filled_by_what_is_earned_next(hr):
    ann = uuid4()
    first, _ = await a_payment(ann), await a_payment(ann)
    with clock.set_to(MONDAY + timedelta(days=4)):
        await holds.release_due()
        await spending.reserve("order:1", 8, ORDER, person_id=ann)

        await reviews.reverse(first.id, "Arranged", by=hr, key=a_key())
        assert await balance(ann) == Balance(ann, available=0, reserved=8, owed=3)
        assert await findings() == []

        await thanks(uuid4(), ann, at=clock.now())
    with clock.set_to(MONDAY + timedelta(days=8)):
        await holds.release_due()

    assert await balance(ann) == Balance(ann, available=2, reserved=8)
    lines = await Transfer.filter(person_id=ann).exclude(points=0).order_by("at")
    assert sum(line.points for line in lines) == 2
    assert await findings() == []


async def test_the_same_key_reverses_once_and_another_is_refused(hr):
    paid, key = await a_payment(uuid4()), a_key()

    first = await reviews.reverse(paid.id, "Arranged", by=hr, key=key)

    assert (await reviews.reverse(paid.id, "Arranged", by=hr, key=key)).id == first.id
    with pytest.raises(ReviewMoved):
        await reviews.reverse(paid.id, "Arranged", by=hr, key=a_key())
    assert await Transfer.filter(reason=Reason.REVERSED).count() == 1


async def test_what_was_taken_back_already_is_not_reversed_again(hr):
    event = await thanks(uuid4(), uuid4())
    await payments.withdraw(await taken_back(event))
    paid = await Transfer.get(reason=Reason.EARNED)

    with pytest.raises(ReviewMoved):
        await reviews.reverse(paid.id, "Odd", by=hr, key=a_key())

    assert not await Review.exists()
    assert (await Rule.get()).used == 0
    assert await findings() == []


async def test_only_what_a_rule_paid_can_be_reversed(hr):
    ann = uuid4()
    await a_payment(ann)
    with clock.set_to(MONDAY + timedelta(days=4)):
        await holds.release_due()
    released = await Transfer.get(reason=Reason.RELEASED)

    for id in (released.id, uuid4()):
        with pytest.raises(ReviewNotFound):
            await reviews.reverse(id, "Odd", by=hr, key=a_key())


@pytest.mark.parametrize("grant", [True, False])
async def test_who_lost_points_may_appeal_once_and_somebody_else_answers(hr, grant):
    ann, other = await a_person(), await a_person(grants=Grants.HR)
    review = await reviews.reverse((await a_payment(ann.id)).id, "Odd", by=hr, key=a_key())

    await reviews.appeal(review.id, "We share a desk", by=ann)
    with pytest.raises(ReviewMoved):
        await reviews.appeal(review.id, "Really", by=ann)
    with pytest.raises(OwnPoints):
        await reviews.answer(review.id, grant=grant, words="Well", by=hr)
    answered = await reviews.answer(review.id, grant=grant, words="Well", by=other)

    assert answered.state is (State.RESTORED if grant else State.REVERSED)
    assert await balance(ann.id) == Balance(ann.id, available=5 if grant else 0)
    assert (await Rule.get()).used == (5 if grant else 0)
    with pytest.raises(ReviewMoved):
        await reviews.answer(review.id, grant=True, words="Again", by=other)
    with pytest.raises(ReviewMoved):
        await reviews.appeal(review.id, "Again", by=ann)
    assert await findings() == []


async def test_nobody_appeals_for_others_or_before_a_decision():
    ann = await a_person()
    review = await a_held_payment(ann.id)

    with pytest.raises(ReviewNotFound):
        await reviews.appeal(review.id, "Please", by=await a_person(grants=Grants.HR))
    with pytest.raises(ReviewMoved):
        await reviews.appeal(review.id, "Please", by=ann)

    assert (await Review.get()).appealed_at is None


@pytest.mark.committed
async def test_decisions_reversals_and_releases_at_once_end_one_way(hr):
    people = [uuid4() for _ in range(6)]
    paid = [await a_payment(person) for person in people]
    other = await a_person(grants=Grants.HR)
    with clock.set_to(MONDAY + timedelta(days=4)):
        await asyncio.gather(
            *(
                reviews.reverse(one.id, "Odd", by=by, key=a_key())
                for one in paid
                for by in (hr, other)
            ),
            *(holds.release_due() for _ in range(4)),
            *(spending.reserve(f"o:{p}", 3, ORDER, person_id=p) for p in people),
            return_exceptions=True,
        )

    assert await Transfer.filter(reason=Reason.REVERSED).count() == 6
    assert await Review.all().count() == 6
    assert (await Rule.get()).used == 0
    assert await findings() == []
