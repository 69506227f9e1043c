"""Staff changes: what a row of a staff file alters in what is known of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core import clock
from core.personnel.staff_columns import Field
from core.personnel.staff_files import Employee
from core.personnel.staff_standings import Standing, Values
from core.sheets.rejects import Fault


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    LEAVING = "leaving"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Change:
    """`now` holds what differs from the standing; `fault` says what could not be taken over."""

    employee: Employee
    standing: Standing
    now: Values
    fault: Fault | None = None

    @property
    def row(self) -> int:
        return self.employee.row

    @property
    def cells(self) -> Sequence[str]:
        return self.employee.cells

    @property
    def faults(self) -> Sequence[Fault]:
        return [self.fault] if self.fault else []

    @property
    def kind(self) -> Kind:
        if self.standing.new:
            return Kind.NEW
        if self.leaves_on:
            return Kind.LEAVING
        return Kind.CHANGED if self.now else Kind.UNCHANGED

    @property
    def was(self) -> Values:
        return {field: self.standing.values[field] for field in self.now}

    @property
    def arrives(self) -> bool:
        return self.standing.new and not _gone(self.now.get(Field.LEFT_ON))

    @property
    def is_rehired(self) -> bool:
        """Whether a new employment begins, rather than that dates of the old one are corrected."""
        left_on: date | None = self.standing.values[Field.LEFT_ON]
        hired_on: date | None = self.now.get(Field.HIRED_ON)
        return hired_on is not None and left_on is not None and left_on <= hired_on

    @property
    def leaves_on(self) -> date | None:
        """The end of an employment that until now had none or another; not of one long past."""
        left_on: date | None = self.now.get(Field.LEFT_ON)
        before = self.standing.new or _gone(self.standing.values[Field.LEFT_ON])
        return None if before and _gone(left_on) else left_on

    @property
    def team(self) -> tuple[str, str] | None:
        """Department and name of the team that the person is in afterwards."""
        values = self.standing.values | self.now
        return (values[Field.DEPARTMENT] or "", values[Field.TEAM]) if values[Field.TEAM] else None


def compared(employee: Employee, standing: Standing, fields: list[Field]) -> Values:
    """What differs in these fields, for which the file has columns."""
    said = {field: getattr(employee, field) for field in fields}
    if Field.TEAM in said:
        said[Field.TEAM] = employee.team or employee.department
    now = {field: value for field, value in said.items() if value != standing.values[field]}
    if Field.DEPARTMENT in now and Field.TEAM not in said:
        now[Field.TEAM] = employee.department
    return now


def _gone(left_on: date | None) -> bool:
    return left_on is not None and left_on <= clock.business_date()
