"""Reviews: points that look arranged wait until somebody else has looked, and said why.

What is taken back by a decision after it became available leaves a debt. Who loses points may
appeal once, and another person answers.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from core import audit, clock, idempotency, pages
from core.database import inserts
from core.errors import Conflict, Forbidden, NotFound
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Language, Text
from core.transactions import transaction
from core.writing import written
from gamify import accounts, budgets, holds, ledger, patterns, points
from gamify.accounts import Kind
from gamify.holds import Hold
from gamify.ledger import Cause, Transfer
from gamify.patterns import Pattern
from gamify.reasons import PAID, Reason
from gamify.rules import Rule

WORDS = 500  # characters
REVIEWS = Listing("points_reviews", "moved_at")

MANNERS[NoticeKind.HELD] = Manner(
    Text(
        "Somebody looks at points of yours, or has decided about them.",
        "您的部分积分正在复核，或已有复核结果。",
        "您的部分點數正在複核，或已有複核結果。",
    ),
    is_pushed=False,
)


class State(StrEnum):
    OPEN = "OPEN"  # nobody has decided yet
    RELEASED = "RELEASED"  # all is well
    REVERSED = "REVERSED"  # taken back
    RESTORED = "RESTORED"  # given again, on appeal


class Review(Model):
    id = fields.UUIDField(primary_key=True)
    transfer: fields.OneToOneRelation[Transfer] = fields.OneToOneField(
        "models.Transfer", on_delete=fields.RESTRICT, related_name="review"
    )
    transfer_id: UUID
    person_id: UUID = fields.UUIDField(db_index=True)
    pattern = fields.CharEnumField(Pattern, max_length=10)
    state = fields.CharEnumField(State, max_length=10)
    is_waiting = fields.BooleanField(description="for HR: to decide, or to answer an appeal")
    words = fields.CharField(max_length=WORDS, default="", description="why it was decided so")
    decided_by: UUID | None = fields.UUIDField(null=True)
    appeal_words = fields.CharField(max_length=WORDS, default="")
    appealed_at: datetime | None = fields.DatetimeField(null=True)
    answer = fields.CharField(max_length=WORDS, default="", description="to the appeal")
    answered_by: UUID | None = fields.UUIDField(null=True)
    moved_at: datetime = fields.DatetimeField()

    class Meta:
        table = "points_review"
        indexes = (("is_waiting", "moved_at", "id"),)


WAITING = pages.Listed(
    "SELECT points_review.* FROM points_review WHERE is_waiting", Review, REVIEWS
)


class ReviewNotFound(NotFound):
    text = Text("This review is not there.", "找不到这项复核。", "找不到這項複核。")


class OwnPoints(Forbidden):
    text = Text(
        "You have a part in this yourself; somebody else decides.",
        "此事与您本人有关，需由其他人处理。",
        "此事與您本人有關，需由其他人處理。",
    )


class ReviewMoved(Conflict):
    text = Text("This was decided already.", "这项复核已有结果。", "這項複核已有結果。")


async def look_at(paid: Transfer) -> None:
    """Hold what was just paid if it looks arranged. Belongs into the payment's transaction."""
    if pattern := await patterns.of(paid):
        await hold(paid, pattern)


@transaction
async def hold(paid: Transfer, pattern: Pattern) -> Review:
    """Let pending points wait, and tell whose they are."""
    review = _opened(paid, pattern)
    await Hold.filter(transfer_id=paid.id).update(is_stopped=True)
    await inserts.added(review)
    await _tell(paid.person_id, f"held:{paid.id}")
    return review


@transaction
async def decide(review_id: UUID, *, reverse: bool, words: str, by: Person) -> Review:
    """Let held points go on their way, or take them back."""
    review, paid = await _reached(review_id, by)
    state = State.REVERSED if reverse else State.RELEASED
    words = written(words, most=WORDS)
    await _move(review, State.OPEN, state=state, words=words, decided_by=by.id, is_waiting=False)
    if reverse:
        await _take_back(paid)
    else:
        await Hold.filter(transfer_id=paid.id).update(is_stopped=False)
    await _recorded(review, f"points.{state.lower()}", by)
    return await Review.get(id=review.id)


@transaction
async def reverse(line_id: UUID, words: str, *, by: Person, key: str) -> Review:
    """Take back what a rule paid at any time before: what is spent is owed. Raises ReviewMoved."""
    paid = await Transfer.get_or_none(id=line_id, reason__in=PAID)
    if paid is None:
        raise ReviewNotFound
    _check(paid, by)
    review = _opened(paid, Pattern.DECISION)
    review.state, review.is_waiting = State.REVERSED, False
    review.words, review.decided_by = written(words, most=WORDS), by.id
    asked = ["reverse_points", line_id, words]
    first = await idempotency.claim(key, by=by.id, asked=asked, result=review.id)
    if first != review.id:
        return await Review.get(id=first)
    if not await inserts.added(review):
        raise ReviewMoved
    await _take_back(paid)
    await _recorded(review, "points.reversed", by)
    return review


