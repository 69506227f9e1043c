"""Groups: where people talk, and who may come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q

from core import audit, clock, idempotency, pages
from core.database import sql
from core.database.sql import Statement
from core.database.versions import KeptModel
from core.errors import Forbidden, NotFound
from core.pages import Connection, Listing, Page
from core.people import Grants, Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

NAME, ABOUT = 60, 500  # characters
CROWD = 10  # a SUPPORT group tells its size only in tens

GROUPS = Listing("groups", "created_at", newest_first=False)


class GroupKind(StrEnum):
    SUPPORT = "SUPPORT"
    KNOWLEDGE = "KNOWLEDGE"
    SOCIAL = "SOCIAL"
    IDEAS = "IDEAS"


class JoinPolicy(StrEnum):
    OPEN = "OPEN"
    APPLICATION = "APPLICATION"
    INVITATION = "INVITATION"


class Group(KeptModel):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=NAME)
    about = fields.CharField(max_length=ABOUT, default="")
    kind = fields.CharEnumField(GroupKind, max_length=20)
    join_policy = fields.CharEnumField(JoinPolicy, max_length=20)
    excludes_hr = fields.BooleanField(default=False)
    excludes_supervisors = fields.BooleanField(default=False)
    member_count = fields.IntField(default=0)
    activity_seq = fields.BigIntField(default=0, description="number of the newest activity")
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "community_group"  # GROUP is a word of SQL
        indexes = (("created_at", "id"),)

    @property
    def is_public(self) -> bool:
        """Whether everybody who works here may come in, and nobody is hidden in it."""
        excludes = self.excludes_hr or self.excludes_supervisors
        return self.join_policy is JoinPolicy.OPEN and not excludes and not self.sheltered

    @property
    def sheltered(self) -> bool:
        """Whether nothing here tells exact times or who the members are."""
        return self.kind is GroupKind.SUPPORT


@dataclass(frozen=True, slots=True)
class Audience:
    """Who can read what is written in a group, for the one who is about to write."""

    members: int
    exact: bool
    hr: bool
    supervisors: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A group as it is asked for."""

    name: str
    kind: GroupKind
    about: str = ""
    join_policy: JoinPolicy = JoinPolicy.OPEN
    excludes_hr: bool = False
    excludes_supervisors: bool = False


class GroupNotFound(NotFound):
    text = Text("This group is not here.", "找不到这个群组。", "找不到這個群組。")


class FoundersOnly(Forbidden):
    text = Text(
        "Only moderators and administrators open groups.",
        "只有版主和管理员可以创建群组。",
        "只有版主和管理員可以建立群組。",
    )


@transaction
async def found(plan: Plan, *, by: Person, key: str) -> Group:
    """Open a group."""
    if not by.may(Grants.MODERATOR | Grants.ADMIN):
        raise FoundersOnly
    id = uuid4()
    if (first := await idempotency.claim(key, by=by.id, asked=plan, result=id)) != id:
        return await Group.get(id=first)
    group = await Group.create(
        id=id,
        name=written(plan.name, most=NAME),
        about=written(plan.about, most=ABOUT) if plan.about else "",
        kind=plan.kind,
        join_policy=plan.join_policy,
        excludes_hr=plan.excludes_hr,
        excludes_supervisors=plan.excludes_supervisors,
        created_at=clock.now(),
    )
    await audit.record("group.founded", by=by.id, group=id, kind=plan.kind)
    return group


def open_to(person: Person, prefix: str = "") -> Q:
    """The condition on a group, or on what reaches one by `prefix`, of not excluding the person."""
    needed: dict[str, Any] = {}
    if person.may(Grants.HR):
        needed[f"{prefix}excludes_hr"] = False
    if person.may(Grants.SUPERVISOR):
        needed[f"{prefix}excludes_supervisors"] = False
    return Q(**needed)


#: The same in SQL; its values are those of `reader`.
OPEN = (
    "NOT (community_group.excludes_hr AND :hr)"
    " AND NOT (community_group.excludes_supervisors AND :supervisor)"
)


#: Groups that are there at all for a reader.
KNOWN = f"""
    SELECT community_group.* FROM community_group WHERE {OPEN} AND (
        :steward OR community_group.join_policy <> 'INVITATION' OR EXISTS (
            SELECT 1 FROM membership
            WHERE membership.group_id = community_group.id AND membership.person_id = :reader
        )
    )
"""
ONE = Statement(f"{KNOWN} AND community_group.id = :group", Group)
LISTED = pages.Listed(KNOWN, Group, GROUPS)


def reader(person: Person) -> dict[str, Any]:
    return {
        "reader": person.id,
        "hr": person.may(Grants.HR),
        "supervisor": person.may(Grants.SUPERVISOR),
    }


def admits(grants: int, excludes_hr: bool, excludes_supervisors: bool) -> bool:  # noqa: FBT001  # columns
    """The same of columns: whether such a group is open to one with these grants."""
    hr, supervisor = grants & Grants.HR, grants & Grants.SUPERVISOR
    return not (excludes_hr and hr) and not (excludes_supervisors and supervisor)


async def visible(group_id: UUID, *, to: Person) -> Group:
    """The one way to reach a group on a person's behalf."""
    found: list[Group] = [one for (one,) in await ONE.rows(group=group_id, **_knower(to))]
    if not found:
        raise GroupNotFound
    return found[0]


async def listed(*, to: Person, page: Page) -> Connection[Group]:
    """Every group there is for this person, oldest first."""
    return await LISTED.read(page, **_knower(to))


async def by_id(group_ids: Sequence[UUID]) -> list[Group]:
    found = await sql.in_bulk(Group, group_ids)
    return [found[id] for id in group_ids]


async def audiences(groups: Sequence[Group]) -> list[Audience]:
    return [
        Audience(
            members=_rounded(group.member_count) if group.sheltered else group.member_count,
            exact=not group.sheltered,
            hr=not group.excludes_hr,
            supervisors=not group.excludes_supervisors,
        )
        for group in groups
    ]


def _knower(person: Person) -> dict[str, Any]:
    return reader(person) | {"steward": person.may(Grants.MODERATOR | Grants.ADMIN)}


def _rounded(count: int) -> int:
    return count // CROWD * CROWD
