"""A Chromium: the system's own, or one that comes as a package of npm."""

import shutil
from typing import NamedTuple

from tests.clients import node

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BUNDLED = node.HERE / "bundled"


class Chromium(NamedTuple):
    program: str
    environment: dict[str, str]


async def found() -> Chromium:
    """Raises Unreachable."""
    for name in NAMES:
        if program := shutil.which(name):
            return Chromium(program, {})
    return await bundled()


async def bundled() -> Chromium:
    node.install(BUNDLED)
    told = await node.run("bundled/unpack.js")
    return Chromium(told["program"], {"LD_LIBRARY_PATH": told["libraries"]})
