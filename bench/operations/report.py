"""What came of the operations: a line for each, and the ratio that counts."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

import bench.report
from bench.operations import documents
from bench.operations.asked import LEFT_OUT, OPERATIONS
from bench.stage import Sample

COLUMNS = ("req/s", "bare", "ratio", "server CPU", "bare", "PG CPU", "bare")
UNWRITTEN = "bench/operations/asked.py has no requests of"


class Report(bench.report.Report):
    def line(self) -> dict[str, Any]:
        ratios = {name: round(_ratio(pair), 2) for name, pair in self.middle().items()}
        return {"ratios": ratios} | super().line()

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


def _cells(pair: Mapping[str, Sample]) -> Iterator[str]:
    both = pair["breakroom"], pair["bare"]
    yield from (f"{one.per_second:,.0f}" for one in both)
    yield f"{_ratio(pair):.2f}"
    yield from (f"{one.server_cpu:.2f}" for one in both)
    yield from (f"{one.postgres_cpu:.2f}" for one in both)
