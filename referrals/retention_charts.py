"""Retention as a picture: step curves with their limits, and how many each still speaks of.

Lines differ in colour (Okabe and Ito's, which everybody can tell apart), in how they are broken and
in their labels, so that they are told apart in grey as well.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.drawing.canvas import Canvas, Point, Style
from core.drawing.fonts import BOLD, MEDIUM
from core.people import HireChannel
from core.text import Language
from referrals import retention_words as words
from referrals.retention import MARKS, Group, Report, Retention
from referrals.survival import START, Curve

WIDTH, HEIGHT = 1000, 760
LEFT, RIGHT, TOP, BOTTOM = 180, 850, 130, 520  # of the field in which curves are drawn
ROW = 26
YEAR = 365
INK, GREY, RULE, PAPER = "#222222", "#555555", "#dddddd", "#ffffff"


class Look(NamedTuple):
    colour: str
    dashes: tuple[int, ...]  # on, off, …; none: unbroken


LOOKS = {
    HireChannel.REFERRAL: Look("#0072b2", ()),
    HireChannel.OPEN_MARKET: Look("#d55e00", (14, 7)),
    HireChannel.CAMPUS: Look("#009e73", (3, 6)),
    HireChannel.HEADHUNTER: Look("#cc79a7", (14, 6, 3, 6)),
    HireChannel.OTHER: Look("#000000", (24, 6)),
}


class Line(NamedTuple):
    name: str
    curve: Curve
    look: Look


def drawn(report: Report, group: Group, language: Language) -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, PAPER)
    channels = [one for one in group.retentions if one.channel]
    lines = [
        Line(words.channel(one, language), one.curve, LOOKS[one.channel])
        for one in channels
        if one.channel and one.curve
    ]
    field = Field(canvas, lines, language)
    _head(canvas, report, group, language)
    if lines:
        field.draw()
    else:
        style = Style(22, GREY, language=language)
        canvas.text(words.NOTHING_TOLD.to(language), (LEFT, 300, RIGHT, 340), style, align="center")
    _foot(canvas, channels, language)
    return canvas.png()


class Field:
    def __init__(self, canvas: Canvas, lines: Sequence[Line], language: Language) -> None:
        self.canvas, self.lines, self.language = canvas, lines, language
        longest = max((line.curve.stays[-1].days for line in lines), default=YEAR)
        self.days = min(max(longest, 90), MARKS[-1])
        self.ticks = [0, *(day for day in MARKS[1:] if day <= self.days)]

    def draw(self) -> None:
        self._axes()
        for line in self.lines:
            self._band(line)
        for line in self.lines:
            for part in _broken([*self._steps(line.curve)], line.look.dashes):
                self.canvas.line(part, line.look.colour, 3)
        self._labels()
        self._table()

    def _at(self, day: float, share: float) -> Point:
        x = LEFT + (RIGHT - LEFT) * min(day / self.days, 1)
        return x, BOTTOM - (BOTTOM - TOP) * share

    def _axes(self) -> None:
        style = Style(15, GREY, language=self.language)
        for quarter in range(5):
            (x, y), (end, _) = self._at(0, quarter / 4), self._at(self.days, quarter / 4)
            self.canvas.line([(x, y), (end, y)], RULE, 1)
            self.canvas.text(f"{quarter * 25} %", (x - 70, y - 11, x - 10, y), style, align="right")
        for day in self.ticks:
            x, y = self._at(day, 0)
            self.canvas.line([(x, y), (x, y + 6)], INK, 1)
            self.canvas.text(str(day), (x - 40, y + 8, x + 40, y + 30), style, align="center")
        said = words.DAYS.to(self.language)
        self.canvas.text(said, (RIGHT + 24, BOTTOM + 8, WIDTH - 8, BOTTOM + 30), style)

    def _steps(self, curve: Curve) -> Iterator[Point]:
        """The corners of the curve, as far as somebody was watched."""
        yield self._at(0, 1)
        before = START
        for step in curve.steps:
            if step.day > self.days:
                break
            yield self._at(step.day, before.share)
            yield self._at(step.day, step.share)
            before = step
        yield self._at(min(curve.stays[-1].days, self.days), before.share)

    def _band(self, line: Line) -> None:
        """From the first day on which there are limits; each holds until the next step."""
        limits = [
            (step.day, step.lower, step.upper)
            for step in line.curve.steps
            if step.lower is not None and step.upper is not None and step.day <= self.days
        ]
        ends = [*(day for day, _, _ in limits[1:]), min(line.curve.stays[-1].days, self.days)]
        each = list(zip(limits, ends, strict=True)) if limits else []
        upper = [self._at(day, high) for (start, _, high), end in each for day in (start, end)]
        lower = [self._at(day, low) for (start, low, _), end in each for day in (start, end)]
        if each:
            self.canvas.shape([*upper, *reversed(lower)], f"{line.look.colour}2e")

    def _labels(self) -> None:
        """Beside the ends of the lines, in their order, none on top of another."""
        ends = [(list(self._steps(line.curve))[-1], line) for line in self.lines]
        y = 0.0
        for (x, end), line in sorted(ends, key=lambda one: one[0][1]):
            y = max(end - 12, y + ROW)
            style = Style(16, line.look.colour, MEDIUM, self.language)
            self.canvas.line([(x + 3, end), (RIGHT + 14, y + 12)], f"{line.look.colour}80", 1)
            self.canvas.text(line.name, (RIGHT + 18, y, WIDTH - 8, y + ROW), style)

    def _table(self) -> None:
        top = BOTTOM + 46
        bold = Style(15, INK, BOLD, self.language)
        self.canvas.text(words.AT_RISK.to(self.language), (20, top, 300, top + ROW), bold)
        for line in self.lines:
            top += ROW
            name = Style(15, line.look.colour, MEDIUM, self.language)
            self.canvas.text(line.name, (58, top, LEFT - 24, top + ROW), name)
            for part in _broken([(20, top + 11), (50, top + 11)], line.look.dashes):
                self.canvas.line(part, line.look.colour, 3)
            for day in self.ticks:
                x, _ = self._at(day, 0)
                said, style = str(line.curve.at_risk(day)), Style(15, INK, language=self.language)
                self.canvas.text(said, (x - 40, top, x + 40, top + ROW), style, align="center")


def _head(canvas: Canvas, report: Report, group: Group, language: Language) -> None:
    title = f"{words.TITLE.to(language)} · {words.scope(group.scope, language)}"
    canvas.text(title, (20, 20, WIDTH - 20, 60), Style(26, INK, BOLD, language))
    method = words.METHOD.to(language, on=report.as_of.isoformat())
    canvas.text(method, (20, 66, WIDTH - 20, 92), Style(16, GREY, language=language))


def _foot(canvas: Canvas, channels: Sequence[Retention], language: Language) -> None:
    missing = [words.channel(one, language) for one in channels if one.curve is None]
    if missing:
        joined = (", " if language == "en" else "、").join(missing)
        said = words.NOT_TOLD.to(language, channels=joined)
        box = (20, HEIGHT - 40, WIDTH - 20, HEIGHT - 10)
        canvas.text(said, box, Style(15, GREY, language=language))


def _broken(points: Sequence[Point], dashes: Sequence[int]) -> Iterator[list[Point]]:
    """The parts of a line that are drawn; dashes and gaps go on around its corners."""
    if not dashes:
        yield [*points]
        return
    turn, left, part = 0, float(dashes[0]), [points[0]]
    for to_x, to_y in points[1:]:
        x, y = part[-1]
        while (rest := abs(to_x - x) + abs(to_y - y)) > left:
            x, y = x + (to_x - x) * left / rest, y + (to_y - y) * left / rest
            if turn % 2 == 0:
                yield [*part, (x, y)]
            turn, part = turn + 1, [(x, y)]
            left = float(dashes[turn % len(dashes)])
        left -= rest
        part.append((to_x, to_y))
    if turn % 2 == 0:
        yield part
