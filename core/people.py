"""People: everybody is an employee; some carry grants."""

from collections.abc import Sequence
from datetime import date
from enum import IntFlag, StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q

from core import clock
from core.database import sql
from core.database.sql import Statement
from core.database.versions import KeptModel
from core.errors import NotFound
from core.text import Language, Text

NUMBER = 40  # characters

FORMER = Text("Former colleague", "已离职的同事", "已離職的同事")


class Grants(IntFlag):
    """What a person may do beyond what every employee may."""

    NONE = 0
    MODERATOR = 1
    COUNSELLOR = 2
    HR = 4
    SUPERVISOR = 8
    ADMIN = 16


class Grant(StrEnum):
    MODERATOR = "MODERATOR"
    COUNSELLOR = "COUNSELLOR"
    HR = "HR"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"


class HireChannel(StrEnum):
    CAMPUS = "CAMPUS"
    OPEN_MARKET = "OPEN_MARKET"
    REFERRAL = "REFERRAL"
    HEADHUNTER = "HEADHUNTER"
    OTHER = "OTHER"


class Team(KeptModel):
    id = fields.UUIDField(primary_key=True)
    department = fields.CharField(max_length=80)
    name = fields.CharField(max_length=80)

    class Meta:
        table = "team"
        unique_together = ("department", "name")


class Person(KeptModel):
    id = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=NUMBER, unique=True, description="employee number")
    name = fields.CharField(max_length=80)
    phone = fields.CharField(
        max_length=20, null=True, db_index=True, description="E.164; two people may share one"
    )
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", null=True, on_delete=fields.RESTRICT
    )
    team_id: UUID | None
    manager: "fields.ForeignKeyNullableRelation[Person]" = fields.ForeignKeyField(
        "models.Person", null=True, on_delete=fields.SET_NULL, description="reporting line"
    )
    manager_id: UUID | None
    grants = fields.SmallIntField(default=Grants.NONE, description="as in Grants")
    hired_on: date | None = fields.DateField(null=True)
    hire_channel = fields.CharEnumField(HireChannel, default=HireChannel.OTHER)
    left_on: date | None = fields.DateField(null=True, description="first day no longer employed")
    avatar_id: UUID | None = fields.UUIDField(null=True, description="an image")

    class Meta:
        table = "person"
        indexes = (("team_id",), ("manager_id",), ("hired_on",), ("left_on",), ("grants",))

    @property
    def shown_team_id(self) -> UUID | None:
        """Whose team it was figures alone know, once they were erased."""
        return self.team_id if self.name else None

    def called(self, language: Language) -> str:
        """Their name; who was erased after leaving has none."""
        return self.name or FORMER.to(language)

    def may(self, grants: Grants) -> bool:
        """Whether the person carries any of these grants."""
        return bool(self.grants & grants)


#: Of not having left, as `employed` has it; `:today` is the business date.
EMPLOYED = "(person.left_on IS NULL OR person.left_on > :today)"

FOUND = Statement(f"SELECT person.* FROM person WHERE {EMPLOYED} AND person.id = :id", Person)
ONE = "SELECT 1 FROM person WHERE id = :id"
HOLD = Statement(f"{ONE} FOR NO KEY UPDATE", sqlite=ONE)
TOUCH = Statement(
    """
    WITH those AS MATERIALIZED (
        SELECT id FROM person WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE person SET name = name FROM those WHERE person.id = those.id
    """,
    sqlite="UPDATE person SET name = name WHERE id = ANY(:ids)",
)


class PersonNotFound(NotFound):
    text = Text(
        "This person is not here.",
        "找不到这个人。",
        "找不到這個人。",
    )


def employed() -> Q:
    """The condition on a person of not having left."""
    return Q(left_on__isnull=True) | Q(left_on__gt=clock.business_date())


def carrying(grants: Grants) -> Q:
    """The condition on a person of being here and carrying any of these grants."""
    return employed() & Q(grants__in=[sum_ for sum_ in range(2 * max(Grants)) if sum_ & grants])


async def has_left(person_id: UUID) -> bool:
    """For subscribers: a leave date may have been withdrawn since it was told."""
    return not await Person.filter(employed(), id=person_id).exists()


async def leads(person_id: UUID) -> bool:
    """Whether anybody reports to this person."""
    return await Person.filter(employed(), manager_id=person_id).exists()


async def found(person_id: UUID) -> Person:
    """The one way to reach a colleague; everybody may know that a colleague exists."""
    rows = await FOUND.rows(id=person_id, today=clock.business_date())
    people: list[Person] = [person for (person,) in rows]
    if not people:
        raise PersonNotFound
    return people[0]


async def hold(person_id: UUID) -> None:
    """Until the transaction ends; who else wants to waits, so that it is done one by one."""
    await HOLD.rows(id=person_id)


async def touch(person_ids: Sequence[UUID]) -> None:
    """New versions of their rows: for who changes what is told of a person from other tables."""
    await TOUCH.rows(ids=set(person_ids))


async def named(person_ids: Sequence[UUID]) -> list[Person]:
    """People by id, those included who left: what they wrote keeps its author."""
    people = await sql.in_bulk(Person, person_ids)
    return [people[id] for id in person_ids]


async def by_id(person_ids: Sequence[UUID | None]) -> list[Person | None]:
    """As `named`, where there may be nobody."""
    found = await sql.in_bulk(Person, filter(None, person_ids))
    return [found.get(id) if id else None for id in person_ids]


async def names(people: Sequence[Person], *, language: Language) -> list[str]:
    return [person.called(language) for person in people]


async def teams(team_ids: Sequence[UUID | None]) -> list[Team | None]:
    found = await sql.in_bulk(Team, filter(None, team_ids))
    return [found.get(id) if id else None for id in team_ids]


async def grants(people: Sequence[Person]) -> list[list[Grant]]:
    """What each person may do beyond the usual, by name."""
    return [[Grant[one.name] for one in Grants(person.grants) if one.name] for person in people]
