"""`breakroom keeping`: how long each table is kept, and what becomes of who is erased."""

from collections.abc import Iterator

import click

from api.composition import KEEPING
from core.keeping import Keeping


@click.command()
def keeping() -> None:
    """List every table that names people, what becomes of it when one is erased, and its age."""
    click.echo("\n".join(table()))


def table() -> Iterator[str]:
    """In Markdown."""
    yield "| table | when somebody is erased | in any case |"
    yield "|---|---|---|"
    for one in sorted(KEEPING, key=lambda one: one.name):
        then = f"{one.then}: {one.why}" if one.why else one.then
        yield f"| `{one.name}` | {then} | {_in_any_case(one)} |"


def _in_any_case(one: Keeping) -> str:
    if one.kept is None:
        return ""
    what = "blank" if one.blank else "gone"
    return f"{what} {one.kept.days} days after `{one.since}`"
