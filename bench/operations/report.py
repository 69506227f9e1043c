"""What came of the operations: a line for each, and the ratio that counts."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

import bench.report
from bench.operations import documents
from bench.operations.asked import LEFT_OUT, OPERATIONS
from bench.stage import Sample

COLUMNS = ("req/s", "bare", "ratio", "server CPU", "bare", "PG CPU", "bare", "by CPU")
UNWRITTEN = "bench/operations/asked.py has no requests of"


class Report(bench.report.Report):
    def line(self) -> dict[str, Any]:
        middle = self.middle()
        ratios = {name: round(_ratio(pair), 2) for name, pair in middle.items()}
        by_cpu = {name: round(_by_cpu(pair), 2) for name, pair in middle.items()}
        return {"ratios": ratios, "by_cpu": by_cpu} | super().line()

    def table(self) -> Table:
        table = Table("operation", *COLUMNS, caption="\n".join(self.left_out()))
        for column in table.columns[1:]:
            column.justify = "right"
        for name, pair in sorted(self.middle().items(), key=lambda item: _ratio(item[1])):
            table.add_row(name, *_cells(pair))
        return table

    def left_out(self) -> Iterator[str]:
        unmeasured = [name for name in documents.all() if name not in OPERATIONS]
        for reason in dict.fromkeys(LEFT_OUT.values()):
            alike = [name for name in unmeasured if LEFT_OUT.get(name) == reason]
            yield f"{', '.join(alike)}: {reason}"
        if missing := [name for name in unmeasured if name not in LEFT_OUT]:
            yield f"{UNWRITTEN}: {', '.join(missing)}"


def _ratio(pair: Mapping[str, Sample]) -> float:
    return pair["breakroom"].per_second / pair["bare"].per_second


def _by_cpu(pair: Mapping[str, Sample]) -> float:
    """What the bare handler and its database compute beside ours: steady on a busy machine."""
    ours, bare = pair["breakroom"], pair["bare"]
    return (bare.server_cpu + bare.postgres_cpu) / (ours.server_cpu + ours.postgres_cpu)


def _cells(pair: Mapping[str, Sample]) -> Iterator[str]:
    both = pair["breakroom"], pair["bare"]
    yield from (f"{one.per_second:,.0f}" for one in both)
    yield f"{_ratio(pair):.2f}"
    yield from (f"{one.server_cpu:.2f}" for one in both)
    yield from (f"{one.postgres_cpu:.2f}" for one in both)
    yield f"{_by_cpu(pair):.2f}"
