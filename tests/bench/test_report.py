"""What is told of a run."""

from pathlib import Path

import orjson
import pytest
from PIL import Image
from rich.console import Console

from bench import chart
from bench.report import Report
from bench.stage import Sample
from bench.workloads import answers
from bench.workloads.answers import Differs


def report() -> Report:
    fast = [
        Sample(1000.0, 9.0, 0.3, 0.5),
        Sample(1300.0, 20.0, 0.2, 0.9),
        Sample(1200.0, 8, 1, 0.4),
    ]
    slow = [Sample(600.0, 30.0, 1.1, 0.8)]
    pages = {"page 1": slow, "page 10,000": [Sample(500.0, 31.0, 1.2, 0.8)]}
    workloads = {"feed": {"breakroom": fast, "bare": slow}, "page": pages}
    at = {"at": "2026-11-22T08:00:00+00:00"}
    return Report(at, 20_000, workloads, starts=[1.9, 1.5, 1.6])


def test_a_program_gets_medians_in_one_line():
    assert report().line() == {
        "feed": {"breakroom": 1200.0, "bare": 600.0},
        "page": {"page 1": 600.0, "page 10,000": 500.0, "ratio": 1.2},
        "start": 1.6,
        "cpu": {
            "feed": {
                "breakroom": {"server": 0.3, "postgres": 0.5},
                "bare": {"server": 1.1, "postgres": 0.8},
            },
            "page": {
                "page 1": {"server": 1.1, "postgres": 0.8},
                "page 10,000": {"server": 1.2, "postgres": 0.8},
            },
        },
    }


def test_people_get_a_table():
    console = Console(width=120, highlight=False)
    with console.capture() as told:
        console.print(report().table())
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.get().splitlines()]
    assert ["feed", "breakroom", "1,200", "1.00", "9", "0.30", "0.50"] in cells
    assert ["", "bare", "600", "2.00", "30", "1.10", "0.80"] in cells


def test_every_round_is_kept_with_a_picture(tmp_path: Path):
    kept = report().keep(tmp_path)
    told = orjson.loads(kept.read_bytes())
    assert [one["per_second"] for one in told["rounds"]["feed"]["breakroom"]] == [1000, 1300, 1200]
    assert told["starts"] == [1.9, 1.5, 1.6]

    picture = tmp_path / "chart.png"
    chart.draw(report().middle(), picture)
    with Image.open(picture) as image:
        colours = {colour: count for count, colour in image.getcolors(100_000)}
    ours, others = colours[(31, 122, 92)], colours[(185, 194, 200)]
    assert ours > others > 0  # three bars of four are ours


async def test_what_answers_otherwise_is_not_compared():
    answer = {"ann": "tea", "ben": "tea", "eve": "gin"}

    async def of(name: str) -> str:
        return answer[name]

    await answers.compare(["ann", "ben"], of)
    with pytest.raises(Differs, match=r"(?s)ann answers.tea.and eve.gin"):
        await answers.compare(answer, of)


def test_ids_and_cursors_may_look_as_they_like():
    told = {"edges": [{"id": "post_0f3c", "text": "post_0f3c"}], "pageInfo": {"endCursor": "x"}}
    other = {"edges": [{"id": "0f-3c", "text": "post_0f3c"}], "pageInfo": {"endCursor": "y"}}
    assert answers.same(told) == answers.same(other)
    assert answers.same(told) != answers.same({"edges": [{"id": "0f3d", "text": "post_0f3c"}]})
