"""Appeals against what moderators decided."""

from datetime import datetime
from uuid import UUID

from api import subjects
from api.connections import Connection
from api.moderation_cases import ModerationCase
from api.roots import mutation, payload, query
from api.rulings import ViewerAppeal
from api.views import Node, batch, view
from community import appeals, moderation_cases
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person


@view(appeals.Appeal)
class Appeal(Node):
    words: str
    made_at: datetime
    granted: bool | None
    answer: str
    case: ModerationCase = batch(moderation_cases.by_id, key="case_id")


@query(Connection[Appeal])
async def appeal_queue(viewer: Person, page: Page) -> Rows[appeals.Appeal]:
    """The open appeals that the viewer may decide, the oldest first."""
    return await appeals.listed(to=viewer, page=page)


@mutation(payload("AppealMade", ViewerAppeal))
async def appeal_(
    viewer: Person, *, subject_id: UUID, words: str, idempotency_key: str
) -> appeals.Appeal:
    """Object to what was decided about one's own words, once; another moderator decides."""
    kind = subjects.kind(subject_id)
    return await appeals.appeal(kind, subject_id, words, by=viewer, key=idempotency_key)


@mutation(payload("AppealDecided", Appeal))
async def decide_appeal(
    viewer: Person, *, appeal_id: UUID, grant: bool, answer: str = ""
) -> appeals.Appeal:
    """Grant an appeal, which undoes the decision, or turn it down for good."""
    return await appeals.decide(appeal_id, answer, grant=grant, by=viewer)
