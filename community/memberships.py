"""Memberships: who belongs to which group, and how far they have read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from community import groups
from community.groups import Group, JoinPolicy
from core import audit, clock, people
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Forbidden
from core.events import Event
from core.people import Grants, Person
from core.text import Text
from core.transactions import transaction

ACTIVE = timedelta(days=30)


class Standing(StrEnum):
    INVITED = "INVITED"
    APPLIED = "APPLIED"
    MEMBER = "MEMBER"


class Membership(Model):
    id = fields.UUIDField(primary_key=True)
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "models.Group", related_name="memberships"
    )
    group_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: UUID
    standing = fields.CharEnumField(Standing, max_length=20)
    read_to: datetime = fields.DatetimeField(description="what came later is unread")
    seen_on: date = fields.DateField(description="last day of reading here")

    class Meta:
        table = "membership"
        unique_together = ("group", "person")
        indexes = (("person_id",),)


#: In SQL: the groups whose inside `groups.reader` may read.
READABLE = f"""
    membership JOIN community_group ON community_group.id = membership.group_id
    AND membership.person_id = :reader AND membership.standing = 'MEMBER' AND {groups.OPEN}
"""

INSIDE = Statement(
    f"SELECT community_group.*, membership.* FROM {READABLE} WHERE membership.group_id = :group",
    Group,
    Membership,
)


OF = Statement(
    """
    SELECT membership.* FROM membership
    WHERE membership.group_id = ANY(:groups) AND membership.person_id = :person
    """,
    Membership,
)
#: Whoever is in already changes nothing.
ENTER = Statement(
    """
    INSERT INTO membership (id, group_id, person_id, standing, read_to, seen_on)
    VALUES (:id, :group, :person, 'MEMBER', :now, :today)
    ON CONFLICT (group_id, person_id) DO UPDATE SET standing = 'MEMBER'
    WHERE membership.standing <> 'MEMBER' RETURNING id
    """
)
LEAVE = Statement(
    "DELETE FROM membership WHERE group_id = :group AND person_id = :person RETURNING standing"
)
READ = Statement("UPDATE membership SET read_to = :now, seen_on = :today WHERE id = :membership")
COUNT = Statement(
    """
    UPDATE community_group SET member_count = member_count + :by WHERE id = :group
    RETURNING community_group.*
    """,
    Group,
)


class NotMember(Forbidden):
    text = Text(
        "Join this group first.",
        "请先加入该群组。",
        "請先加入該群組。",
    )


class InvitationNeeded(Forbidden):
    text = Text(
        "One comes into this group by invitation.",
        "该群组需要受邀才能加入。",
        "該群組需要受邀才能加入。",
    )


class NothingToDecide(Conflict):
    text = Text(
        "This person is not waiting to come in.",
        "此人没有待处理的加入申请。",
        "此人沒有待處理的加入申請。",
    )


class StewardsOnly(Forbidden):
    text = Text(
        "Only moderators decide who comes in.",
        "只有版主可以决定谁能加入。",
        "只有版主可以決定誰能加入。",
    )


@transaction
async def join(group_id: UUID, *, by: Person) -> Group:
    """Come in, or apply where one has to; joining twice changes nothing."""
    group = await groups.visible(group_id, to=by)
    [standing] = await of([group_id], viewer=by)
    if group.join_policy is JoinPolicy.INVITATION and standing is None:
        raise InvitationNeeded
    if group.join_policy is JoinPolicy.APPLICATION and standing is None:
        await inserts.added(_membership(group_id, by.id, Standing.APPLIED))
        return group
    return await _enter(group, by.id) if standing in {None, Standing.INVITED} else group


@transaction
async def leave(group_id: UUID, *, by: Person) -> Group:
    """Go out, or take back an application; leaving twice changes nothing."""
    group = await groups.visible(group_id, to=by)
    left = await LEAVE.rows(group=group_id, person=by.id)
    return await _counted(group_id, -1) if left == [(Standing.MEMBER,)] else group


@transaction
async def invite(group_id: UUID, person: Person, *, by: Person) -> Group:
    """Ask a colleague in; whoever is in, or has applied, stays as they are.

    Members may, and moderators, or a group by invitation would never get its first member.
    """
    group = await _as_host(group_id, by)
    if by.id == person.id:
        raise InvitationNeeded
    if await Group.filter(groups.open_to(person), id=group_id).exists():
        await inserts.added(_membership(group_id, person.id, Standing.INVITED))
    return group


@transaction
async def decide(group_id: UUID, person: Person, *, admit: bool, by: Person) -> Group:
    """Let an applicant in, or not."""
    if not by.may(Grants.MODERATOR | Grants.ADMIN) or by.id == person.id:
        raise StewardsOnly
    group = await groups.visible(group_id, to=by)
    waiting = Membership.filter(group_id=group_id, person_id=person.id, standing=Standing.APPLIED)
    if not await waiting.delete():
        raise NothingToDecide
    if admit:
        group = await _enter(group, person.id)
    await audit.record(
        "application.decided", by=by.id, about=person.id, group=group_id, admitted=admit
    )
    return group


async def mark_read(group_id: UUID, *, by: Person) -> Group:
    """Everything shown so far is read."""
    group, mine = await as_member(group_id, by)
    await READ.rows(membership=mine.id, now=clock.now(), today=clock.business_date())
    return group


async def as_member(group_id: UUID, person: Person) -> tuple[Group, Membership]:
    """The one way into a group's inside. Raises GroupNotFound, NotMember."""
    for group, mine in await INSIDE.rows(group=group_id, **groups.reader(person)):
        return group, mine
    await groups.visible(group_id, to=person)
    raise NotMember


