"""What is composed of all packages; `core.parts.Part` says what is what."""

from collections.abc import Awaitable, Callable

from community.composition import PART as COMMUNITY
from core import erasures, exports, keeping
from core.belongings import Belonging
from core.composition import PART as CORE
from core.crypto.resealing import Sealed
from core.events import Subscriber
from core.integrity import Check
from core.keeping import Keeping
from core.parts import Part
from gamify.badges.composition import PART as BADGES
from gamify.composition import PART as GAMIFY
from gamify.shop.composition import PART as SHOP
from referrals.composition import PART as REFERRALS

PARTS: list[Part] = [CORE, COMMUNITY, GAMIFY, BADGES, SHOP, REFERRALS]

MODELS: list[str] = [module for part in PARTS for module in part.models]

BELONGINGS: list[Belonging] = [one for part in PARTS for one in part.belongings]
WITHHELD: dict[str, str] = {table: why for part in PARTS for table, why in part.withheld.items()}

KEEPING: list[Keeping] = [one for part in PARTS for one in part.keeping]

SUBSCRIBERS: dict[str, list[Subscriber]] = {
    event: [one for part in PARTS for one in part.subscribers.get(event, [])]
    for event in sorted({event for part in PARTS for event in part.subscribers})
}

DUTIES: list[Callable[[], Awaitable[object]]] = [
    *(duty for part in PARTS for duty in part.duties),
    erasures.eraser(KEEPING),
    exports.maker(BELONGINGS),
    keeping.forgetter(KEEPING),
]

SHIPPED: list[Callable[[], Awaitable[object]]] = [one for part in PARTS for one in part.shipped]
INTEGRITY: list[Check] = [check for part in PARTS for check in part.integrity]
SEALED: list[Sealed] = [one for part in PARTS for one in part.sealed]
