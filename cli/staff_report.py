"""What `breakroom staff import` tells of a staff file and of a change."""

from collections import Counter
from collections.abc import Iterator

from cli import import_report
from core.personnel.staff_changes import Change, Kind
from core.personnel.staff_columns import Field
from core.personnel.staff_files import StaffFile


def findings(file: StaffFile) -> Iterator[str]:
    orders = [(file.columns.header(field), order) for field, order in file.date_orders.items()]
    yield from import_report.findings(file.table, file.columns, file.survey.total, orders)
    if others := file.survey.other_channels:
        yield f"channels   taken as OTHER: {_counted(others)}"


def told(change: Change) -> Iterator[str]:
    """Field by field."""
    employee = change.employee
    place = " ".join(filter(None, (employee.department, employee.team)))
    yield f"  {change.kind}: {employee.number} {employee.name}{place and f' ({place})'}"
    if change.kind is not Kind.NEW:
        for field, now in change.now.items():
            yield f"    {field}: {_shown(field, change.was[field])} → {_shown(field, now)}"


def _shown(field: Field, value: object) -> str:
    if field in (Field.HR, Field.SUPERVISOR):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in counts.most_common())
