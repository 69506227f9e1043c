"""The suite on both databases at once."""

import os
from pathlib import Path

import pytest

from tests.checkouts import Checkout

pytestmark = pytest.mark.once

DATABASE_OPTION = """
def pytest_addoption(parser):
    parser.addoption("--database")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path / "checkout")
    made.lend_tools()
    made.write("tests/conftest.py", DATABASE_OPTION)
    return made


def test_the_suite_runs_on_both_databases_and_fails_if_it_fails_on_one(checkout):
    checkout.write(
        "tests/test_it.py",
        """
def test_everywhere():
    pass

def test_one_only(request):
    assert request.config.getoption("database") == "sqlite"
""",
    )
    done = checkout.start("test", "tests")
    _, sqlite, postgres = done.stdout.split("test session starts")
    assert "2 passed" in sqlite
    assert "1 failed, 1 passed" in postgres
    closing = [line.partition(" in ")[0] for line in done.stdout.splitlines()[-2:]]
    assert closing == ["✓ sqlite    2 passed", "✗ postgres  1 failed, 1 passed"]
    assert done.returncode == 1
    assert checkout.start("test", "tests", "-k", "everywhere").returncode == 0
    assert checkout.start("test", "tests", "--database", "sqlite").stdout.count("2 passed") == 1


def test_a_stopped_suite_cleans_up_on_both_databases(checkout):
    checkout.write(
        "tests/test_it.py",
        """
import signal
from pathlib import Path
import pytest

@pytest.fixture
def server(request):
    database = request.config.getoption("database")
    yield database
    Path(database).touch()

def test_endless(server):
    Path("started").write_text(server + "\\n")
    signal.pause()
""",
    )
    os.mkfifo(checkout.folder / "started")
    expected = {"sqlite", "postgres"} if os.cpu_count() > 1 else {"sqlite"}
    with (
        checkout.spawn("test", "tests") as start,
        os.fdopen(os.open(checkout.folder / "started", os.O_RDWR)) as started,
    ):
        assert {started.readline().strip() for _ in expected} == expected
        start.terminate()
        start.communicate()
    assert start.returncode == 130
    assert {path.name for path in checkout.folder.iterdir()} & {"sqlite", "postgres"} == expected
