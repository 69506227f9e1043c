"""Bonuses: points that somebody in HR gives a person, with a reason, out of a rule's budget.

Much of it takes a second one's consent, and small ones add up.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.functions import Sum
from tortoise.models import Model

from core import audit, clock, events, idempotency, pages, people, settings
from core.database import inserts
from core.errors import Conflict, Forbidden, NotFound
from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.pages import Connection, Listing, Page
from core.people import Grants, Person, carrying
from core.text import Text
from core.transactions import transaction
from core.writing import written
from gamify import payments
from gamify.drafts import MOST, check_figure
from gamify.ledger import Transfer

WORDS = 200  # characters
ADDED_UP = timedelta(days=30)
BONUSES = Listing("bonuses", "given_at")

MANNERS[NoticeKind.BONUS] = Manner(
    Text(
        "A bonus waits for a second one to agree.",
        "有一笔奖励积分等待第二人同意。",
        "有一筆獎勵點數等待第二人同意。",
    ),
    is_pushed=False,
)


class BonusState(StrEnum):
    WAITING = "WAITING"  # for a second one
    GIVEN = "GIVEN"
    DECLINED = "DECLINED"


class Bonus(Model):
    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField(db_index=True)
    points = fields.IntField()
    words = fields.CharField(max_length=WORDS, description="what it is for, as they read it")
    state = fields.CharEnumField(BonusState, max_length=10)
    given_by: UUID = fields.UUIDField()
    given_at: datetime = fields.DatetimeField()
    decided_by: UUID | None = fields.UUIDField(null=True)
    event_id: UUID | None = fields.UUIDField(null=True, unique=True, description="that gave it")

    class Meta:
        table = "bonus"
        indexes = (("given_at", "id"),)


OF_OTHERS = pages.Listed("SELECT bonus.* FROM bonus WHERE person_id <> :viewer", Bonus, BONUSES)


class BonusNotFound(NotFound):
    text = Text("This bonus is not there.", "找不到这笔奖励积分。", "找不到這筆獎勵點數。")


class OwnBonus(Forbidden):
    text = Text(
        "You have a part in this bonus yourself; somebody else decides.",
        "这笔奖励积分与您本人有关，需由其他人处理。",
        "這筆獎勵點數與您本人有關，需由其他人處理。",
    )


class BonusDecided(Conflict):
    text = Text("This was decided already.", "这笔奖励积分已有结果。", "這筆獎勵點數已有結果。")


class BonusNotCovered(Conflict):
    text = Text(
        "The rule for bonuses does not pay this much. Look at its budget and its terms.",
        "奖励积分规则无法支付这么多，请查看它的预算和条件。",
        "獎勵點數規則無法支付這麼多，請查看它的預算和條件。",
    )


@transaction
async def give(person_id: UUID, points: int, words: str, *, by: Person, key: str) -> Bonus:
    """Raises PersonNotFound, OwnBonus, BonusNotCovered."""
    person = await people.found(person_id)
    if person.id == by.id:
        raise OwnBonus
    check_figure("points", points, 1, MOST)
    bonus = _written(person, points, written(words, most=WORDS), by)
    asked = ["bonus", person_id, points, bonus.words]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=bonus.id)) != bonus.id:
        return await Bonus.get(id=first)
    if await _before(bonus) + points <= settings.current().bonus_limit:
        bonus.state = BonusState.GIVEN
        bonus.event_id = await _pay(bonus)
    else:
        await events.record("bonus.asked", actor=by.id, bonus=bonus.id, person=person.id)
    await inserts.added(bonus)
    await audit.record("bonus.given", by=by.id, about=person.id, bonus=bonus.id, points=points)
    return bonus


@transaction
async def decide(bonus_id: UUID, *, agree: bool, by: Person) -> Bonus:
    """As somebody else than who gives it, and than who gets it. Raises BonusNotCovered."""
    bonus = await Bonus.get_or_none(id=bonus_id)
    if bonus is None:
        raise BonusNotFound
    if by.id in {bonus.given_by, bonus.person_id}:
        raise OwnBonus
    state = BonusState.GIVEN if agree else BonusState.DECLINED
    waiting = Bonus.filter(id=bonus.id, state=BonusState.WAITING)
    if not await waiting.update(state=state, decided_by=by.id):
        raise BonusDecided
    if agree:
        await people.found(bonus.person_id)
        await Bonus.filter(id=bonus.id).update(event_id=await _pay(bonus))
    about = bonus.person_id
    await audit.record("bonus.decided", by=by.id, about=about, bonus=bonus.id, agree=agree)
    return await Bonus.get(id=bonus.id)


async def listed(*, page: Page, viewer: Person) -> Connection[Bonus]:
    """For HR, the latest first; one's own are decided by others."""
    return await OF_OTHERS.read(page, viewer=viewer.id)


async def tell(event: Event) -> None:
    """Subscriber: the others in HR learn that one of them is needed."""
    bonus_id, concerned = event.payload["bonus"], {event.actor_id, UUID(event.payload["person"])}
    for person in await Person.filter(carrying(Grants.HR)):
        if person.id not in concerned:
            await notices.tell(person.id, News(NoticeKind.BONUS, "", bonus_id))


def _written(person: Person, points: int, words: str, by: Person) -> Bonus:
    return Bonus(
        id=uuid4(),
        person_id=person.id,
        points=points,
        words=words,
        state=BonusState.WAITING,
        given_by=by.id,
        given_at=clock.now(),
    )


async def _before(bonus: Bonus) -> int:
    """Points that the same one has lately given the same person; who gives at once waits here."""
    await Person.select_for_update(no_key=True).get(id=bonus.person_id)
    lately = Bonus.filter(given_at__gt=bonus.given_at - ADDED_UP, given_by=bonus.given_by)
    same = lately.filter(person_id=bonus.person_id).exclude(state=BonusState.DECLINED)
    [[points]] = await same.annotate(sum=Sum("points")).values_list("sum")
    return int(points or 0)


async def _pay(bonus: Bonus) -> UUID:
    """At once, so that whoever gives learns if it is too much; the event is its source."""
    event = await events.record(
        "bonus.given",
        actor=bonus.given_by,
        bonus=bonus.id,
        person=bonus.person_id,
        points=bonus.points,
    )
    await payments.pay(event)
    theirs = Transfer.filter(person_id=bonus.person_id, at=event.due_at)
    if not await theirs.filter(event_id=event.id, points=bonus.points).exists():
        raise BonusNotCovered
    return event.id
