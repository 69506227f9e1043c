"""Staff: what HR's file says is brought into people, batch by batch."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from tortoise.exceptions import IntegrityError

from core import clock, erasures, events, settings
from core.database import inserts
from core.errors import Invalid
from core.people import Person, Team
from core.personnel import employments, staff_changes, staff_standings
from core.personnel.staff_changes import Change
from core.personnel.staff_columns import Field
from core.personnel.staff_files import Employee, StaffFile
from core.personnel.staff_standings import GRANTS, OWN, Standing, granted
from core.search import words
from core.search.names import PersonWords
from core.sheets.columns import Columns
from core.sheets.rejects import Fault, Reject
from core.text import Text
from core.transactions import transaction

BATCH = 500  # rows of a transaction: whoever waits for it waits less than a second
RACES = 3

Item = TypeVar("Item")
TeamName = tuple[str, str]


class UnknownManager(Invalid):
    text = Text(
        "Imported, but nobody has the number {number}: the reporting line stays as it was.",
        "已导入，但没有工号为 {number} 的人：汇报关系保持不变。",
        "已匯入，但沒有工號為 {number} 的人：匯報關係保持不變。",
    )


class Plan(NamedTuple):
    """What a batch of rows changes, and who waits for a manager further down in the file."""

    changes: list[Change]
    late: list[Employee]
    ids: Mapping[str, UUID]


class Import:
    """One run over one file; a dry run finds the same changes and makes none."""

    def __init__(self, file: StaffFile, *, dry_run: bool = False) -> None:
        self._file = file
        self._dry_run = dry_run
        self._added: dict[str, UUID] = {}

    async def changes(self) -> AsyncIterator[Change | Reject]:
        """One for each row, told as soon as its effect is committed."""
        late: list[Employee] = []
        for rows in _batches(self._file.rows()):
            for reject in (row for row in rows if isinstance(row, Reject)):
                yield reject
            plan = await self._step([row for row in rows if isinstance(row, Employee)], last=False)
            late += plan.late
            for change in plan.changes:
                yield change
        for employees in _batches(_managers_first(late)):
            for change in (await self._step(employees, last=True)).changes:
                yield change

    async def _step(self, employees: list[Employee], *, last: bool) -> Plan:
        plan = await self._settled(employees, last=last)
        if self._dry_run:
            added = [change for change in plan.changes if change.standing.new]
            self._added |= {change.employee.number: change.standing.id for change in added}
        return plan

    async def _settled(self, employees: list[Employee], *, last: bool) -> Plan:
        if self._dry_run:
            return await self._planned(employees, last=last)
        for _ in range(RACES):
            with suppress(IntegrityError):  # somebody else has just added one of them
                return await self._applied(employees, last=last)
        return await self._applied(employees, last=last)

    @transaction
    async def _applied(self, employees: list[Employee], *, last: bool) -> Plan:
        await staff_standings.lock(employees)
        plan = await self._planned(employees, last=last)
        await _write(plan)
        return plan

    async def _planned(self, employees: list[Employee], *, last: bool) -> Plan:
        standings = await staff_standings.known(employees)
        ids = await self._managers(employees)
        plan = Plan([], [], ids)
        erased = await erasures.erased(_gone(employees))
        for employee in employees:
            if employee.number in erased:
                plan.changes.append(Change(employee, staff_standings.as_said(employee), {}))
                continue
            standing = standings.get(employee.number) or Standing(uuid4())
            lost = employee.manager is not None and employee.manager not in ids
            if lost and not last:
                plan.late.append(employee)
            else:
                ids[employee.number] = standing.id
                plan.changes.append(_change(employee, standing, self._file.columns, lost=lost))
        return plan

    async def _managers(self, employees: list[Employee]) -> dict[str, UUID]:
        """The ids that are known of them; a dry run remembers those it would have added."""
        numbers = {employee.manager for employee in employees if employee.manager}
        added = {number: id for number in numbers if (id := self._added.get(number))}
        return added | dict(
            await Person.filter(number__in=numbers).values_list("number", "id"),
        )


def _change(
    employee: Employee, standing: Standing, columns: Columns[Field], *, lost: bool
) -> Change:
    fields = [field for field in columns.places if not (lost and field is Field.MANAGER)]
    now = staff_changes.compared(employee, standing, fields)
    if not lost:
        return Change(employee, standing, now)
    unknown = UnknownManager(number=employee.manager)
    return Change(employee, standing, now, Fault(columns.header(Field.MANAGER), unknown))


async def _write(plan: Plan) -> None:
    changed = [change for change in plan.changes if change.now]
    teams = await _teams({change.team for change in changed if change.team})
    rows = [(change, _columns(change, teams, plan.ids)) for change in changed]
    newcomers = [(change.standing.id, columns) for change, columns in rows if change.standing.new]
    await Person.bulk_create([Person(id=id, **columns) for id, columns in newcomers])
    for change, columns in rows:
        if not change.standing.new:
            await Person.filter(id=change.standing.id).update(**columns)
        await _record(change)
    await employments.keep(changed)
    named = [change for change in changed if Field.NAME in change.now]
    await words.put(PersonWords, {one.standing.id: one.now[Field.NAME] for one in named})


async def _teams(names: set[TeamName]) -> dict[TeamName, UUID]:
    """The teams of these names, made where there are none."""
    for department, name in sorted(names):
        await inserts.added(Team(department=department, name=name))
    departments = {department for department, _ in names}
    rows = await Team.filter(department__in=departments).values_list("department", "name", "id")
    return {(department, name): id for department, name, id in rows}


def _columns(
    change: Change, teams: Mapping[TeamName, UUID], ids: Mapping[str, UUID]
) -> dict[str, Any]:
    now = change.now
    columns = {field.value: now[field] for field in OWN if field in now}
    if Field.TEAM in now or Field.DEPARTMENT in now:
        columns["team_id"] = teams[change.team] if change.team else None
    if Field.MANAGER in now:
        columns["manager_id"] = ids[now[Field.MANAGER]] if now[Field.MANAGER] else None
    if GRANTS.keys() & now.keys():
        columns["grants"] = granted(change.standing, now)
    return columns


async def _record(change: Change) -> None:
    person, hired_on, left_on = change.standing.id, change.employee.hired_on, change.leaves_on
    if change.arrives:
        due_at = _begin(hired_on) if hired_on else None
        await events.record("person.hired", due_at=due_at, person=person, hired_on=_iso(hired_on))
    if left_on:
        due_at = _begin(left_on)
        await events.record("person.left", due_at=due_at, person=person, left_on=_iso(left_on))


def _gone(employees: list[Employee]) -> list[str]:
    today = clock.business_date()
    return [one.number for one in employees if one.left_on and one.left_on <= today]


def _begin(day: date) -> datetime:
    """When a business date begins, or now if that is over."""
    midnight = datetime.combine(day, time(), ZoneInfo(settings.current().time_zone))
    return max(midnight, clock.now())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _managers_first(employees: list[Employee]) -> Iterator[Employee]:
    """No manager is further down than those who report to them; a file has no circles."""
    by_number = {employee.number: employee for employee in employees}
    above = {employee.number: [employee.manager] for employee in employees}
    for number in TopologicalSorter(above).static_order():
        if number in by_number:
            yield by_number[number]


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := [*islice(iterator, BATCH)]:
        yield batch
