"""What was told of a row that is kept: its bytes stand with it, around what each request fills in.

A field is open if more than the row and the reader's language decides what it answers.
"""

from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from core.database import versions
from core.database.versions import Memos

if TYPE_CHECKING:
    from api.engine.run import Run
    from api.engine.shapes import Object


ROOM = 8
"""memos of a row, of as many shapes or languages"""


class Memo(NamedTuple):
    """An object of the answer, without what is open: that stands between the pieces."""

    pieces: Sequence[bytes]
    open: tuple[int, ...]  # the places of its fields in the shape


class Told:
    """An object of the answer of which only what is open is there yet."""

    __slots__ = ("memo", "values")

    def __init__(self, memo: Memo, values: dict[str, Any]) -> None:
        self.memo = memo
        self.values = values  # in the order of what is open

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.values[key] = value

    def text(self) -> bytes:
        filled = map(dumps, self.values.values())
        between = chain.from_iterable(zip(self.memo.pieces, filled))  # noqa: B905  # and one more
        return b"".join([*between, self.memo.pieces[-1]])


class Fresh(Told):
    """All of it is there, and will be known when it is told."""

    __slots__ = ("memos", "row", "run", "shape")

    def __init__(
        self, row: Any, memos: Memos, shape: "Object", run: "Run", values: dict[str, Any]
    ) -> None:
        self.row = row
        self.memos = memos
        self.shape = shape
        self.run = run
        self.values = values

    def text(self) -> bytes:
        if self.run.errors:  # a null may have climbed to here
            return dumps(self.values)
        memo = self._keep()
        keys = [self.shape.fields[number].key for number in memo.open]
        return Told(memo, {key: self.values[key] for key in keys}).text()

    def _keep(self) -> Memo:
        memo = _memo(self)
        if len(self.memos) == ROOM:
            self.memos.pop(next(iter(self.memos)))
        self.memos[self.shape.number, self.run.context.language] = memo
        return memo


def recall(rows: Sequence[Any], shape: "Object", run: "Run") -> list[Memo | None]:
    """What is known of each row in this shape."""
    which = shape.number, run.context.language
    return [memos.get(which) if memos else None for memos in versions.told(rows)]


def hold(row: Any, shape: "Object", run: "Run", values: dict[str, Any]) -> Any:
    """An object of the answer, to be known from then on if its row is kept."""
    [memos] = versions.told([row])
    return values if memos is None else Fresh(row, memos, shape, run, values)


def whole(memo: Memo) -> orjson.Fragment:
    """An object of which nothing is open."""
    return orjson.Fragment(memo.pieces[0])


def _memo(fresh: Fresh) -> Memo:
    pieces, open_, piece = [], [], b"{"
    for number, field in enumerate(fresh.shape.fields):
        piece += b"," * (number > 0) + dumps(field.key) + b":"
        if field.stands(fresh.row, fresh.run):
            piece += dumps(fresh.values[field.key])
        else:
            pieces.append(piece)
            open_.append(number)
            piece = b""
    return Memo((*pieces, piece + b"}"), (*open_,))


def _fragment(value: Any) -> orjson.Fragment:
    if isinstance(value, Told):
        return orjson.Fragment(value.text())
    raise TypeError(f"{type(value)} has no place in an answer")


#: An answer's JSON.
dumps = partial(orjson.dumps, default=_fragment)
