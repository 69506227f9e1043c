"""The start from a fresh checkout."""

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.checkouts import UV, Checkout

pytestmark = pytest.mark.once

PATHS = {"uv": UV} | ({"pip": ""} if importlib.util.find_spec("ensurepip") else {})


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def installed(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return json.loads(done.stdout)["installed"]


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_the_first_start_installs_what_is_locked_and_becomes_the_command(checkout, tmp_path, path):
    (tmp_path / "cli").mkdir()  # someone else's package of the same name
    (tmp_path / "cli/__main__.py").write_text("raise SystemExit('not this one')")
    done = checkout.start("staff", "import", "a file.csv", cwd=tmp_path, PATH=path)
    assert done.stderr == "Installing requirements.lock into .venv; this takes a minute, once …\n"
    assert json.loads(done.stdout) == {
        "arguments": ["staff", "import", "a file.csv"],
        "folder": str(tmp_path),
        "installed": {"greeting": "1.0"},
    }
    assert done.returncode == 7


def test_the_next_start_installs_nothing(checkout):
    checkout.start("demo")
    shutil.rmtree(checkout.folder / "wheels")
    done = checkout.start("demo")
    assert (done.stderr, installed(done)) == ("", {"greeting": "1.0"})


def test_what_is_started_is_compiled_once(checkout):
    checkout.write("cli/__init__.py", "")
    checkout.start("demo", PYTHONDONTWRITEBYTECODE="1")
    assert [*(checkout.folder / "cli" / "__pycache__").glob("__init__.*.pyc")]


def test_a_changed_lock_is_installed(checkout):
    checkout.start("demo")
    checkout.lock("2.0")
    assert installed(checkout.start("demo")) == {"greeting": "2.0"}


def test_tools_are_installed_for_those_who_develop_only(checkout):
    assert installed(checkout.start("demo")) == {"greeting": "1.0"}
    assert installed(checkout.start("bench")) == {"greeting": "1.0", "hammer": "1.0"}
    assert checkout.start("demo").stderr == ""


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_package_that_is_not_the_locked_one_is_refused(checkout, path):
    (checkout.folder / "requirements.lock").write_text(f"greeting==1.0 --hash=sha256:{'0' * 64}\n")
    done = checkout.start("demo", PATH=path)
    assert "This failed:" in done.stderr.splitlines()[-1]
    assert (done.stdout, done.returncode) == ("", 1)
    assert not (checkout.venv / "installed").exists()


def test_either_installer_goes_on_where_the_other_left_off(checkout):
    for version, path in ("1.0", UV), ("2.0", PATHS.get("pip", UV)), ("3.0", UV):
        checkout.lock(version)
        assert installed(checkout.start("demo", PATH=path)) == {"greeting": version}


def test_two_starts_at_once_install_once(checkout):
    with checkout.spawn("demo") as one, checkout.spawn("demo") as other:
        said = [start.communicate() for start in (one, other)]
    assert [json.loads(out)["installed"] for out, _ in said] == [{"greeting": "1.0"}] * 2
    assert sum("Installing" in err for _, err in said) == 1


def test_an_environment_whose_python_vanished_is_made_anew(checkout):
    checkout.start("demo")
    python = checkout.venv / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert installed(checkout.start("demo")) == {"greeting": "1.0"}


def test_a_python_without_ensurepip_is_told_what_to_install(checkout):
    checkout.write("poor/sitecustomize.py", "import sys; sys.modules['ensurepip'] = None")
    done = checkout.start("demo", PATH="", PYTHONPATH=str(checkout.folder / "poor"))
    package = f"python{sysconfig.get_python_version()}-venv"
    assert f"on Debian and Ubuntu:  sudo apt-get install {package}\n" in done.stderr
    assert (done.stdout, done.returncode) == ("", 1)


def test_an_older_python_is_told_which_one_is_needed(checkout):
    file = checkout.folder / "run.py"
    ast.parse(file.read_text(), feature_version=(3, 7))
    older = f"import runpy, sys; sys.version_info = (3, 10); runpy.run_path({str(file)!r})"
    done = subprocess.run([sys.executable, "-c", older], capture_output=True, check=False)
    assert done.stderr.startswith(b"Breakroom needs Python 3.11 or newer; this is ")
    assert done.returncode == 1


def test_a_signal_reaches_the_command(checkout):
    checkout.write(
        "cli/__main__.py",
        """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
print("ready", flush=True)
signal.pause()
""",
    )
    with checkout.spawn("serve") as start:
        assert start.stdout.readline() == "ready\n"
        start.terminate()
    assert start.returncode == 3


def test_each_check_is_a_line_and_a_failed_one_says_what_mends_it(checkout):
    checkout.lend_tools()
    checkout.write("cli/__init__.py", "")
    checkout.write(
        "cli/__main__.py",
        """\
import os
import sys

sys.exit("stale" if "schema" in sys.argv else 0)
""",
    )
    checkout.write(
        "pyproject.toml",
        """
[tool.ruff]
line-length = 100
[tool.mypy]
files = ["cli"]
[tool.importlinter]
root_package = "cli"
include_external_packages = true
[[tool.importlinter.contracts]]
name = "no sockets"
type = "forbidden"
source_modules = ["cli"]
forbidden_modules = ["socket"]
""",
    )
    done = checkout.start("check")
    assert [line for line in done.stdout.splitlines() if line.startswith(("✓", "✗"))] == [
        "✗ ruff check · mended by: .venv/bin/ruff check --fix",
        "✓ ruff format",
        "✓ mypy",
        "✓ lint-imports",
        "✗ schema · mended by: python3 run.py schema",
        "✓ migrations",
    ]
    assert "    stale\n" in done.stdout
    assert done.returncode == 1
