"""Which Breakroom this is."""

import tomllib
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def current() -> str:
    try:
        return metadata.version("breakroom")
    except metadata.PackageNotFoundError:  # it runs from a checkout
        return str(tomllib.loads(PROJECT.read_text())["project"]["version"])
