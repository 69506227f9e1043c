"""Reminders: HR hears of candidates who wait for too long, and whoever brought one that there is
no news, before they have to ask.
"""

from datetime import datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock, people
from core.database import inserts
from core.database.sql import Statement
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Grants, Person
from core.text import Text
from core.transactions import transaction
from referrals.candidates import Candidate
from referrals.claims import Referral
from referrals.pipeline import STALE

QUIET = timedelta(days=14)
AT_ONCE = 100

OTHERS = (one for one in Grants if one is not Grants.HR)
HR = [Grants.HR | sum(some) for some in product(*((0, other) for other in OTHERS))]

MANNERS |= {
    NoticeKind.NO_NEWS: Manner(
        Text(
            "No news yet of somebody you brought. You need not ask: we tell you as soon as "
            "there is any.",
            "你推荐的朋友暂时没有新进展。不用追问，一有消息我们就会告诉你。",
            "你推薦的朋友暫時沒有新進展。不用追問，一有消息我們就會告訴你。",
        ),
        is_pushed=False,
    ),
    NoticeKind.PIPELINE: Manner(
        Text(
            "Candidates wait for an answer: {amount}.",
            "有 {amount} 位候选人在等待答复。",
            "有 {amount} 位候選人在等待答覆。",
        )
    ),
}


class Reminder(Model):
    """What was told of a candidate who waits, or to whoever brought one; each time once."""

    id = fields.UUIDField(primary_key=True)
    subject_id: UUID = fields.UUIDField(description="a candidate, or a referral")
    since: datetime = fields.DatetimeField(description="when what it reminds of began")
    told_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "referral_reminder"
        unique_together = ("subject_id", "since")


STALE_ONES = Statement(
    """
    SELECT candidate.* FROM candidate
    WHERE stage = :stage AND stage_moved_at <= :latest AND erased_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM referral_reminder AS told
        WHERE told.subject_id = candidate.id AND told.since = candidate.stage_moved_at
    )
    ORDER BY stage_moved_at, id LIMIT :most
    """,
    Candidate,
)
#: Where the candidate shows it, as long as they wait; where not, once, whatever became of them.
QUIET_ONES = Statement(
    """
    SELECT referral.*, candidate.* FROM referral
    JOIN candidate ON candidate.id = referral.candidate_id
    WHERE referral.state = 'LIVE' AND referral.claimed_at <= :latest AND NOT EXISTS (
        SELECT 1 FROM referral_reminder AS told
        WHERE told.subject_id = referral.id
        AND (told.told_at > :latest OR NOT candidate.shares_stage)
    )
    AND (NOT candidate.shares_stage OR (candidate.stage_moved_at <= :latest
        AND candidate.stage IN ('APPLIED', 'SCREENING', 'INTERVIEW', 'OFFER')))
    ORDER BY referral.claimed_at, referral.id LIMIT :most
    """,
    Referral,
    Candidate,
)


async def remind() -> None:
    """Due work: each reminder is given once, by whichever process comes first."""
    now = clock.now()
    for stage, after in STALE.items():
        latest = now - after
        for (candidate,) in await STALE_ONES.rows(stage=stage, latest=latest, most=AT_ONCE):
            await _remind_hr(candidate)
    for referral, candidate in await QUIET_ONES.rows(latest=now - QUIET, most=AT_ONCE):
        await _answer(referral, candidate)


@transaction
async def _remind_hr(candidate: Candidate) -> None:
    if await _is_first(candidate.id, candidate.stage_moved_at):
        source = f"{candidate.id}:{candidate.stage_moved_at.isoformat()}"
        for one in await Person.filter(people.employed(), grants__in=HR).order_by("id"):
            await notices.tell(one.id, News(NoticeKind.PIPELINE, "", source, amount=1))


@transaction
async def _answer(referral: Referral, candidate: Candidate) -> None:
    begun = candidate.stage_moved_at if candidate.shares_stage else referral.claimed_at
    since = begun + (clock.now() - begun) // QUIET * QUIET if candidate.shares_stage else begun
    if await _is_first(referral.id, since):
        source = f"{referral.id}:{since.isoformat()}"
        subject = f"referral_{referral.id.hex}"
        await notices.tell(referral.referrer_id, News(NoticeKind.NO_NEWS, subject, source))


async def _is_first(subject_id: UUID, since: datetime) -> bool:
    reminder = Reminder(id=uuid4(), subject_id=subject_id, since=since, told_at=clock.now())
    return await inserts.added(reminder)
