"""Whatever happens to points, in any order and however often it is told, the books are right.

More steps: BREAKROOM_TEST_BOOK_STEPS=100000 pytest --timeout=0.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock, events
from core.errors import Refused
from core.events import Event
from core.people import Grants, Person
from gamify import bonuses, expiry, farewells, holds, payments, points, reviews, spending
from gamify.accounts import Account, Kind
from gamify.bonuses import Bonus, BonusState
from gamify.ledger import Cause, Posting, Transfer
from gamify.reasons import PAID, Reason
from gamify.reviews import Review, State
from gamify.rules import Rule
from gamify.terms import Cap, Per, Period, Terms, Threshold
from tests.gamify.makers import a_draft, an_event, findings, saved
from tests.makers import a_key, a_person

STEPS = int(os.environ.get("BREAKROOM_TEST_BOOK_STEPS", "100"))
AT_ONCE = max(50, STEPS // 100)  # steps between looks at the books
BEGINNING = datetime(2025, 11, 16, 4, tzinfo=UTC)
ORDER, BACK = Cause(reason=Reason.REDEEMED), Cause(reason=Reason.REFUNDED)
LATELY = 100  # payments among which one is looked at again
DUTIES = holds.release_due, expiry.plan_due, expiry.advance_due, farewells.close_due
SUBSCRIBERS = {"answer.accepted": [payments.pay], "answer.unaccepted": [payments.withdraw]}


@dataclass
class Company:
    """A few colleagues to whom everything happens that can."""

    chance: Random
    people: list[Person]
    hr: list[Person]
    now: datetime = BEGINNING
    told: list[Event] = field(default_factory=list)
    orders: list[Transfer] = field(default_factory=list)

    async def step(self) -> None:
        moves = [self.thank] * 4 + [self.order] * 2 + [self.repeat, self.take_back, self.wait]
        moves += [self.settle, self.refund, self.reverse, self.decide, self.work]
        moves += [self.appeal, self.answer, self.leave, self.come_back]
        moves += [self.give, self.agree]
        with clock.set_to(self.now):
            try:
                await self.chance.choice(moves)()
            except (Refused, payments.Early):
                return  # an answer as good as any; what it left behind is looked for later

    async def thank(self) -> None:
        asker, answerer = self.chance.sample(self.people, 2)
        given = {"asker": asker.id, "answerer": answerer.id, "comment": uuid4()}
        self.told.append(await an_event(**given))
        await payments.pay(self.told[-1])

    async def repeat(self) -> None:
        if self.told:
            await payments.pay(self.chance.choice(self.told))

    async def take_back(self) -> None:
        if self.told:
            event = self.chance.choice(self.told)
            await payments.withdraw(await an_event("answer.unaccepted", **event.payload))

    async def order(self) -> None:
        who, n = self.chance.choice(self.people), self.chance.randrange(1, 25)
        made = await spending.reserve(f"order:{uuid4()}", n, ORDER, person_id=who.id)
        self.orders.append(made)

    async def settle(self) -> None:
        if self.orders:
            await spending.settle(self.chance.choice(self.orders), ORDER)

    async def refund(self) -> None:
        if self.orders:
            await spending.refund(self.chance.choice(self.orders), BACK)

    async def reverse(self) -> None:
        if paid := await Transfer.filter(reason__in=PAID).order_by("-at").limit(LATELY):
            line = self.chance.choice(paid)
            await reviews.reverse(line.id, "Odd", by=self.hr[0], key=a_key())

    async def decide(self) -> None:
        for review in await Review.filter(is_waiting=True).limit(2):
            reverse = self.chance.random() < 0.5
            await reviews.decide(review.id, reverse=reverse, words="So", by=self.hr[1])

    async def appeal(self) -> None:
        by = self.chance.choice(self.people)
        lost = Review.filter(person_id=by.id, state=State.REVERSED, appealed_at__isnull=True)
        if review := await lost.order_by("-moved_at").first():
            await reviews.appeal(review.id, "Please look again", by=by)

    async def answer(self) -> None:
        if review := await Review.filter(is_waiting=True, state=State.REVERSED).first():
            grant = self.chance.random() < 0.5
            await reviews.answer(review.id, grant=grant, words="So", by=self.hr[2])

    async def give(self) -> None:
        to, n = self.chance.choice(self.people), self.chance.randrange(1, 200)
        await bonuses.give(to.id, n, "So", by=self.hr[0], key=a_key())

    async def agree(self) -> None:
        if bonus := await Bonus.filter(state=BonusState.WAITING).first():
            agree = self.chance.random() < 0.5
            await bonuses.decide(bonus.id, agree=agree, by=self.hr[1])

    async def leave(self) -> None:
        who, today = self.chance.choice(self.people), clock.business_date()
        await Person.filter(id=who.id, left_on=None).update(left_on=today)
        await farewells.begin(await an_event("person.left", person=who.id))

    async def come_back(self) -> None:
        await Person.filter(id=self.chance.choice(self.people).id).update(left_on=None)

    async def wait(self) -> None:
        self.now += timedelta(hours=self.chance.choice((1, 24, 80, 600)))

    async def work(self) -> None:
        for duty in DUTIES:
            await duty()


async def a_company(seed: int) -> Company:
    with clock.set_to(BEGINNING):
        hr = [await a_person(grants=Grants.HR) for _ in range(3)]
        await saved(
            a_draft(budget=40 * STEPS, terms=Terms(payee_cap=Cap(20, Period.DAY))), by=hr[0]
        )
        given = a_draft(event="bonus.given", payee="person", points=1000, budget=40 * STEPS)
        await saved(given, by=hr[0])
        several = Terms(threshold=Threshold(3, 2, Per.PERSON))
        await saved(a_draft(points=30, terms=several), by=hr[0])
        people = [await a_person() for _ in range(4)]
    return Company(Random(seed), people, hr)  # noqa: S311  # the same course each time


async def the_books_are_right(company: Company) -> None:
    assert await findings() == []
    assert not await Account.filter(balance__lt=0).exclude(kind=Kind.DEBT).exists()
    for has in await points.balances([person.id for person in company.people]):
        lines = await Transfer.filter(person_id=has.person_id).values_list("points", flat=True)
        assert sum(lines) == has.available + has.pending - has.owed
    assert sum(await Posting.all().values_list("amount", flat=True)) == 0


@pytest.mark.committed
@given(seed=st.integers(0, 2**32))
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_happens_sums_are_0_and_nobody_has_less_than_nothing(seed):
    company = await a_company(seed)
    for _ in range(STEPS // 2 // AT_ONCE):
        for _ in range(AT_ONCE):
            await company.step()
        await the_books_are_right(company)


async def test_a_hundred_events_that_are_told_three_times_pay_once():
    with clock.set_to(BEGINNING):
        rule = await saved(a_draft())
        thanked = [await an_event() for _ in range(100)]
        for _ in range(3):
            while await events.deliver(SUBSCRIBERS):
                pass
            await Event.all().update(delivered_at=None, leased_until=None)

    assert (await Rule.get(id=rule.id)).used == 100 * 5
    paid = await Transfer.filter(reason=Reason.EARNED).values_list("person_id", flat=True)
    assert sorted(paid) == sorted(UUID(event.payload["answerer"]) for event in thanked)
    assert await findings() == []
