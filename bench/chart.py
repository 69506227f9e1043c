"""The table as a picture: bars of requests a second, a block for each workload."""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.stage import Sample

WIDTH, MARGIN, NAMES = 1000, 30, 180
LINE, BAR = 34, 22
PAPER, INK, OURS, OTHERS = "#ffffff", "#222222", "#1f7a5c", "#b9c2c8"


def draw(workloads: Mapping[str, Mapping[str, Sample]], path: Path) -> None:
    lines = sum(len(series) + 2 for series in workloads.values())
    image = Image.new("RGB", (WIDTH, 2 * MARGIN + lines * LINE), PAPER)
    y = MARGIN
    for workload, series in workloads.items():
        y = _block(ImageDraw.Draw(image), workload, series, y)
    image.save(path)


def _block(canvas: ImageDraw.ImageDraw, workload: str, series: Mapping[str, Sample], y: int) -> int:
    """Where the next one begins."""
    longest = max(sample.per_second for sample in series.values())
    _write(canvas, f"{workload}: requests a second", MARGIN, y, size=20)
    for name, sample in series.items():
        y += LINE
        _bar(canvas, name, sample.per_second, y, share=sample.per_second / longest)
    return y + 2 * LINE


def _bar(
    canvas: ImageDraw.ImageDraw, name: str, per_second: float, y: int, *, share: float
) -> None:
    left = MARGIN + NAMES
    right = left + max(1, int(share * (WIDTH - left - MARGIN - 80)))
    _write(canvas, name, MARGIN, y)
    colour = OURS if name.startswith(("breakroom", "page")) else OTHERS
    canvas.rectangle((left, y, right, y + BAR), fill=colour)
    _write(canvas, f"{per_second:,.0f}", right + 8, y)


def _write(canvas: ImageDraw.ImageDraw, text: str, x: int, y: int, size: int = 16) -> None:
    canvas.text((x, y), text, INK, ImageFont.load_default(size))
