"""This machine: its Python, its folders, and what the operator chose."""

import os
import platform
import resource
import shutil
import stat
import sys
from difflib import get_close_matches
from shlex import quote
from tempfile import TemporaryFile

from cli.checks import Check, Wrong
from core import clock, settings
from core.settings import BadSettings, Settings

SERVING = {"BREAKROOM_HOST", "BREAKROOM_PORT"}  # options of `breakroom serve`
TESTING = "BREAKROOM_TEST_"


async def python(least: tuple[int, int] = (3, 11)) -> str:
    if sys.version_info < least:
        wanted = ".".join(map(str, least))
        raise Wrong(f"{platform.python_version()} is too old", mend=f"install Python {wanted}")
    return platform.python_version()


async def valid() -> str:
    try:
        zone = settings.current().time_zone
    except BadSettings as bad:
        raise Wrong(str(bad).replace("\n", "; "), mend="breakroom settings (lists them)") from None
    return f"{len(_given())} given; in {zone} it is {clock.business_date()}"


async def spelling() -> str:
    known = {f"BREAKROOM_{name.upper()}" for name in Settings.model_fields} | SERVING
    for name in _given():
        if name not in known:
            raise Wrong(f"there is no setting {name}", mend=f"unset {name}{_meant(name, known)}")
    return "every setting is known"


def _given() -> list[str]:
    names = [name for name in os.environ if name.startswith("BREAKROOM_")]
    return sorted(name for name in names if not name.startswith(TESTING))


def _meant(name: str, known: set[str]) -> str:
    close = get_close_matches(name, known, 1)
    return f" (or is {close[0]} meant?)" if close else ""


async def home() -> str:
    folder = settings.current().home
    if not folder.is_dir():
        raise Wrong(f"there is no folder {folder}", mend=f"mkdir -p -m 700 {quote(str(folder))}")
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as failure:
        mend = f"chown -R {os.geteuid()} {quote(str(folder))}"
        raise Wrong(f"nothing can be written to {folder}: {failure.strerror}", mend=mend) from None
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        mend = f"chmod go= {quote(str(folder))}"
        raise Wrong(f"others may look into {folder}", mend=mend)
    return str(folder.resolve())


async def disk(least: float = 1.0) -> str:
    """Gigabytes that are free."""
    home = settings.current().home.resolve()
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free / 1e9
    if free < least:
        raise Wrong(f"only {free:.1f} GB are free", mend=f"df -h {quote(str(place))}")
    return f"{free:.0f} GB are free"


async def open_files(least: int = 4096) -> str:
    """Each phone that listens is one."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit != resource.RLIM_INFINITY and limit < least:
        mend = f"ulimit -n {least * 16} (systemd: LimitNOFILE={least * 16})"
        raise Wrong(f"only {limit} may be open at once", mend=mend)
    return f"{limit} may be open at once"


async def development() -> str:
    if settings.current().development:
        what = "everybody may read the schema, and codes are printed"
        raise Wrong(what, mend="unset BREAKROOM_DEVELOPMENT")
    return "off"


CHECKS: dict[str, Check] = {
    "Python": python,
    "spelling": spelling,
    "home": home,
    "disk": disk,
    "open files": open_files,
    "development": development,
}
