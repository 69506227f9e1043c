"""What a person has, and why."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from core import clock
from core.pages import Page
from gamify import explanations, holds, payments, points, reasons, rules
from gamify.ledger import Transfer
from gamify.points import Balance
from gamify.reasons import Reason
from tests.gamify.makers import an_event, give, taken_back

MONDAY = datetime(2026, 11, 16, 4, tzinfo=UTC)


async def test_balances_come_in_the_order_they_were_asked_in_one_statement(statements):
    ann, bob = uuid4(), uuid4()
    await give(ann, 7)
    await give(ann, 3)

    statements()
    found = await points.balances([bob, ann])

    assert found == [Balance(bob, available=0, pending=0), Balance(ann, available=10, pending=0)]
    assert len(statements()) == 1


async def test_history_tells_gains_and_losses_newest_first_and_no_release():
    await rules.ship()
    ann = uuid4()
    kept = await an_event(answerer=ann, at=MONDAY)
    lost = await an_event(answerer=ann, at=MONDAY + timedelta(hours=1))
    await payments.pay(kept)
    await payments.pay(lost)
    await payments.withdraw(await taken_back(lost, at=MONDAY + timedelta(hours=2)))
    with clock.set_to(MONDAY + timedelta(hours=72)):
        await holds.release_due()

    [history] = await points.history([ann], page=Page())

    assert [(line.reason, line.points) for line in history.rows] == [
        (Reason.TAKEN_BACK, -10),
        (Reason.EARNED, 10),
        (Reason.EARNED, 10),
    ]
    assert not history.has_next_page


async def test_history_is_read_in_pages_that_do_not_shift(statements):
    await rules.ship()
    ann = uuid4()
    for hours in range(5):
        await payments.pay(await an_event(answerer=ann, at=MONDAY + timedelta(hours=hours)))

    [first] = await points.history([ann], page=Page(2))
    await payments.pay(await an_event(answerer=ann, at=MONDAY + timedelta(hours=9)))
    statements()
    [second] = await points.history([ann], page=Page(2, after=first.page_info.end_cursor))

    assert len(statements()) == 1
    assert [line.at - MONDAY for line in second.rows] == [timedelta(hours=2), timedelta(hours=1)]
    assert second.has_next_page


async def test_histories_of_several_people_cost_one_statement_and_do_not_mix(statements):
    ann, bob = uuid4(), uuid4()
    await give(ann, 1)
    await give(bob, 2)

    statements()
    found = await points.history([bob, ann], page=Page())

    assert len(statements()) == 1
    assert [[line.points for line in history.rows] for history in found] == [[2], [1]]


async def test_a_line_tells_when_its_points_become_available_as_long_as_they_are_not():
    await rules.ship()
    ann = uuid4()
    await payments.pay(await an_event(answerer=ann, at=MONDAY))
    await give(ann, 1)
    [history] = await points.history([ann], page=Page())
    lines = [line.id for line in history.rows]

    assert await points.available_at(lines) == [None, MONDAY + timedelta(hours=72)]

    with clock.set_to(MONDAY + timedelta(hours=72)):
        await holds.release_due()
    assert await points.available_at(lines) == [None, None]


async def test_every_reason_has_words_in_every_language():
    assert set(reasons.WORDS) == set(Reason)

    line = Transfer(reason=Reason.EARNED)
    assert await explanations.reason([line], language="en") == ["You earned points."]
    assert await explanations.reason([line], language="zh-CN") == ["你获得了积分。"]
    assert await explanations.reason([line], language="zh-TW") == ["你獲得了點數。"]
