"""A rule tried on the past says what then happens.

More examples: BREAKROOM_TEST_DRY_RUNS=500 pytest --timeout=0.
"""

import os
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock, events
from core.events import Event
from core.people import Person
from core.transactions import transaction
from gamify import dry_runs, payments, points
from gamify.drafts import Draft
from gamify.dry_runs import PeriodTooLong, Share
from gamify.ledger import Transfer
from gamify.rules import Rule
from gamify.terms import Cap, Per, Period, Terms, Threshold
from tests.gamify.makers import a_draft, an_event, findings, saved, taken_back
from tests.makers import a_person

SUBSCRIBERS = {"answer.accepted": [payments.pay], "answer.unaccepted": [payments.withdraw]}
MONDAY = datetime(2026, 11, 16, 4, tzinfo=UTC)
WEEK = date(2026, 11, 16), date(2026, 11, 22)

PLENTY = 1_000_000
EXAMPLES = int(os.environ.get("BREAKROOM_TEST_DRY_RUNS", "6"))
TERMS = {
    "once for each answer": (Terms(once_per_object=True), PLENTY),
    "caps": (Terms(pair_cap=Cap(1, Period.DAY), payee_cap=Cap(3, Period.WEEK)), PLENTY),
    "a person's threshold": (Terms(threshold=Threshold(4, 3, Per.PERSON)), PLENTY),
    "an answer's threshold": (Terms(threshold=Threshold(2, 2, Per.OBJECT)), PLENTY),
    "a small budget": (Terms(), 40),
}


async def a_week(seed: int) -> None:
    """Few colleagues thank each other a lot; a third take it back, some of them too late."""
    chance, at = Random(seed), MONDAY  # noqa: S311  # the same week each time
    people, answers = [await a_person() for _ in range(5)], [uuid4() for _ in range(10)]
    for n, asker in chance.sample([*product(range(10), people)], 35):
        at += timedelta(minutes=chance.randrange(1, 120))
        told = {"asker": asker.id, "answerer": people[n % 5].id, "comment": answers[n]}
        event = await an_event(at=at, **told)
        if chance.random() < 0.3:
            await taken_back(event, at=at + timedelta(hours=chance.choice((1, 20, 71, 73))))


async def happened() -> None:
    with clock.set_to(MONDAY + timedelta(days=30)):
        while await events.deliver(SUBSCRIBERS):
            pass
    assert not await Event.exists(delivered_at__isnull=True, attempts__gt=0)


@pytest.mark.parametrize(("terms", "budget"), TERMS.values(), ids=TERMS)
async def test_what_a_dry_run_says_is_what_the_same_events_then_pay(terms, budget):
    draft = a_draft(terms=terms, budget=budget)
    await a_week(seed=budget)

    tried = await dry_runs.run(draft, WEEK[0], WEEK[1] + timedelta(days=9))
    assert not await Transfer.exists()
    assert not await Rule.exists()
    with clock.set_to(MONDAY - timedelta(days=1)):
        rule = await saved(draft)
    await happened()

    rule = await Rule.get(id=rule.id)
    assert tried.points == rule.used > 0
    assert tried.payments == rule.used // 5
    assert tried.is_stopped == rule.is_spent
    for share in tried.shares:
        [has] = await points.balances([share.person_id])
        assert has.pending == share.points == share.payments * 5
    assert await findings() == []


class Undone(Exception):
    """So that the next example finds nothing of this one."""


TAGS = [uuid4() for _ in range(3)]
caps = st.builds(Cap, st.integers(1, 3), st.sampled_from(Period))
thresholds = st.builds(
    lambda times, colleagues, per: Threshold(times, min(times, colleagues), per),
    st.integers(1, 5),
    st.integers(1, 4),
    st.sampled_from(Per),
)
any_terms = st.builds(
    Terms,
    where=st.sampled_from([{}, {"group_kind": "KNOWLEDGE"}, {"group_kind": "IDEAS"}]),
    tag_id=st.sampled_from([None, None, *TAGS]),
    once_per_object=st.booleans(),
    pair_cap=st.none() | caps,
    payee_cap=st.none() | caps,
    threshold=st.none() | thresholds,
)


