"""Answers of all contestants side by side, before any of them is timed."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any


class Differs(Exception):
    """A contestant does not answer as the first one, so there is nothing to compare."""


async def compare(names: Iterable[str], answer: Callable[[str], Awaitable[Any]]) -> None:
    """Raises Differs."""
    first, *others = names
    expected = await answer(first)
    for name in others:
        if (given := await answer(name)) != expected:
            raise Differs(f"{first} answers\n{expected}\nand {name}\n{given}")


def same(value: Any) -> Any:
    """An answer with its ids as plain as they can be, and without cursors."""
    if isinstance(value, list):
        return [same(item) for item in value]
    if not isinstance(value, dict):
        return value
    told = {name: same(item) for name, item in value.items() if name != "endCursor"}
    return told | {"id": plain(told["id"])} if "id" in told else told


def plain(id: str) -> str:
    """The UUID in an id, however it is written."""
    return id.rpartition("_")[2].replace("-", "")
