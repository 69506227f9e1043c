import os
import subprocess
import sys

import pytest

from gamify import payments, rules
from gamify.rules import Rule
from tests.gamify.makers import an_event

pytestmark = pytest.mark.committed


@pytest.fixture
def breakroom(database_url: str):
    def integrity(url: str = database_url, **given: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli", "integrity"],
            env=os.environ | {"BREAKROOM_DATABASE": url, "PYTHONIOENCODING": "utf-8"} | given,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return integrity


async def test_right_books_get_a_tick_for_every_check(breakroom):
    await rules.ship()
    await payments.pay(await an_event())

    done = breakroom()

    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ Every transfer sums to 0." in done.stdout.splitlines()
    assert "✗" not in done.stdout


async def test_a_check_may_take_longer_than_a_request(breakroom):
    await rules.ship()
    done = breakroom(BREAKROOM_STATEMENT_TIMEOUT="0.001")
    assert (done.returncode, done.stderr) == (0, "")


async def test_a_wrong_figure_is_named_and_fails_the_command(breakroom):
    await rules.ship()
    await payments.pay(await an_event())
    await Rule.filter(name="thanked").update(used=20)

    done = breakroom()

    assert done.returncode == 1
    lines = done.stdout.splitlines()
    found = lines.index("✗ What every rule has used is what it paid, within its budget.")
    assert lines[found + 1] == "    rule thanked 1 has used 20 of 1000000, paid is 10"
    assert "findings: 1" in done.stderr


async def test_a_database_without_tables_is_told_what_to_do(breakroom, empty_database):
    done = breakroom(empty_database)

    assert done.returncode == 1
    assert "run `breakroom migrate` first" in done.stderr
