"""What came of it: a table for people, a line for programs, a file to keep and a chart."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from rich.table import Table

from bench.load import making
from bench.stage import Sample

Rounds = Mapping[str, Sequence[Sample]]  # by series


@dataclass
class Report:
    """Of the workloads; who measures something else shows it otherwise."""

    machine: dict[str, Any]
    load_limit: float  # requests a second that the load could make
    workloads: dict[str, Rounds] = field(default_factory=dict)
    starts: list[float] = field(default_factory=list)  # seconds
    refused: dict[str, str] = field(default_factory=dict)  # what could not be measured, and why

    def middle(self) -> dict[str, dict[str, Sample]]:
        return {
            workload: {name: Sample.middle(rounds) for name, rounds in series.items()}
            for workload, series in self.workloads.items()
        }

    def line(self) -> dict[str, Any]:
        """For programs."""
        middle = self.middle()
        told: dict[str, Any] = {
            workload: {name: round(sample.per_second, 1) for name, sample in series.items()}
            for workload, series in middle.items()
        }
        if "page" in middle:
            first, deep = middle["page"].values()
            told["page"]["ratio"] = round(first.per_second / deep.per_second, 3)
        if self.starts:
            told["start"] = round(median(self.starts), 2)
        return told | {"cpu": {name: _cpu(series) for name, series in middle.items()}}

    def keep(self, folder: Path) -> Path:
        """Every round, to be looked at again."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.machine['at'].replace(':', '-')}.json"
        rounds = {
            workload: {name: [asdict(one) for one in samples] for name, samples in series.items()}
            for workload, series in self.workloads.items()
        }
        told = self.line() | {"rounds": rounds, "starts": self.starts}
        told |= {
            "refused": self.refused,
            "machine": self.machine,
            "load_limit": round(self.load_limit),
        }
        path.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        return path

    def table(self) -> Table:
        table = Table("", "", "req/s", "Breakroom ×", "p99 ms", "server CPU", "PG CPU")
        for column in table.columns:
            column.no_wrap = True
        for column in table.columns[2:]:
            column.justify = "right"
        for workload, series in self.middle().items():
            first = next(iter(series.values())).per_second
            for number, (name, sample) in enumerate(series.items()):
                table.add_row(workload if number == 0 else "", name, *_cells(sample, first))
            table.add_section()
        if self.starts:
            table.add_row("start", "breakroom", f"{median(self.starts):.2f} s")
            table.add_section()
        table.add_row("load", "at most", f"{self.load_limit:,.0f}")
        return table


def machine(plan: object, postgres: str) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "load": "wrk, own where requests are sent once" if making.WRK else "own",
        "postgres": postgres,
        "plan": plan,
    }


def _cpu(series: Mapping[str, Sample]) -> dict[str, dict[str, float]]:
    return {
        name: {"server": round(one.server_cpu, 3), "postgres": round(one.postgres_cpu, 3)}
        for name, one in series.items()
    }


def _cells(sample: Sample, first: float) -> Sequence[str]:
    return (
        f"{sample.per_second:,.0f}",
        f"{first / sample.per_second:.2f}",
        f"{sample.p99:.0f}",
        f"{sample.server_cpu:.2f}",
        f"{sample.postgres_cpu:.2f}",
    )
