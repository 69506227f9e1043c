"""schema.graphql and what clients built against it can rely on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.schema import schema
from cli.schema import FILE
from cli.schema import schema as command

pytestmark = pytest.mark.once

SERVED = schema().as_str() + "\n"
EARLIER = SERVED.replace("type PageInfo {", "type PageInfo {\n  total: Int")
REMOVED = "Field PageInfo.total was removed."
BROKEN = f"announce in docs/breaking-changes.md what breaks clients:\n  {REMOVED}"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def git(folder: Path, *arguments: str) -> None:
    somebody = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *somebody, *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A schema.graphql in a repository of its own."""
    git(tmp_path, "init")
    return tmp_path / "schema.graphql"


def commit(file: Path, content: str) -> None:
    file.write_text(content)
    git(file.parent, "add", file.name)
    git(file.parent, "commit", "-m", "schema")


def test_the_file_is_what_the_code_serves():
    assert FILE.read_text("utf-8") == SERVED, "python3 run.py schema writes it"


def test_the_order_is_the_same_in_every_process():
    printed = "from api.schema import schema; print(schema().as_str())"
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        again = subprocess.run(
            [sys.executable, "-c", printed], env=environment, check=True, capture_output=True
        )
        assert again.stdout.decode() == SERVED


def test_it_is_written_where_it_is_wanted(file):
    assert run(file).exit_code == 0
    assert file.read_text("utf-8") == SERVED
    assert run(file, "--check").exit_code == 0


def test_one_that_is_stale_or_missing_fails_the_check(file):
    missing = run(file, "--check")
    file.write_text(EARLIER)
    stale = run(file, "--check")
    said = "Error: schema.graphql is not what the code serves: `breakroom schema`\n"
    assert (missing.output, stale.output) == (said, said)
    assert (missing.exit_code, stale.exit_code) == (1, 1)
    assert file.read_text() == EARLIER


def test_a_change_that_breaks_clients_fails_before_and_after_it_is_committed(file):
    commit(file, EARLIER)
    file.write_text(SERVED)
    before = run(file, "--check")
    commit(file, SERVED)
    after = run(file, "--check")
    assert (before.output, after.output) == (f"Error: {BROKEN}\n", f"Error: {BROKEN}\n")
    assert (before.exit_code, after.exit_code) == (1, 1)


def test_whoever_writes_it_hears_at_once_what_breaks(file):
    commit(file, EARLIER)
    assert BROKEN in run(file).output
    assert file.read_text() == SERVED


def test_an_announced_change_passes(file):
    commit(file, EARLIER)
    file.write_text(SERVED)
    announced = file.parent / "docs" / "breaking-changes.md"
    announced.parent.mkdir()
    announced.write_text(f"- {REMOVED}\n")
    assert run(file, "--check").exit_code == 0


def test_an_addition_passes(file):
    commit(file, SERVED.replace("  endCursor: String\n", ""))
    file.write_text(SERVED)
    assert run(file, "--check").exit_code == 0


def test_it_is_compared_with_any_schema_that_clients_know(file, tmp_path):
    file.write_text(SERVED)
    released = tmp_path / "released.graphql"
    released.write_text(EARLIER)
    assert BROKEN in run(file, "--check", "--against", released).output
    assert run(file, "--check", "--against", file).exit_code == 0
