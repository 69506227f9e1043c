import os

import pytest

from bench.node import Unreachable
from tests.clients import node

UNTRIED = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def clients(request: pytest.FixtureRequest) -> None:
    """The clients' packages. Where npm reaches no registry, CI fails and others are told loudly."""
    try:
        node.install()
    except Unreachable as unreachable:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(f"npm reaches no registry: {unreachable}")
        request.config.stash[UNTRIED] = str(unreachable)
        pytest.skip("npm reaches no registry")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if reason := config.stash.get(UNTRIED, None):
        terminalreporter.section("REAL CLIENTS WERE NOT TRIED", red=True, bold=True)
        terminalreporter.write_line(f"npm reaches no registry to install them from:\n{reason}")
