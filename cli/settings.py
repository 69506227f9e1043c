"""`breakroom settings`: what can be set, as docs/operating.md lists it."""

import json
from collections.abc import Iterator

import click
from pydantic import SecretStr

from core.settings import Settings


@click.command()
def settings() -> None:
    """List every setting, what it is when not set, and what it means."""
    click.echo("\n".join(table()))


def table() -> Iterator[str]:
    """In Markdown."""
    yield "| setting | unless set | what it is |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        yield f"| `BREAKROOM_{name.upper()}` | {_shown(field.default)} | {field.description} |"


def _shown(default: object) -> str:
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default in ("", None, (), {}):
        return ""
    if isinstance(default, tuple):
        default = ", ".join(map(str, default))
    return f"`{json.dumps(default) if isinstance(default, bool | dict) else default}`"
