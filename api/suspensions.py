"""Keeping an author, named or not, from writing in a group for a while."""

from datetime import date
from uuid import UUID

from api.moderation_cases import ModerationCase
from api.roots import mutation, payload
from community import moderation_cases, moderation_queue, suspensions
from community.moderation_cases import ReportReason
from core.people import Person


@mutation(payload("AuthorSuspended", ModerationCase))
async def suspend_author(
    viewer: Person, case_id: UUID, until: date, reason: ReportReason
) -> moderation_cases.ModerationCase:
    """Until that day the author cannot write in the group; nobody learns whose alias it is."""
    case, row, group = await moderation_queue.reached(case_id, by=viewer)
    await suspensions.suspend(row, group, until=until, reason=reason, by=viewer)
    return case


@mutation(payload("SuspensionLifted", ModerationCase))
async def lift_suspension(viewer: Person, case_id: UUID) -> moderation_cases.ModerationCase:
    """Let the author write again, as far as it was for these words."""
    case, row, group = await moderation_queue.reached(case_id, by=viewer)
    await suspensions.lift(row, group, by=viewer)
    return case