@transaction
async def appeal(review_id: UUID, words: str, *, by: Person) -> Review:
    """Once, by whose points they were."""
    review = await Review.get_or_none(id=review_id, person_id=by.id)
    if review is None:
        raise ReviewNotFound
    appealed = {"appeal_words": written(words, most=WORDS), "appealed_at": clock.now()}
    mine = Review.filter(id=review.id, state=State.REVERSED, appealed_at__isnull=True)
    if not await mine.update(**appealed, is_waiting=True, moved_at=clock.now()):
        raise ReviewMoved
    return await Review.get(id=review.id)


@transaction
async def answer(review_id: UUID, *, grant: bool, words: str, by: Person) -> Review:
    """Decide on an appeal, as somebody else than who decided before."""
    review, paid = await _reached(review_id, by)
    if review.decided_by == by.id:
        raise OwnPoints
    state = State.RESTORED if grant else State.REVERSED
    given = {"answer": written(words, most=WORDS), "answered_by": by.id, "is_waiting": False}
    await _move(review, State.REVERSED, state=state, **given)
    if grant:
        await _restore(paid)
    await _recorded(review, "points.appeal_answered", by)
    return await Review.get(id=review.id)


async def waiting(*, page: Page) -> Connection[Review]:
    """What HR has to decide, the latest first."""
    return await WAITING.read(page)


@transaction
async def inspect(person_id: UUID, *, page: Page, by: Person) -> Connection[Transfer]:
    """Somebody else's lines, for those who decide."""
    if person_id == by.id:
        raise OwnPoints
    await audit.record("points.inspected", by=by.id, about=person_id)
    [history] = await points.history([person_id], page=page)
    return history


async def of_lines(lines: Sequence[UUID]) -> list[Review | None]:
    found = await Review.filter(transfer_id__in=set(lines))
    by_line = {review.transfer_id: review for review in found}
    return [by_line.get(id) for id in lines]


async def lines(ids: Sequence[UUID]) -> list[Transfer]:
    found = {row.id: row for row in await Transfer.filter(id__in=set(ids))}
    return [found[id] for id in ids]


async def whys(reviews: Sequence[Review], *, language: Language) -> list[str]:
    """Why the points are looked at, in words that name nobody."""
    return [WHY[review.pattern].to(language) for review in reviews]


WHY = {
    Pattern.RING: Text(
        "The same few colleagues have thanked each other in turn many times.",
        "少数同事之间多次互相感谢。",
        "少數同事之間多次互相感謝。",
    ),
    Pattern.BURST: Text(
        "One colleague gave many thanks within a few minutes.",
        "同一位同事在几分钟内多次感谢。",
        "同一位同事在幾分鐘內多次感謝。",
    ),
    Pattern.DECISION: Text(
        "Somebody in HR has looked at it.", "人力资源同事进行了复核。", "人資同事進行了複核。"
    ),
}


def _opened(paid: Transfer, pattern: Pattern) -> Review:
    return Review(
        id=uuid4(),
        transfer_id=paid.id,
        person_id=paid.person_id,
        pattern=pattern,
        state=State.OPEN,
        is_waiting=True,
        moved_at=clock.now(),
    )


async def _reached(review_id: UUID, by: Person) -> tuple[Review, Transfer]:
    review = await Review.get_or_none(id=review_id).select_related("transfer")
    if review is None:
        raise ReviewNotFound
    _check(review.transfer, by)
    return review, review.transfer


def _check(paid: Transfer, by: Person) -> None:
    if by.id in {paid.person_id, paid.caused_by}:
        raise OwnPoints


async def _move(review: Review, before: State, **values: object) -> None:
    same = Review.filter(Q(id=review.id, state=before, is_waiting=True))
    if not await same.update(**values, moved_at=clock.now()):
        raise ReviewMoved


async def _take_back(paid: Transfer) -> None:
    """Pending points go as they came; what is available, or spent, is claimed back first.

    Raises ReviewMoved, as it does where who thanked was quicker.
    """
    if not await holds.lift(paid.id):
        await _reclaim(paid)
    if await ledger.reverse(paid.id, Cause(reason=Reason.REVERSED)) is None:
        raise ReviewMoved
    await budgets.refund(paid)


async def _reclaim(paid: Transfer) -> None:
    purse, left = await accounts.held(paid.person_id), paid.points
    postings = {accounts.pending(paid.person_id): paid.points}
    for name, has in purse.items():
        if name.kind is Kind.AVAILABLE and (part := min(has, left)):
            postings[name], left = -part, left - part
    if left:
        postings[accounts.debt(paid.person_id)] = -left
    cause = Cause(reason=Reason.RECLAIMED)
    await ledger.transfer(f"reclaim:{paid.id}", postings, cause, person_id=paid.person_id)


async def _restore(paid: Transfer) -> None:
    rule = await Rule.get(id=paid.rule_id)
    earned = await holds.earning(paid.person_id, paid.points, paid.business_date.year)
    postings = {**earned, accounts.issued(rule.id): -paid.points}
    cause = Cause(reason=Reason.RESTORED)
    await ledger.transfer(
        f"restored:{paid.id}", postings, cause, person_id=paid.person_id, rule_id=rule.id
    )
    await budgets.charge(rule, paid.points)


async def _recorded(review: Review, name: str, by: Person) -> None:
    await _tell(review.person_id, f"{name}:{review.id}")
    await audit.record(name, by=by.id, about=review.person_id, review=review.id)


async def _tell(person_id: UUID, source: str) -> None:
    await notices.tell(person_id, News(NoticeKind.HELD, "", source))
