"""What was earned becomes available after 72 hours, once."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core import clock
from gamify import holds, points
from gamify.holds import Hold
from gamify.ledger import Cause, Transfer
from gamify.points import Balance
from gamify.reasons import Reason
from gamify.rules import Rule
from tests.gamify.makers import a_rule, findings

EARNED = datetime(2026, 11, 16, 4, tzinfo=UTC)
DUE = EARNED + timedelta(hours=72)


async def earned(person_id, *, key="thanked:1", at=EARNED) -> Transfer | None:
    cause = Cause(reason=Reason.EARNED, at=at)
    rule = await Rule.first() or await a_rule()
    await Rule.filter(id=rule.id).update(used=rule.used + 10)
    return await holds.earn(key, 10, cause, person_id=person_id, rule_id=rule.id)


async def test_points_are_pending_for_72_hours_and_then_available():
    ann = uuid4()
    await earned(ann)

    with clock.set_to(DUE - timedelta(microseconds=1)):
        assert await holds.release_due() == 0
    assert await points.balances([ann]) == [Balance(ann, available=0, pending=10)]

    with clock.set_to(DUE):
        assert await holds.release_due() == 1
        assert await holds.release_due() == 0
    assert await points.balances([ann]) == [Balance(ann, available=10, pending=0)]
    assert not await Hold.exists()
    assert await findings() == []


async def test_a_source_key_earns_once():
    ann = uuid4()

    assert await earned(ann) is not None
    assert (
        await holds.earn(
            "thanked:1", 10, Cause(reason=Reason.EARNED), person_id=ann, rule_id=uuid4()
        )
        is None
    )

    assert await points.balances([ann]) == [Balance(ann, available=0, pending=10)]


async def test_what_waited_longest_is_released_first_and_a_batch_is_bounded(monkeypatch):
    monkeypatch.setattr(holds, "BATCH", 2)
    people = [uuid4() for _ in range(3)]
    for n, person in enumerate(people):
        await earned(person, key=f"thanked:{n}", at=EARNED - timedelta(minutes=n))

    with clock.set_to(DUE):
        assert await holds.release_due() == 2
        assert [b.available for b in await points.balances(people)] == [0, 10, 10]
        assert await holds.release_due() == 1


@pytest.mark.committed
async def test_two_processes_that_release_at_once_move_points_once():
    people = [uuid4() for _ in range(10)]
    for person in people:
        await earned(person, key=f"thanked:{person}")

    with clock.set_to(DUE):
        released = await asyncio.gather(*(holds.release_due() for _ in range(4)))

    assert sum(released) == 10
    assert await points.balances(people) == [Balance(p, available=10, pending=0) for p in people]
    assert await findings() == []


@pytest.mark.committed
async def test_points_taken_back_while_they_are_released_go_one_way():
    people = [uuid4() for _ in range(10)]
    for person in people:
        await earned(person, key=f"thanked:{person}")
    cause = Cause(reason=Reason.TAKEN_BACK, at=DUE - timedelta(seconds=1))

    with clock.set_to(DUE):
        await asyncio.gather(
            holds.release_due(), *(holds.take_back(f"thanked:{p}", cause) for p in people)
        )

    reversed_ = await Transfer.filter(reverses_id__isnull=False).values_list("person_id", flat=True)
    assert await points.balances(people) == [
        Balance(p, available=0 if p in reversed_ else 10, pending=0) for p in people
    ]
    assert not await Hold.exists()
