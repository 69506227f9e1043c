import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(database_url: str, tmp_path: Path) -> Command:
    """Runs a command on the database of the tests, and expects this exit code."""

    def run(*arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        home = {"BREAKROOM_DATABASE": database_url, "BREAKROOM_HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-m", "cli", *map(str, arguments)],
            env=os.environ | home | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done

    return run
