"""Retention in files: a chart for each group, and a workbook, by links that hold for minutes."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple, cast, get_args

from core import clock, settings
from core.crypto import signing
from core.drawing import easel
from core.errors import NotFound
from core.sheets import workbooks
from core.text import Language, Text
from referrals import retention, retention_charts, retention_sheets
from referrals.retention import Group, Report, Scope

OPEN_FOR = timedelta(minutes=10)
SHEET = "retention.xlsx"


class File(NamedTuple):
    content: bytes
    media_type: str


class NoSuchFile(NotFound):
    text = Text("There is no such file.", "没有这个文件。", "沒有這個檔案。")


async def charts(groups: Sequence[Group], *, language: Language) -> list[str]:
    return [_link(_name(group.scope), language) for group in groups]


async def sheets(reports: Sequence[Report], *, language: Language) -> list[str]:
    return [_link(SHEET, language) for _ in reports]


async def made(language: str, name: str) -> File:
    """As of now. Raises NoSuchFile."""
    if language not in get_args(Language):
        raise NoSuchFile
    report, told_in = await retention.report(), cast("Language", language)
    if name == SHEET:
        content = await easel.drawn(retention_sheets.written, report, told_in)
        return File(content, workbooks.MEDIA_TYPE)
    group = next((group for group in report.groups if _name(group.scope) == name), None)
    if group is None:
        raise NoSuchFile
    content = await easel.drawn(retention_charts.drawn, report, group, told_in)
    return File(content, "image/png")


def _name(scope: Scope) -> str:
    """Of a department its hash, whatever it is called."""
    if scope.department:
        return f"{sha256(scope.department.encode()).hexdigest()[:16]}.png"
    return f"{scope.year or 'company'}.png"


def _link(name: str, language: Language) -> str:
    path = f"/retention/{language}/{name}"
    signed = signing.sign(path, expires=clock.now() + OPEN_FOR)
    return f"{settings.current().public_url}{path}?{signed}"
