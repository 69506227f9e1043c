"""The company: who works there, brought in by a staff file as HR would send one."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from core.people import Grants, Person
from core.personnel import staff_files
from core.personnel.staff import Import
from demo.threads import COMPANY, HERE, read

PREFIX = "DEMO"  # of every employee number: whoever meets one knows that nobody is behind it
MONTH = timedelta(days=30)

HEADERS = [
    *("工号", "姓名", "部门", "班组", "手机号码"),
    *("入职日期", "招聘渠道", "HR", "主管", "直属上级工号"),
]


@dataclass(frozen=True, kw_only=True)
class Colleague:
    key: str
    number: str
    name: str
    team: str
    channel: str
    months: int = 0  # since hired, ...
    days: int = 0  # ... and these besides
    role: str = ""  # of a persona
    phone: str = ""
    lead: bool = False
    hr: bool = False
    grants: tuple[str, ...] = ()

    def hired_on(self, today: date) -> date:
        return today - self.months * MONTH - timedelta(days=self.days)


@dataclass(frozen=True)
class Company:
    name: str
    notice: str
    departments: dict[str, list[str]]  # and their teams
    people: list[Colleague]


@cache
def told() -> Company:
    """With the people whom its file names: the cast."""
    file = read(COMPANY)
    people = [_known(n, row) for n, row in enumerate(file["people"], 1)]
    return Company(file["name"], file["notice"], file["departments"], people)


def of(size: int, rng: Random) -> Company:
    """With as many people, those besides the cast made up by chance."""
    small, file = told(), read(HERE / "crowd.toml")
    grown = {name: [f"{name}{shift}" for shift in file["shifts"]] for name in file["departments"]}
    teams = [team for names in grown.values() for team in names]
    crowd = [_stranger(n, file, teams, rng) for n in range(len(small.people) + 1, size + 1)]
    leads = {one.team: one.key for one in reversed(crowd)}
    crowd = [replace(one, lead=leads[one.team] == one.key) for one in crowd]
    return replace(small, departments=small.departments | grown, people=[*small.people, *crowd])


async def hire(company: Company, *, today: date) -> None:
    """Bring everybody in; grants that HR's file knows nothing of are added by hand."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "staff.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADERS, *_rows(company, today)])
        async for _ in Import(staff_files.opened(path)).changes():
            pass
    for one in company.people:
        for grant in one.grants:
            await Person.filter(number=one.number).update(grants=Grants[grant])


async def cast() -> dict[str, Person]:
    """Those whom the files name, as they stand in the database, by key."""
    people = await Person.filter(number__in=numbers()).order_by("number")
    keys = {one.number: one.key for one in told().people}
    return {keys[person.number]: person for person in people}


def numbers() -> list[str]:
    return [one.number for one in told().people]


def personas() -> dict[str, Colleague]:
    """Those in whose name one can look around, by key."""
    return {one.key: one for one in told().people if one.role}


def _known(n: int, row: dict[str, Any]) -> Colleague:
    phone = f"199{n:08}" if "role" in row else ""
    grants = tuple(row.get("grants", ()))
    return Colleague(**row | {"number": _number(n), "phone": phone, "grants": grants})


def _stranger(n: int, file: dict[str, Any], teams: list[str], rng: Random) -> Colleague:
    return Colleague(
        key=f"stranger {n}",
        number=_number(n),
        name=rng.choice(file["surnames"].split()) + rng.choice(file["given_names"].split()),
        team=teams[n % len(teams)],
        channel=rng.choice(file["channels"]),
        months=int(rng.expovariate(1 / 20)),
        days=rng.randrange(1, 30),
    )


def _number(n: int) -> str:
    return f"{PREFIX}{n:05}"


def _rows(company: Company, today: date) -> Iterator[list[str]]:
    department = {team: name for name, teams in company.departments.items() for team in teams}
    leads = {one.team: one.number for one in company.people if one.lead}
    for one in company.people:
        yield [
            one.number,
            one.name,
            department[one.team],
            one.team,
            one.phone,
            one.hired_on(today).isoformat(),
            one.channel,
            "是" if one.hr else "",
            "是" if one.lead else "",
            "" if one.lead else leads.get(one.team, ""),
        ]
