"""Retention as a workbook: a row for each curve, and one for each of its steps."""

from collections.abc import Iterator

from core.sheets import workbooks
from core.sheets.workbooks import Cell, Sheet
from core.text import Language
from referrals import retention_words as words
from referrals.retention import MARKS, Report, marked
from referrals.survival import Curve

Row = list[Cell]


def written(report: Report, language: Language) -> bytes:
    marks = [text.to(language, day=day) for day in MARKS for text in words.MARK]
    known = [text.to(language) for text in (*words.WHO, *words.FIGURES)]
    steps = [text.to(language) for text in (*words.WHO, *words.STEP)]
    shares = range(len(known), len(known) + len(marks))
    return workbooks.written(
        [
            Sheet(words.SUMMARY.to(language), [*known, *marks], _rows(report, language), shares),
            Sheet(words.STEPS.to(language), steps, _steps(report, language), range(6, 9)),
        ]
    )


def _rows(report: Report, language: Language) -> list[Row]:
    return [[*who, *_figures(curve)] for who, curve in _curves(report, language)]


def _steps(report: Report, language: Language) -> list[Row]:
    return [
        [*who, s.day, s.at_risk, s.left, s.censored, s.share, s.lower, s.upper]
        for who, curve in _curves(report, language)
        for s in curve.steps
    ]


def _curves(report: Report, language: Language) -> Iterator[tuple[Row, Curve]]:
    for group in report.groups:
        for one in group.retentions:
            if one.curve:
                who: Row = [words.scope(group.scope, language), words.channel(one, language)]
                yield who, one.curve


def _figures(curve: Curve) -> Row:
    marks = [[mark.share, mark.lower, mark.upper, mark.at_risk] for mark in marked(curve)]
    return [
        curve.n,
        curve.left,
        curve.censored,
        *curve.median,
        *(one for row in marks for one in row),
    ]
