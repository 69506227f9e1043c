"""What is locked is what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
TOOLS = PROJECT["dependency-groups"]["dev"] + PROJECT["project"]["optional-dependencies"]["s3"]
LOCKS = {"requirements.lock": RUNTIME, "requirements-dev.lock": RUNTIME + TOOLS}

#: A package may be there in two versions, each for other Pythons.
LOCKED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text()
    return dict(LOCKED.findall(text))


@pytest.mark.parametrize("name", LOCKS)
def test_each_wish_is_locked_at_a_version_that_grants_it(name):
    versions = locked(name)
    wishes = [Requirement(line) for line in LOCKS[name]]
    assert [
        str(wish)
        for wish in wishes
        if not wish.specifier.contains(versions.get(canonicalize_name(wish.name), "0"))
    ] == []


@pytest.mark.parametrize("name", LOCKS)
def test_each_package_has_hashes_and_no_address(name):
    text = (ROOT / name).read_text()
    packages = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]
    assert len(packages) == len(LOCKED.findall(text))
    assert [block for block in packages if "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_tools_are_locked_beside_the_same_runtime():
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()
