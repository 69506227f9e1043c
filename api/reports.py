"""Reports."""

from datetime import datetime
from uuid import UUID

from api import subjects
from api.quotas import TooMuchAtOnce
from api.roots import mutation, payload, query
from api.views import Node, view
from community import reports
from community.moderation_cases import ReportReason
from community.reports import Charge
from core.people import Person
from core.text import Language


@view(reports.Report)
class Report(Node):
    """Nobody is told who reported."""

    reason: ReportReason
    words: str
    reported_at: datetime


@view(reports.Choice)
class ReportChoice:
    reason: ReportReason
    label: str


@query(list[ReportChoice])
async def report_choices(language: Language) -> list[reports.Choice]:
    """The reasons to report something, as they are put to people."""
    return reports.choices(language)


@mutation(payload("Reported", Report), TooMuchAtOnce)
async def report_(
    viewer: Person,
    *,
    subject_id: UUID,
    reason: ReportReason,
    idempotency_key: str,
    words: str = "",
) -> reports.Report:
    """Report a post or a comment of somebody else; nobody learns who did.

    DANGER is for worry about its author: it reaches the counsellors and hides nothing.
    """
    kind, charge = subjects.kind(subject_id), Charge(reason, words)
    return await reports.report(kind, subject_id, charge, by=viewer, key=idempotency_key)
