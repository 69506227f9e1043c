"""Staff standings: what is known of the people that a staff file speaks of."""

from typing import Any, NamedTuple
from uuid import UUID, uuid4

from core.people import Grants, HireChannel, Person
from core.personnel.staff_columns import Field
from core.personnel.staff_files import Employee

Values = dict[Field, Any]

#: The fields that a person has by the same name, ...
OWN = (
    Field.NUMBER,
    Field.NAME,
    Field.PHONE,
    Field.HIRED_ON,
    Field.HIRE_CHANNEL,
    Field.LEFT_ON,
)
#: ... and those that are grants.
GRANTS = {Field.HR: Grants.HR, Field.SUPERVISOR: Grants.SUPERVISOR}

NOTHING: Values = dict.fromkeys(Field) | {
    Field.HIRE_CHANNEL: HireChannel.OTHER,
    Field.HR: False,
    Field.SUPERVISOR: False,
}


class Standing(NamedTuple):
    id: UUID
    new: bool = True
    grants: Grants = Grants.NONE
    values: Values = NOTHING


async def lock(employees: list[Employee]) -> None:
    """Hold their rows, in one order, until the transaction ends; `values` would not lock."""
    people = Person.filter(number__in=_numbers(employees)).order_by("number").only("id")
    await people.select_for_update(no_key=True)


async def known(employees: list[Employee]) -> dict[str, Standing]:
    """By number."""
    people = Person.filter(number__in=_numbers(employees))
    rows = await people.values(
        "id", "grants", "team__department", "team__name", "manager__number", *OWN
    )
    return {row["number"]: _standing(row) for row in rows}


def as_said(employee: Employee) -> Standing:
    """Of who was erased: nothing that the file says is taken in."""
    return Standing(uuid4(), new=False, values={field: getattr(employee, field) for field in Field})


def _numbers(employees: list[Employee]) -> list[str]:
    return [employee.number for employee in employees]


def _standing(row: dict[str, Any]) -> Standing:
    values: Values = {field: row[field] for field in OWN}
    values |= {field: bool(row["grants"] & grant) for field, grant in GRANTS.items()}
    values[Field.DEPARTMENT] = row["team__department"] or None
    values[Field.TEAM] = row["team__name"]
    values[Field.MANAGER] = row["manager__number"]
    return Standing(row["id"], new=False, grants=row["grants"], values=values)


def granted(standing: Standing, now: Values) -> Grants:
    """Its grants after these changes; those that no column speaks of are kept."""
    grants = standing.grants
    for field in GRANTS.keys() & now.keys():
        grants = grants | GRANTS[field] if now[field] else grants & ~GRANTS[field]
    return grants
