"""Each check finds what it is there to find."""

from uuid import UUID

import pytest
from tortoise.connection import get_connection

from gamify import integrity, payments, rules, spending
from gamify.ledger import Cause
from gamify.reasons import Reason
from tests.gamify.makers import an_event, give, taken_back

ANN = UUID(int=7)
WHY = Cause(reason=Reason.REDEEMED)


@pytest.fixture(autouse=True)
async def books(undo) -> None:
    """Books in which everything has happened that can."""
    await rules.ship()
    event = await an_event(answerer=ANN, thanks=UUID(int=1))
    await payments.pay(event)
    await payments.withdraw(await taken_back(event))
    await payments.pay(await an_event(answerer=ANN, thanks=UUID(int=2)))
    await give(ANN, 7)
    await spending.reserve("order", 2, WHY, person_id=ANN)


async def test_right_books_have_no_findings():
    assert [await check() for check in integrity.CHECKS] == [[]] * 7


@pytest.mark.parametrize(
    ("check", "wrong", "findings"),
    [
        (
            integrity.transfers_balance,
            (
                "UPDATE posting SET amount = 11 WHERE amount = 10 AND transfer_id ="
                " (SELECT id FROM transfer WHERE source_key LIKE 'thanked:%2')"
            ),
            [f"transfer thanked:{UUID(int=2)} sums to 1"],
        ),
        (
            integrity.lines_say_what_was_posted,
            "UPDATE transfer SET points = 9 WHERE source_key LIKE 'thanked:%2'",
            [f"transfer thanked:{UUID(int=2)} says 9, posted is 10"],
        ),
        (
            integrity.balances_are_sums,
            "UPDATE account SET balance = 6 WHERE kind = 'AVAILABLE'",
            [f"AVAILABLE of {ANN} is 6, posted is 5"],
        ),
        (
            integrity.reversals_mirror,
            (
                "UPDATE posting SET amount = amount * 2 WHERE transfer_id ="
                " (SELECT id FROM transfer WHERE reverses_id IS NOT NULL)"
            ),
            [
                f"reversals of thanked:{UUID(int=1)} leave -10",
                f"reversals of thanked:{UUID(int=1)} leave 10",
            ],
        ),
        (
            integrity.pending_is_held,
            "UPDATE hold SET points = 12",
            [f"pending of {ANN} is 10, held is 12"],
        ),
        (
            integrity.reserved_is_ordered,
            (
                "UPDATE transfer SET source_key = 'settled:' || (SELECT id FROM transfer"
                " WHERE source_key = 'order') WHERE source_key LIKE 'gift:%'"
            ),
            [f"reserved of {ANN} is 2, ordered is 0"],
        ),
        (
            integrity.budgets_are_sums,
            "UPDATE rule SET used = 20 WHERE name = 'thanked'",
            ["rule thanked 1 has used 20 of 1000000, paid is 10"],
        ),
    ],
)
async def test_a_wrong_row_is_found(check, wrong, findings):
    await get_connection("default").execute_script(wrong)

    assert sorted(await check()) == findings
