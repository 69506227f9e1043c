"""Rosters: who is on duty when. The agent's team has just come off its shift, whatever the hour."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from core import clock, settings
from core.messaging import notices
from core.messaging.notices import Notice
from core.people import Person, employed
from core.rosters import shift_files
from core.rosters.shift_imports import Import
from core.rosters.shifts import Shift

HEADERS = ["工号", "日期", "上班", "下班"]
HOURS = {
    "早班": ("08:00", "16:30"),
    "晚班": ("14:00", "22:30"),
    "夜班": ("22:00", "次日06:30"),
    "English": ("11:00", "19:30"),
}
OFFICE = ("09:00", "17:30")
FREE = ("休", "")
WEEK = 7

JUST_OFF = "晚班B组"
LENGTH = timedelta(hours=8, minutes=30)
FULL = timedelta(minutes=5)  # shifts end at full five minutes

Hours = tuple[str, str]


async def put_up() -> None:
    """As HR would send them, for some days before and after today."""
    people = await Person.filter(employed()).order_by("number").select_related("team")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shifts.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADERS, *_rows(people)])
        async for _ in Import(shift_files.opened(path)).changes():
            pass


async def look_in_before(person: Person) -> None:
    """What came before the present or last shift was read on the way there."""
    last = await Shift.filter(person_id=person.id, begins_at__lt=clock.now()).order_by("-begins_at")
    earlier = await Notice.filter(person_id=person.id, at__lt=last[0].begins_at).only("id")
    await notices.mark_read([notice.id for notice in earlier], by=person)


def _rows(people: list[Person]) -> Iterator[tuple[str, str, *Hours]]:
    today = clock.business_date()
    for n, person in enumerate(people):
        team = person.team.name if person.team else ""
        for day in (today + timedelta(days=days) for days in range(-3, 9)):
            hours = _just_over(day) if team == JUST_OFF else None
            yield person.number, day.isoformat(), *(hours or _usual(team, day, n))


def _usual(team: str, day: date, n: int) -> Hours:
    """Five days on and two off, not the same ones for all."""
    if (day.toordinal() + n) % WEEK >= 5:  # noqa: PLR2004  # days
        return FREE
    return next((hours for word, hours in HOURS.items() if word in team), OFFICE)


def _just_over(day: date) -> Hours | None:
    """The shift that has just ended, and nothing around it."""
    zone = ZoneInfo(settings.current().time_zone)
    ends = clock.rounded_down(clock.now(), FULL).astimezone(zone)
    begins = (ends - LENGTH).astimezone(zone)
    if day == begins.date():
        mark = "次日" if ends.date() > day else ""
        return f"{begins:%H:%M}", f"{mark}{ends:%H:%M}"
    return FREE if abs((day - begins.date()).days) == 1 else None
