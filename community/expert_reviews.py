"""Reviews of experts: moderators decide, and never within their own reporting line."""

from uuid import UUID

from community import experts
from community.experts import DECLINED, EXPERT, REASON, REVOKED, Expert, ExpertState
from core import pages
from core.errors import Forbidden
from core.pages import Connection, Listing, Page
from core.people import Person
from core.personnel import reporting_lines
from core.text import Text
from core.transactions import transaction
from core.writing import written

WAITING = Listing("expert proposals", "moved_at", newest_first=False)
PROPOSALS = pages.Listed(
    f"""
    WITH RECURSIVE {reporting_lines.LINE}
    SELECT expert.* FROM expert
    WHERE expert.state = 'PROPOSED' AND expert.person_id NOT IN (SELECT line.id FROM line)
    """,
    Expert,
    WAITING,
)


class OwnLineReviewed(Forbidden):
    text = Text(
        "Leave this to somebody who neither reports to this person nor the other way round.",
        "请交给与对方没有上下级关系的同事来评审。",
        "請交給與對方沒有上下級關係的同事來評審。",
    )


@transaction
async def decide(expert_id: UUID, *, approve: bool, reason: str, by: Person) -> Expert:
    """Say yes or no to what colleagues propose; a no has a reason. Raises NotThatMove."""
    if approve:
        return await _move(expert_id, EXPERT, None, by)
    return await _move(expert_id, DECLINED, written(reason, most=REASON), by)


@transaction
async def revoke(expert_id: UUID, reason: str, *, by: Person) -> Expert:
    """Let somebody be an expert no more. Raises NotThatMove."""
    return await _move(expert_id, REVOKED, written(reason, most=REASON), by)


async def waiting(*, to: Person, page: Page) -> Connection[Expert]:
    """Whom the reader may decide about, the longest waiting first."""
    return await PROPOSALS.read(page, reader=to.id)


async def _move(expert_id: UUID, to: ExpertState, why: str | None, by: Person) -> Expert:
    expert = await experts.visible(expert_id, to=by)
    if await reporting_lines.shared(by, expert.person_id):
        raise OwnLineReviewed
    await experts.move(expert, to, by=by.id, reason=why)
    return expert
