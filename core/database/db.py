"""The database: which one it is, how long we wait for it, and where the models are."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

from tortoise import Model, Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection
from tortoise.exceptions import ConfigurationError

from core import settings

#: Our statements are few and sent often. To plan one took longer than to run it, and PostgreSQL did
#: so each time; a plan made once goes by our indexes, if they cost no more than they do today.
PLANNED_ONCE = {"jit": "off", "plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1"}


def config(url: str, models: Sequence[str], migrations: str = "migrations") -> dict[str, Any]:
    """What Tortoise and its migrations need; raises ConfigurationError if models share a name."""
    _refuse_namesakes(models)
    app = {"models": [*models], "default_connection": "default", "migrations": migrations}
    return {
        "connections": {"default": connection(url)},
        "apps": {"models": app},
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(url: str, models: Sequence[str]) -> None:
    # The fallback serves requests, which run outside the task that connected.
    await Tortoise.init(config(url, models), _enable_global_fallback=True)
    await get_connection("default").create_connection(with_db=True)


async def disconnect() -> None:
    await Tortoise.close_connections()


def is_postgres() -> bool:
    return get_connection("default").capabilities.dialect == "postgres"


class Usage(NamedTuple):
    """How many connections this process holds, and how many of them work."""

    open: int
    busy: int


def usage() -> Usage:
    used: Usage = get_connection("default").usage  # type: ignore[attr-defined]  # of both engines
    return used


def connection(url: str) -> dict[str, Any]:
    """The engine and its arguments; what a PostgreSQL URL says after `?` wins over the settings."""
    expanded = expand_db_url(url)
    given = expanded["credentials"]
    if expanded["engine"].endswith("sqlite"):
        return {"engine": "core.database.sqlite", "credentials": _sqlite(given["file_path"])}
    if "sslmode" in given:
        given["ssl"] = given.pop("sslmode")
    return {"engine": "core.database.postgres", "credentials": _postgres() | given}


def _sqlite(file_path: str) -> dict[str, Any]:
    return {
        "file_path": file_path,
        "busy_timeout": _milliseconds(settings.current().lock_timeout),
        "journal_mode": "WAL",
        "journal_size_limit": 64 * 2**20,
        "synchronous": "FULL",
        "foreign_keys": "ON",
        "secure_delete": "ON",  # what was deleted cannot be read in the file
    }


def _postgres() -> dict[str, Any]:
    limits = settings.current()
    return {
        "maxsize": limits.database_connections,
        # A second more than the server's own limit, for when the server cannot answer at all.
        "command_timeout": limits.statement_timeout + 1,
        "server_settings": {
            "application_name": "breakroom",
            "timezone": "UTC",
            **PLANNED_ONCE,
            "statement_timeout": _milliseconds(limits.statement_timeout),
            "lock_timeout": _milliseconds(limits.lock_timeout),
            "idle_in_transaction_session_timeout": _milliseconds(limits.idle_timeout),
        },
    }


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


def _refuse_namesakes(models: Sequence[str]) -> None:
    """Tortoise keeps only the last of two models with one name; the other has no table."""
    known: dict[str, type[Model]] = {}
    for model in (model for module in models for model in _models_of(module)):
        first = known.setdefault(model.__name__, model)
        if first is not model:
            raise ConfigurationError(
                f"{model.__name__} is a model of {first.__module__} and of {model.__module__}"
            )


def _models_of(module: str) -> list[type[Model]]:
    things = vars(import_module(module)).values()
    models = [thing for thing in things if isinstance(thing, type) and issubclass(thing, Model)]
    return [model for model in models if not model._meta.abstract]  # noqa: SLF001  # no public way
