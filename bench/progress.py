"""How far a run is, for whoever waits."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Self

from rich import progress
from rich.console import Console

AT_ONCE = 2000  # rows from one look at the bar to the next


class Progress:
    def __init__(self) -> None:
        columns = (
            *progress.Progress.get_default_columns(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
        )
        self.bars = progress.Progress(*columns, console=Console(stderr=True))

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.bars.stop()

    def rows(self, what: str, rows: Iterable[Any]) -> Iterator[Any]:
        """The same rows, counted on their way."""
        bar, left = self.bars.add_task(f"{what:<18}", total=None), iter(rows)
        while some := [*islice(left, AT_ONCE)]:
            yield from some
            self.bars.advance(bar, len(some))
        done = self.bars.tasks[bar].completed
        self.bars.update(bar, total=done)

    def steps(self, what: str, total: int) -> "Steps":
        return Steps(self.bars, what, total)


class Steps:
    """A bar that says which step it has come to."""

    def __init__(self, bars: progress.Progress, what: str, total: int) -> None:
        self.bars, self.what = bars, what
        self.bar = bars.add_task(f"{what:<18}", total=total)

    def begin(self, step: str) -> None:
        self.bars.update(self.bar, description=f"{self.what} · {step:<12}")

    def done(self) -> None:
        self.bars.advance(self.bar)
