"""A home of its own: a demo never touches what is real, whatever the environment says."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.expressions import Q

from api.composition import MODELS
from core import clock, files, settings
from core.database import db
from core.people import Person
from demo import alumni, personas
from demo.company import PREFIX
from demo.personas import Persona

OURS = "BREAKROOM_"
HARMLESS = {"BREAKROOM_TIME_ZONE"}  # of all settings, these count in a demo too


class Occupied(Exception):
    """Somebody looks around there already."""


class NotOurs(Exception):
    """The database holds people whom no demo made up."""


class Unfinished(Exception):
    """The database holds a demo, but not the home that belongs to it."""


def choose(size: str, *, postgres: str = "", redis: str = "") -> None:
    """From here on the settings are a demo's."""
    home = Path(os.environ.get("BREAKROOM_HOME", "data")) / "demo" / _name(size, postgres)
    for name in [name for name in os.environ if name.startswith(OURS) and name not in HARMLESS]:
        del os.environ[name]
    os.environ |= {
        "BREAKROOM_HOME": str(home),
        "BREAKROOM_DATABASE": postgres,
        "BREAKROOM_REDIS": redis,
        "BREAKROOM_DEVELOPMENT": "true",
        "BREAKROOM_HIRES_KNOWN_SINCE": (clock.now().date() - alumni.YEARS).isoformat(),
    }
    settings.current.cache_clear()


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time. Raises Occupied."""
    home = settings.current().home
    files.make_folder(home.parent)
    with home.with_name(f"{home.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Occupied("this demo is running already; stop it first") from None
        yield


async def prepared(*, reset: bool) -> list[Persona]:
    """Whom an earlier start left here, else nobody in a home that is empty.

    Raises NotOurs, Unfinished.
    """
    begun = await _is_begun()
    if begun and not reset and (known := personas.kept()):
        return known
    if begun and not reset and settings.current().database:
        raise Unfinished("this database holds another demo, or half of one: --reset begins anew")
    shutil.rmtree(settings.current().home, ignore_errors=True)
    return []


async def empty() -> None:
    """Every table, in a database that is not in the home."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        models = Tortoise.apps["models"].values()
        tables = ", ".join(f'"{model._meta.db_table}"' for model in models)  # noqa: SLF001  # no public way
        await connection.execute_script(f"TRUNCATE {tables} CASCADE")


async def _is_begun() -> bool:
    """Whether a demo has put anybody into the database; nobody else may have."""
    await db.connect(settings.current().database_url, MODELS)
    try:
        strangers = Person.filter(~Q(number__startswith=PREFIX), ~Q(name=""))  # who left has none
        if await strangers.exists():
            raise NotOurs("this database holds real people; name an empty one for a demo")
        return await Person.all().exists()
    except OperationalError:  # there are no tables yet
        return False
    finally:
        await db.disconnect()


def _name(size: str, postgres: str) -> str:
    return f"{size}-{sha256(postgres.encode()).hexdigest()[:12]}" if postgres else size
