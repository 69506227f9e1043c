"""Groups, and coming and going."""

from datetime import date
from typing import ClassVar
from uuid import UUID

import strawberry

from api.connections import Connection
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, view
from community import groups, listeners, memberships, suspensions, unread
from community.groups import GroupKind, JoinPolicy, Plan
from community.memberships import Standing
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person

strawberry.enum(GroupKind)
strawberry.enum(JoinPolicy)
strawberry.enum(Standing, name="MembershipStanding")


@view(groups.Audience)
class Audience:
    """Who can read what is written here; in a support group the number is rounded down to tens."""

    steady: ClassVar = True

    members: int
    exact: bool
    hr: bool
    supervisors: bool


@view(groups.Group)
class Group(Node):
    name: str
    about: str
    kind: GroupKind
    join_policy: JoinPolicy
    audience: Audience = batch(groups.audiences, key=ROW, steady=True)
    viewer_standing: Standing | None = batch(memberships.of)
    viewer_unread_count: int | None = batch(unread.counts)
    viewer_listens: bool = batch(listeners.of_viewer)
    listeners_are_awake: bool = batch(listeners.are_awake)
    viewer_suspended_until: date | None = batch(suspensions.of_viewer, key=ROW)


@strawberry.input(name="GroupPlan")
class GroupPlan:
    name: str
    kind: GroupKind
    about: str = ""
    join_policy: JoinPolicy = JoinPolicy.OPEN
    excludes_hr: bool = False
    excludes_supervisors: bool = False


@query(Connection[Group])
async def groups_(viewer: Person, page: Page) -> Rows[groups.Group]:
    """Every group there is for the viewer, oldest first."""
    return await groups.listed(to=viewer, page=page)


@query(Group | None)
async def group(viewer: Person, id: UUID) -> groups.Group:
    return await groups.visible(id, to=viewer)


@mutation(payload("GroupFounded", Group))
async def found_group(viewer: Person, plan: GroupPlan, idempotency_key: str) -> groups.Group:
    """Open a group; for moderators and administrators."""
    return await groups.found(Plan(**vars(plan)), by=viewer, key=idempotency_key)


@mutation(payload("GroupJoined", Group))
async def join_group(viewer: Person, group_id: UUID) -> groups.Group:
    """Come in, or apply where one has to: `viewerStanding` tells. Joining twice changes nothing."""
    return await memberships.join(group_id, by=viewer)


@mutation(payload("GroupLeft", Group))
async def leave_group(viewer: Person, group_id: UUID) -> groups.Group:
    """Go out, or take an application back."""
    return await memberships.leave(group_id, by=viewer)


@mutation(payload("GroupRead", Group))
async def mark_group_read(viewer: Person, group_id: UUID) -> groups.Group:
    """Everything shown so far is read."""
    return await memberships.mark_read(group_id, by=viewer)


@mutation(payload("MemberInvited", Group))
async def invite_member(viewer: Person, group_id: UUID, person_id: UUID) -> groups.Group:
    """Ask a colleague in."""
    return await memberships.invite(group_id, await people.found(person_id), by=viewer)


@mutation(payload("ApplicationDecided", Group))
async def decide_application(
    viewer: Person, *, group_id: UUID, person_id: UUID, admit: bool
) -> groups.Group:
    """Let an applicant in, or not; for moderators."""
    applicant = await people.found(person_id)
    return await memberships.decide(group_id, applicant, admit=admit, by=viewer)
