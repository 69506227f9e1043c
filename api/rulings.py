"""Rulings: what moderators decided about one's own words, and one's appeal."""

from datetime import datetime

import strawberry

from api.views import batch, view
from community import appeals, moderation_cases
from community.moderation_cases import ReportReason, Verdict

strawberry.enum(ReportReason, description="What is wrong; DANGER is worry about its author.")
strawberry.enum(Verdict, description="Nothing is wrong; it stays, with a warning; it is removed.")


@view(appeals.Appeal)
class ViewerAppeal:
    words: str
    made_at: datetime
    granted: bool | None
    answer: str
    decided_at: datetime | None


@view(moderation_cases.ModerationCase)
class Ruling:
    """For the author alone: what was decided, and why. It can be appealed once."""

    verdict: Verdict
    reason: ReportReason
    words: str
    decided_at: datetime
    appealable_until: datetime
    appeal: ViewerAppeal | None = batch(appeals.of_cases)
