from functools import partial

import pytest

from gamify import payments, rules
from gamify.rules import Rule
from tests.gamify.makers import an_event

pytestmark = pytest.mark.committed


@pytest.fixture
def integrity(command):
    return partial(command, "integrity")


async def test_right_books_get_a_tick_for_every_check(integrity):
    await rules.ship()
    await payments.pay(await an_event())

    done = integrity()

    assert done.stderr == ""
    assert "✓ Every transfer sums to 0." in done.stdout.splitlines()
    assert "✗" not in done.stdout


async def test_a_check_may_take_longer_than_a_request(integrity):
    await rules.ship()
    done = integrity(statement_timeout="0.001")
    assert done.stderr == ""


async def test_a_wrong_figure_is_named_and_fails_the_command(integrity):
    await rules.ship()
    await payments.pay(await an_event())
    await Rule.filter(name="thanked").update(used=20)

    done = integrity(code=1)

    lines = done.stdout.splitlines()
    found = lines.index("✗ What every rule has used is what it paid, within its budget.")
    assert lines[found + 1] == "    rule thanked 1 has used 20 of 1000000, paid is 10"
    assert "findings: 1" in done.stderr


async def test_a_database_without_tables_is_told_what_to_do(integrity, empty_database):
    done = integrity(database=empty_database, code=1)

    assert "run `breakroom migrate` first" in done.stderr