async def _as_host(group_id: UUID, by: Person) -> Group:
    if by.may(Grants.MODERATOR | Grants.ADMIN):
        return await groups.visible(group_id, to=by)
    group, _ = await as_member(group_id, by)
    return group


async def alive(membership_ids: Sequence[UUID]) -> list[bool]:
    """Which memberships let their person read; for open sockets, to be asked again and again."""
    members = Membership.filter(id__in=membership_ids, standing=Standing.MEMBER)
    excluding = ("group__excludes_hr", "group__excludes_supervisors")
    found = await members.values_list("id", "person__grants", *excluding)
    readers = {id for id, grants, *excludes in found if groups.admits(grants, *excludes)}
    return [id in readers for id in membership_ids]


async def of(group_ids: Sequence[UUID], *, viewer: Person) -> list[Standing | None]:
    """How the viewer stands to each group."""
    mine = await OF.rows(groups=group_ids, person=viewer.id)
    standing = {membership.group_id: membership.standing for (membership,) in mine}
    return [standing.get(id) for id in group_ids]


async def active_count(group_id: UUID) -> int:
    """Members who read here in the last 30 days."""
    since = clock.business_date() - ACTIVE
    members = Membership.filter(group_id=group_id, standing=Standing.MEMBER, seen_on__gte=since)
    return await members.count()


async def end(event: Event) -> None:
    """Subscriber: who left the company has left its groups."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        await _end(person_id)


@transaction
async def _end(person_id: UUID) -> None:
    for membership in await Membership.filter(person_id=person_id, standing=Standing.MEMBER):
        if await Membership.filter(id=membership.id).delete():
            group = Group.filter(id=membership.group_id)
            await group.update(member_count=F("member_count") - 1)
    waiting = Membership.filter(person_id=person_id).exclude(standing=Standing.MEMBER)
    await waiting.delete()


async def _enter(group: Group, person_id: UUID) -> Group:
    """The group, with one more in it."""
    now = {"now": clock.now(), "today": clock.business_date()}
    entered = await ENTER.rows(id=uuid4(), group=group.id, person=person_id, **now)
    return await _counted(group.id, +1) if entered else group


async def _counted(group_id: UUID, by: int) -> Group:
    """The group, with so many more in it."""
    group: Group
    [(group,)] = await COUNT.rows(group=group_id, by=by)
    return group


def _membership(group_id: UUID, person_id: UUID, standing: Standing) -> Membership:
    return Membership(
        id=uuid4(),
        group_id=group_id,
        person_id=person_id,
        standing=standing,
        read_to=clock.now(),
        seen_on=clock.business_date(),
    )
