"""Alumni: who worked here in the last three years and left, and a friend who has just come.

Without them everybody would seem to stay for ever: files that hold only who stayed tell that.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from api.composition import KEEPING
from core import clock, erasures
from core.personnel import staff_files
from core.personnel.staff import Import
from demo.agenda import Act
from demo.company import PREFIX
from demo.referrals import FRIEND_HIRED
from demo.threads import HERE, read
from referrals import milestones

YEARS = timedelta(days=1095)
RECENT = 20  # days ago, at least, that somebody left
FIRST = 90_001  # of their numbers
FRIEND = 88  # days ago
LOOKED = timedelta(days=5)  # since her first day was paid
HEADERS = ("工号", "姓名", "部门", "班组", "手机号码", "入职日期", "招聘渠道", "离职日期")


class Left(NamedTuple):
    """So many of a team through a channel, and after how many days on average."""

    many: int
    department: str
    team: str
    channel: str
    days: int


LEFT = [
    Left(14, "客服一部", "晚班B组", "内部推荐", 330),
    Left(24, "客服一部", "早班A组", "社会招聘", 200),
    Left(12, "客服一部", "早班A组", "校园招聘", 320),
    Left(10, "客服二部", "夜班组", "内部推荐", 420),
    Left(22, "客服二部", "夜班组", "社会招聘", 150),
    Left(10, "客服二部", "技术支持组", "校园招聘", 260),
    Left(4, "客服二部", "技术支持组", "猎头", 300),
]


def acts(rng: Random) -> Iterator[Act]:
    """They come by a staff file, as from HR; the friend's first day pays whoever brought her."""
    now = clock.now()
    arrival = now - timedelta(days=FRIEND)
    yield Act(arrival, partial(_bring, [_friend(clock.business_date(arrival))]))
    yield Act(now, partial(_bring, [*_left(clock.business_date(now), rng)]))
    yield Act(now - LOOKED, milestones.reach_due)


def number_of_people() -> int:
    return sum(some.many for some in LEFT) + 1


def _friend(hired_on: date) -> tuple[str, ...]:
    """Known by the phone that the candidate confirmed."""
    name, phone = FRIEND_HIRED
    team = ("客服一部", "早班A组", phone, hired_on.isoformat(), "内部推荐", "")
    return (f"{PREFIX}{FIRST - 1:05}", name, *team)


def _left(today: date, rng: Random) -> Iterator[tuple[str, ...]]:
    names = read(HERE / "crowd.toml")
    number = FIRST
    for some in LEFT:
        for _ in range(some.many):
            name = rng.choice(names["surnames"].split()) + rng.choice(names["given_names"].split())
            stayed = min(int(rng.expovariate(1 / some.days)) + 1, YEARS.days - 2 * RECENT)
            left_on = today - timedelta(days=rng.randint(RECENT, YEARS.days - stayed))
            hired_on = left_on - timedelta(days=stayed)
            dates = (hired_on.isoformat(), some.channel, left_on.isoformat())
            yield (f"{PREFIX}{number:05}", name, some.department, some.team, "", *dates)
            number += 1


async def become_nameless() -> None:
    """Who left long ago, as in a service that has run since then."""
    erase_due = erasures.eraser(KEEPING)
    for _ in range(0, number_of_people(), erasures.AT_ONCE):
        await erase_due()


async def _bring(rows: list[tuple[str, ...]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "staff.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADERS, *rows])
        async for _ in Import(staff_files.opened(path)).changes():
            pass
