"""A part of the product: what its package adds to models, subscribers and due work."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from core.belongings import Belonging
from core.crypto.resealing import Sealed
from core.events import Subscriber
from core.integrity import Check
from core.keeping import Keeping


@dataclass(frozen=True, kw_only=True)
class Part:
    #: The modules that hold models.
    models: list[str]

    #: Who learns of which event.
    subscribers: dict[str, list[Subscriber]] = field(default_factory=dict)

    #: What is done again and again, by every process: each is harmless to do twice.
    duties: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    #: What every database holds from the start: each puts it there where it is not.
    shipped: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    #: What proves that stored figures are right.
    integrity: list[Check] = field(default_factory=list)

    #: What is sealed, to be closed anew when its key is replaced.
    sealed: list[Sealed] = field(default_factory=list)

    #: What is a person's own, to be handed to them.
    belongings: list[Belonging] = field(default_factory=list)

    #: What names people and is handed to none of them, by table, and why.
    withheld: dict[str, str] = field(default_factory=dict)

    #: How long rows that name people are kept, and what becomes of them when somebody is erased.
    keeping: list[Keeping] = field(default_factory=list)
