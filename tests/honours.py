"""Badges: one that Ann may give, one that she won, and one that somebody else holds."""

from collections.abc import Collection

from core.people import Grants, Person
from gamify.badges import making
from gamify.badges.awards import Award
from gamify.badges.badges import Badge, BadgeKind
from gamify.badges.criteria import Level, Tally
from tests.gamify.badges.makers import a_badge, a_deed, deliver
from tests.makers import node

TEXTS = {"en": "Neighbour", "zhCn": "好邻居", "zhTw": "好鄰居"}
DRAFT = {
    "kind": "EARNED",
    "icon": "HANDS",
    "name": TEXTS,
    "words": TEXTS,
    "levels": [{"level": "SILVER", "times": 10, "people": 5}],
}


async def known(wanted: Collection[object], ann: Person, ben: Person) -> dict[str, str]:
    """For the variables of operations; Ann keeps badges."""
    if not {"badge", "gift", "award", "honoured"} & {*map(str, wanted)}:
        return {}
    await Person.filter(id=ann.id).update(grants=ann.grants | Grants.HR)
    await making.ship()
    badge = await a_badge({Level.GOLD: Tally(1)})
    for person in (ann, ben):
        await a_deed(person)
    await deliver()
    return {
        "badge": node("badge", badge),
        "gift": node("badge", await Badge.filter(kind=BadgeKind.GIVEN, givers=0).first()),
        "award": node("award", await Award.get(person_id=ben.id, badge_id=badge.id)),
        "honoured": node("person", ben),
    }
