"""Terms: under which conditions a rule pays, as data; kept as JSON in the rule's row."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

from core import clock
from gamify.event_kinds import Gesture


class Period(StrEnum):
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"

    def of(self, moment: datetime) -> str:
        """The period of the business calendar that a moment is in."""
        return clock.business_date(moment).strftime(_WRITTEN[self])


_WRITTEN = {Period.DAY: "%Y-%m-%d", Period.WEEK: "%G-W%V", Period.MONTH: "%Y-%m", Period.YEAR: "%Y"}


class Per(StrEnum):
    """For whom or what confirmations are added up."""

    PERSON = "PERSON"
    OBJECT = "OBJECT"


class Cap(NamedTuple):
    """At most so many payments in a period."""

    most: int
    period: Period


class Threshold(NamedTuple):
    """Pays once, as soon as there are so many confirmations by so many colleagues."""

    times: int
    colleagues: int
    per: Per

    def scope(self, gesture: Gesture) -> str:
        return gesture.subject if self.per is Per.OBJECT else str(gesture.payee)


class Terms(NamedTuple):
    where: Mapping[str, str] = {}
    tag_id: UUID | None = None
    once_per_object: bool = False
    pair_cap: Cap | None = None
    payee_cap: Cap | None = None
    threshold: Threshold | None = None

    @property
    def facts(self) -> list[str]:
        return [f"{key}={value}" for key, value in self.where.items()]

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        tag, pair, payee = kept["tag_id"], kept["pair_cap"], kept["payee_cap"]
        return cls(
            where=kept["where"],
            tag_id=UUID(tag) if tag else None,
            once_per_object=kept["once_per_object"],
            pair_cap=_cap(pair),
            payee_cap=_cap(payee),
            threshold=_threshold(kept["threshold"]),
        )

    def kept(self) -> dict[str, Any]:
        told = {name: _plain(value) for name, value in self._asdict().items()}
        return told | {"where": dict(self.where)}

    def fit(self, gesture: Gesture) -> bool:
        """Whether what happened is of the kind that is paid for."""
        return all(gesture.facts[key] == value for key, value in self.where.items())

    def admit(self, gesture: Gesture) -> bool:
        """As `fit`, and under the tag; tags may change before it is taken back."""
        tagged = self.tag_id is None or str(self.tag_id) in gesture.tags
        return tagged and self.fit(gesture)

    def slots(self, gesture: Gesture) -> list[list[str]]:
        """What a payment must find free: one of each list. None may be taken by two payments."""
        if self.threshold:
            return [[f"reached:{self.threshold.scope(gesture)}"]]
        found = [[same(gesture)]]
        if self.once_per_object:
            found.append([gesture.subject])
        if self.pair_cap and gesture.giver:
            found.append(_turns(self.pair_cap, f"{gesture.giver}:{gesture.payee}", gesture.at))
        if self.payee_cap:
            found.append(_turns(self.payee_cap, str(gesture.payee), gesture.at))
        return found


def same(gesture: Gesture) -> str:
    """A colleague means one thing once, unless they took it back in between."""
    return f"{gesture.subject}:{gesture.giver or gesture.id}"


def _turns(cap: Cap, whose: str, at: datetime) -> list[str]:
    return [f"{whose}:{cap.period.of(at)}:{n}" for n in range(cap.most)]


def _plain(term: Any) -> Any:
    return [*term] if isinstance(term, tuple) else str(term) if isinstance(term, UUID) else term


def _cap(kept: Any) -> Cap | None:
    return Cap(kept[0], Period(kept[1])) if kept else None


def _threshold(kept: Any) -> Threshold | None:
    return Threshold(kept[0], kept[1], Per(kept[2])) if kept else None
