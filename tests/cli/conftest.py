from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.commands import breakroom

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture
def command(database_url: str, tmp_path: Path) -> Command:
    """Runs a command on the database of the tests, and expects this exit code."""

    def run(*arguments: str | Path, code: int = 0, **chosen: str) -> CompletedProcess[str]:
        where = {"database": database_url, "home": str(tmp_path)}
        done = breakroom(*arguments, **where | chosen)
        printed, told = done.stdout.decode(), done.stderr.decode()
        assert done.returncode == code, told
        return CompletedProcess(done.args, code, printed, told)

    return run
