"""Shift hours: from when to when on duty, as rosters write it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.errors import Invalid
from core.rosters.shifts import LONGEST
from core.sheets import cells
from core.text import Text

DAY = timedelta(days=1)
LATEST_HOUR = 47  # counted from the midnight before: 28:30 is half past four on the next day


class NotATime(Invalid):
    text = Text(
        "“{cell}” is no time (such as 20:00, or 次日04:30 for the next day).",
        "“{cell}”不是有效时间（例如 20:00，跨天写作 次日04:30）。",
        "「{cell}」不是有效時間（例如 20:00，跨日寫作 次日04:30）。",
    )


class UnknownCode(Invalid):
    text = Text(
        "Nobody has said from when to when “{cell}” is: BREAKROOM_SHIFT_CODES does.",
        "不知道班次“{cell}”的起止时间，请在 BREAKROOM_SHIFT_CODES 中说明。",
        "不知道班次「{cell}」的起訖時間，請在 BREAKROOM_SHIFT_CODES 中說明。",
    )


class EndsAsItBegins(Invalid):
    text = Text(
        "The shift ends when it begins, or before.",
        "下班时间不晚于上班时间。",
        "下班時間不晚於上班時間。",
    )


class LongShift(Invalid):
    text = Text("The shift is longer than 24 hours.", "班次超过 24 小时。", "班次超過 24 小時。")


class Span(NamedTuple):
    begins_at: datetime
    ends_at: datetime


FREE = frozenset(
    (
        *(
            "休",
            "休息",
            "轮休",
            "輪休",
            "调休",
            "調休",
            "补休",
            "補休",
            "公休",
            "例休",
            "例假",
            "不排班",
        ),
        *("假", "休假", "请假", "請假", "放假", "年假", "年休", "特休", "病假", "事假", "婚假"),
        *("产假", "產假", "陪产假", "陪產假", "丧假", "喪假", "-", "--", "/", "x", "off", "rest"),
        *("restday", "dayoff", "free", "leave", "annualleave", "sickleave", "holiday", "vacation"),
        *("al", "sl", "pto", "不排班"),
    )
)

NEXT = r"次日|翌日|隔日|隔天|第二天|nextday|\(?\+1d?\)?"
CLOCK = re.compile(
    rf"(?P<next>{NEXT})?(?P<half>上午|下午|am|pm)?"
    r"(?P<hour>\d{1,2})(?:[:.点點时時h]?(?P<minute>\d\d)分?(?::\d\d)?|[点點时時h]整?)?"
    rf"(?P<half_after>am|pm)?\(?(?P<next_after>{NEXT})?\)?",
    re.ASCII,
)
AFTERNOON = ("下午", "pm")
NOON = 12
DATED = re.compile(r"(\d\S*[\d日])[ T]+(\d{1,2}[:.]\d\d.*)")
BETWEEN = re.compile(r"[-~–—至到]|to", re.IGNORECASE)


def is_free(cell: str) -> bool:
    """Whether it says that somebody rests or is on leave."""
    return "".join(cells.plain(cell).casefold().split()) in FREE


def span(day: date, begins: str, ends: str, zone: ZoneInfo) -> Span:
    """An end that is not after the beginning is on the next day.

    Raises EmptyCell, NotATime, EndsAsItBegins, LongShift.
    """
    begin, end = _offset(begins), _offset(ends)
    if end < begin and end < DAY:
        end += DAY
    return _checked(Span(_moment(day, begin, zone), _moment(day, end, zone)))


def coded(day: date, cell: str, codes: Mapping[str, str], zone: ZoneInfo) -> Span:
    """From a code, or from hours such as 20:00-04:30. Raises as `span`, and UnknownCode."""
    hours = codes.get(cell) or codes.get(cells.plain(cell)) or cell
    begins, *ends = BETWEEN.split(cells.plain(hours), maxsplit=1)
    try:
        return span(day, begins, "".join(ends), zone)
    except (NotATime, cells.EmptyCell):
        raise UnknownCode(cell=cell) from None


def dated(cell: str) -> tuple[str, str]:
    """The date that stands before a time, if one does, and the time."""
    match = DATED.fullmatch(cells.plain(cell))
    return (match[1], match[2]) if match else ("", cell)


def _checked(found: Span) -> Span:
    if found.ends_at <= found.begins_at:
        raise EndsAsItBegins
    if found.ends_at - found.begins_at > LONGEST:
        raise LongShift
    return found


@lru_cache(maxsize=10_000)
def _offset(cell: str) -> timedelta:
    """From the midnight with which its day began."""
    if not cell:
        raise cells.EmptyCell
    match = CLOCK.fullmatch("".join(cells.plain(cell).casefold().split()))
    if match is None:
        raise NotATime(cell=cell)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    hour = _of_day(hour, match["half"] or match["half_after"])
    later = bool(match["next"] or match["next_after"])
    if minute >= 60 or hour > LATEST_HOUR or (later and hour >= 24):  # noqa: PLR2004  # of a clock
        raise NotATime(cell=cell)
    return timedelta(days=later, hours=hour, minutes=minute)


def _of_day(hour: int, half: str | None) -> int:
    if half is None or hour > NOON:
        return hour
    return hour % NOON + (NOON if half in AFTERNOON else 0)


def _moment(day: date, offset: timedelta, zone: ZoneInfo) -> datetime:
    """By the clock on the wall, whatever happens to the clocks that night."""
    return (datetime.combine(day, time(), zone) + offset).astimezone(UTC)