async def any_history(chance: Random) -> None:
    """Colleagues praise answers, take it back, too late for some, and praise them again."""
    people, answers = [await a_person() for _ in range(4)], [uuid4() for _ in range(6)]
    kinds = [chance.choice(["KNOWLEDGE", "KNOWLEDGE", "IDEAS", "SUPPORT"]) for _ in answers]
    for n, asker in chance.sample([*product(range(6), people)], 15):
        at = MONDAY + timedelta(hours=chance.randrange(200))
        tags = " ".join(map(str, chance.sample(TAGS, chance.randrange(3))))
        told = {"asker": asker.id, "answerer": people[n % 4].id, "comment": answers[n]}
        for _ in range(chance.choice([1, 1, 2, 3])):
            event = await an_event(at=at, **told, group_kind=kinds[n], tags=tags)
            if chance.random() < 0.5:
                break
            at += timedelta(hours=chance.choice((1, 20, 71, 73)))
            await taken_back(event, at=at)
            at += timedelta(minutes=chance.randrange(1, 2000))


@transaction
async def tried_and_then_paid(draft: Draft, seed: int) -> None:
    await any_history(Random(seed))  # noqa: S311  # the same history each time
    tried = await dry_runs.run(draft, WEEK[0], WEEK[1] + timedelta(days=40))
    with clock.set_to(MONDAY - timedelta(days=1)):
        rule = await saved(draft)
    await happened()

    rule = await Rule.get(id=rule.id)
    assert (tried.points, tried.is_stopped) == (rule.used, rule.is_spent)
    pending = {share.person_id: share.points for share in tried.shares}
    for person in await Person.filter(name__startswith="Person"):
        [has] = await points.balances([person.id])
        assert has.pending == pending.get(person.id, 0)
    assert await findings() == []
    raise Undone


@given(terms=any_terms, budget=st.sampled_from([5, 20, PLENTY]), seed=st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
async def test_any_rule_pays_what_its_dry_run_said_whatever_had_happened(terms, budget, seed):
    with pytest.raises(Undone):
        await tried_and_then_paid(a_draft(terms=terms, budget=budget), seed)


async def test_only_the_days_asked_for_count_both_included():
    for day in (-1, 0, 6, 7):
        await an_event(at=MONDAY + timedelta(days=day))

    assert (await dry_runs.run(a_draft(), *WEEK)).payments == 2


async def test_the_twenty_most_affected_come_first_and_the_sheet_has_everybody():
    people = [await a_person(name=f"=Ann {n}") for n in range(22)]
    for n, person in enumerate(people):
        for _ in range(n + 1):
            await an_event(at=MONDAY, answerer=person.id)

    tried = await dry_runs.run(a_draft(), *WEEK)
    [sheet] = await dry_runs.csv([tried])

    assert tried.people == 22
    assert len(tried.most_affected) == 20
    assert tried.most_affected[0] == Share(people[21].id, payments=22, points=110)
    lines = sheet.split("\r\n")
    assert lines[0] == "\ufeffemployee number,name,payments,points"
    assert lines[1] == f"{people[21].number},'=Ann 21,22,110"
    assert len(lines) == 1 + 22 + 1


@pytest.mark.parametrize("days", [-1, 92])
async def test_a_period_is_in_order_and_not_endless(days):
    with pytest.raises(PeriodTooLong):
        await dry_runs.run(a_draft(), WEEK[0], WEEK[0] + timedelta(days=days))


async def test_what_happened_in_a_support_group_is_not_even_tried():
    sheltered = await an_event(at=MONDAY, group_kind="SUPPORT")

    assert (await dry_runs.run(a_draft(), *WEEK)).payments == 0
    assert await Event.filter(id=sheltered.id).exists()
    assert not await Transfer.filter(person_id=UUID(sheltered.payload["answerer"])).exists()
