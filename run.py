"""Breakroom from a fresh checkout. All it needs is Python 3.11 or newer.

    python3 run.py demo     a living company to look around in
    python3 run.py test     the whole suite on SQLite and on PostgreSQL; arguments go to pytest
    python3 run.py check    style, types, layers, schema and migrations
    python3 run.py bench    how fast it is, beside the limit; --peers: and beside others
    python3 run.py lock     renew the lock files; --upgrade takes the newest versions

Anything else is the breakroom command: serve, migrate, doctor, … (COMMAND --help tells more).
What is missing is installed into .venv first.
"""

import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from textwrap import indent
from typing import NamedTuple, NoReturn

if sys.version_info < (3, 11):  # noqa: UP036  # who has an older one is told so here
    sys.exit(f"Breakroom needs Python 3.11 or newer; this is {platform.python_version()}.")

try:
    import fcntl
except ImportError:
    sys.exit("Breakroom runs on Linux and macOS; on Windows, start it inside WSL.")

RUN = Path(__file__).resolve()
ROOT = RUN.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"

RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"  # all of the other one, and the tools
DEVELOPING = {"bench", "check", "lock", "test"}

NO_ENSUREPIP = f"""\
{sys.executable} has no ensurepip, and nothing can be installed without it.
  on Debian and Ubuntu:  sudo apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv
  anywhere:              put uv on the PATH, or use a Python from python.org
Then start this command again."""


def main() -> int:
    command, *arguments = sys.argv[1:] or ["--help"]
    if command in {"-h", "--help"}:
        print(__doc__)
        return 0
    install([RUNTIME, DEVELOPMENT] if command in DEVELOPING else [RUNTIME])
    if command == "check":
        return check()
    if command == "lock":
        return lock(*arguments)
    if command == "test":
        return become("tests", *arguments)
    if command == "bench":
        return become("bench", *arguments)
    return become("cli", command, *arguments)


def install(locks: list[Path]) -> None:
    """Make .venv hold what the locks list; of two starts at once, one waits for the other."""
    wanted = {sha256(lock.read_bytes()).hexdigest() for lock in locks}
    if wanted <= installed():
        return
    with RUN.open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not wanted <= installed():
            make_environment()
            fetch(locks[-1])
            STAMP.write_text("\n".join(wanted))


def installed() -> set[str]:
    return set(STAMP.read_text().split()) if PYTHON.exists() and STAMP.exists() else set()


def make_environment() -> None:
    if PYTHON.exists():
        return
    # Python by its full name: once the system moves to another version, this one counts as gone.
    full_name = os.path.realpath(sys.executable)
    run(full_name, "-m", "venv", "--clear", "--without-pip", str(VENV))


def fetch(lock: Path) -> None:
    STAMP.unlink(missing_ok=True)
    print(f"Installing {lock.name} into .venv; this takes a minute, once …", file=sys.stderr)
    run(*installer(), "--no-deps", "--require-hashes", "-r", str(lock))


def installer() -> list[str]:
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(NO_ENSUREPIP)
    run(str(PYTHON), "-m", "ensurepip")
    return [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]


def run(*command: str) -> None:
    """Run to the end and show its errors; what it prints besides is not what was asked for."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"This failed: {shlex.join(command)}")


def become(module: str, *arguments: str) -> NoReturn:
    """Go on as another program: signals and the exit code are its own."""
    command = [str(PYTHON), "-P", "-m", module, *arguments]
    os.execve(PYTHON, command, environment())


def environment() -> dict[str, str]:
    path = [str(ROOT), os.environ.get("PYTHONPATH")]
    home = os.environ.get("BREAKROOM_HOME", str(ROOT / "data"))
    return os.environ | {
        "BREAKROOM_HOME": home,
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "PYTHONDONTWRITEBYTECODE": "",  # to compile all modules anew is half of what a start takes
    }


class Check(NamedTuple):
    name: str
    arguments: str
    mended_by: str  # a command, or a word

    def run(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PYTHON, *self.arguments.split()],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


CHECKS = [
    Check("ruff check", "-m ruff check --output-format concise", ".venv/bin/ruff check --fix"),
    Check("ruff format", "-m ruff format --check --output-format concise", ".venv/bin/ruff format"),
    Check("mypy", "-m mypy", "hand"),
    Check("lint-imports", ".venv/bin/lint-imports", "hand"),
    Check("schema", "-m cli schema --check", "python3 run.py schema"),
    Check("migrations", "-m cli makemigrations --check", "python3 run.py makemigrations"),
]


def check() -> int:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return max(map(report, CHECKS, pool.map(Check.run, CHECKS)))


def report(one: Check, done: subprocess.CompletedProcess[str]) -> int:
    if done.returncode == 0:
        print("✓", one.name, flush=True)
        return 0
    print("✗", one.name, "· mended by:", one.mended_by)
    print(indent(done.stdout, "    "), flush=True)
    return 1


def lock(*arguments: str) -> int:
    """Write both lock files from pyproject.toml: exact versions and hashes, no addresses."""
    compile_ = [str(PYTHON), "-m", "uv", "pip", "compile", "pyproject.toml", *arguments]
    compile_ += ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    compile_ += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate"]
    compile_ += ["--custom-compile-command", "python3 run.py lock"]
    run(*compile_, "-o", RUNTIME.name)
    run(*compile_, "--extra", "s3", "--group", "dev", "-c", RUNTIME.name, "-o", DEVELOPMENT.name)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
