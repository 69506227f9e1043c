"""The clients' scripts, run by Node.js."""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import node

HERE = Path(__file__).parent
OLDEST = 20


def install(folder: Path = HERE) -> None:
    """Raises Unreachable."""
    node.install(folder, oldest=OLDEST)


async def run(
    script: str, *arguments: str, given: Any = None, environment: Mapping[str, str] | None = None
) -> Any:
    """What a script here prints as JSON, having read `given` as JSON."""
    process = await asyncio.create_subprocess_exec(
        *node.program("node", oldest=OLDEST),
        script,
        *arguments,
        cwd=HERE,
        env=os.environ | (environment or {}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate(json.dumps(given).encode())
    assert process.returncode == 0
    return json.loads(printed)
