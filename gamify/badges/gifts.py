"""Gifts: badges that somebody gives by hand, not to oneself and not too often."""

from uuid import UUID, uuid4

from core import clock, idempotency, people
from core.errors import Conflict, Forbidden
from core.people import Grants, Person
from core.text import Text
from core.transactions import transaction
from core.writing import written
from gamify.badges import awards, badges
from gamify.badges.awards import WORDS, Award
from gamify.badges.badges import GIVEN, Badge, BadgeNotFound


class GivenToOneself(Forbidden):
    text = Text(
        "This is for somebody else.",
        "徽章只能颁给别人哦。",
        "徽章只能頒給別人喔。",
    )


class NotAGiver(Forbidden):
    text = Text(
        "Somebody else gives this badge.",
        "这枚徽章由其他同事颁发。",
        "這枚徽章由其他同事頒發。",
    )


class GivenOften(Conflict):
    text = Text(
        "You have given this badge {times} times this month. There will be more next month.",
        "这枚徽章你本月已颁发 {times} 次，下个月再来吧。",
        "這枚徽章你本月已頒發 {times} 次，下個月再來吧。",
    )


@transaction
async def give(badge_id: UUID, person_id: UUID, words: str, *, by: Person, key: str) -> Award:
    """Raises BadgeNotFound, PersonNotFound, GivenToOneself, NotAGiver, GivenOften."""
    badge, person = await _givable(badge_id, by), await people.found(person_id)
    if person.id == by.id:
        raise GivenToOneself
    words, id = written(words, most=WORDS), uuid4()
    earlier = await idempotency.claim(key, by=by.id, asked=[badge_id, person_id, words], result=id)
    if earlier != id:
        return await awards.visible(earlier, to=by)
    award = Award(
        id=id, badge=badge, person_id=person.id, given_by=by.id, words=words, won_at=clock.now()
    )
    for turn in _turns(badge, by):
        award.slot = turn
        if await awards.add(award):
            return award
    raise GivenOften(times=badge.monthly_gifts)


async def _givable(badge_id: UUID, by: Person) -> Badge:
    badge = await badges.found(badge_id)
    if badge.kind is not GIVEN or not badge.is_active:
        raise BadgeNotFound
    if badge.givers and not by.may(Grants(badge.givers)):
        raise NotAGiver
    return badge


def _turns(badge: Badge, by: Person) -> list[str]:
    """Each giver has so many a month."""
    month = clock.business_date().strftime("%Y-%m")
    return [f"{by.id}:{month}:{turn}" for turn in range(badge.monthly_gifts)]
