"""The `breakroom` command; each of its commands has a file of its own."""

import gc
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NoReturn

import click

#: Which module holds a command, as a function of the command's name (`-` written as `_`).
COMMANDS = {
    "backup": "cli.backup",
    "boards": "cli.boards",
    "demo": "cli.demo",
    "doctor": "cli.doctor",
    "grants": "cli.grants",
    "integrity": "cli.integrity",
    "keeping": "cli.keeping",
    "keys": "cli.keys",
    "makemigrations": "cli.migrate",
    "measures": "cli.measures",
    "migrate": "cli.migrate",
    "notices": "cli.notices",
    "outbox": "cli.outbox",
    "restore": "cli.backup",
    "schema": "cli.schema",
    "search": "cli.search",
    "serve": "cli.serve",
    "settings": "cli.settings",
    "shifts": "cli.shifts",
    "staff": "cli.staff",
    "webhooks": "cli.webhooks",
}


class Lazy(click.Group):
    """Imports only the command that is run, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with _fast():
            command = getattr(import_module(COMMANDS[cmd_name]), cmd_name.replace("-", "_"))
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        from core.settings import BadSettings  # noqa: PLC0415  # --help needs none

        try:
            return super().invoke(ctx)
        except BadSettings as bad:
            raise click.ClickException(str(bad)) from None


@contextmanager
def _fast() -> Iterator[None]:
    """Importing leaves no garbage; looking for it would take a tenth of the time.

    Tortoise would parse the source of each model for comments, of which there are none, for an
    eighth of the time; source that cannot be had it does without.
    """
    getsource = inspect.getsource
    inspect.getsource = _no_source  # type: ignore[assignment]  # it never returns
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        inspect.getsource = getsource


def _no_source(of: object) -> NoReturn:
    raise OSError


@click.group(cls=Lazy)
def main() -> None:
    """Breakroom, the backend of the app for after the shift."""
