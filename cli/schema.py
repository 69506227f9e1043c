"""`breakroom schema`: schema.graphql is what the code serves, and breaks no client unannounced."""

import subprocess
from pathlib import Path

import click
from graphql import build_schema, find_breaking_changes

from api.schema import schema as served_schema

FILE = Path(__file__).parent.parent / "schema.graphql"
ANNOUNCED = "docs/breaking-changes.md"
PATH = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=PATH, default=FILE)
@click.option(
    "--check", is_flag=True, help="Write nothing; fail if FILE is stale or breaks clients."
)
@click.option(
    "--against", type=PATH, help="Compare with this one, not with the one committed before."
)
def schema(file: Path, *, check: bool, against: Path | None) -> None:
    """Write FILE, the schema that clients are built against.

    A change that breaks them has to stand, as it is reported, in docs/breaking-changes.md.
    """
    served = served_schema().as_str() + "\n"
    if not check:
        file.write_text(served, "utf-8")
    elif not file.exists() or file.read_text("utf-8") != served:
        raise click.ClickException(f"{file.name} is not what the code serves: `breakroom schema`")
    known = against.read_text("utf-8") if against else _committed_before(file, served)
    if known and (unannounced := _unannounced(known, served, file.parent / ANNOUNCED)):
        told = [f"announce in {ANNOUNCED} what breaks clients:", *unannounced]
        raise click.ClickException("\n  ".join(told))


def _unannounced(known: str, served: str, announced: Path) -> list[str]:
    changes = find_breaking_changes(build_schema(known), build_schema(served))
    words = announced.read_text("utf-8") if announced.exists() else ""
    return [change.description for change in changes if change.description not in words]


def _committed_before(file: Path, served: str) -> str | None:
    """The latest committed version that is another one; None if there is none."""
    for commit in _git(file, "log", "-2", "--format=%H", "--", file.name).split():
        version = _git(file, "show", f"{commit}:./{file.name}")
        if version != served:
            return version
    return None


def _git(file: Path, *arguments: str) -> str:
    """What git says of the folder; nothing, where there is no git."""
    try:
        command = ["git", "-C", str(file.parent.absolute()), *arguments]
        return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        return ""
