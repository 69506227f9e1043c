"""Keeping: how long rows are kept at all, and what becomes of them when somebody is erased.

    KEEPING = [
        deleted(Pause, "person_id", since="ends_on", kept=timedelta(days=800)),
        blanked(Report, "reporter_id", words=""),
        stays(Posting, "sums must stay true"),
    ]

A person's own row stays and loses its name, number, phone and picture: an id alone names nobody.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tortoise.expressions import Q
from tortoise.fields import DateField
from tortoise.models import Model

from core import clock
from core.people import Person
from core.transactions import transaction

AT_ONCE = 500  # rows of a transaction
HOUR = timedelta(hours=1)

Erase = Callable[[Person], Awaitable[object]]


class NobodyNamed(TypeError):
    """No column was given: without one all rows would be somebody's."""


class Then(StrEnum):
    DELETED = "deleted"
    BLANKED = "made nameless"
    STAYS = "stays"


@dataclass(frozen=True)
class Keeping:
    """`erase` may run twice, and at once in several processes."""

    model: type[Model]
    then: Then
    erase: Erase
    why: str = ""
    since: str = ""
    """a column with a moment or a business date, ..."""
    kept: timedelta | None = None
    """... and how long after it a row goes, or is blanked, whoever it is of"""
    blank: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)  # noqa: SLF001  # Tortoise's documented way

    def is_over(self) -> Q:
        """The condition on rows that were kept long enough."""
        kept = self.kept or timedelta()
        dated = isinstance(self.model._meta.fields_map[self.since], DateField)  # noqa: SLF001  # as above
        before = clock.business_date() - kept if dated else clock.now() - kept
        over: dict[str, Any] = {f"{self.since}__lt": before}
        return Q(**over) & (~Q(**self.blank) if self.blank else Q())


def deleted(
    model: type[Model],
    *columns: str,
    erase: Erase | None = None,
    since: str = "",
    kept: timedelta | None = None,
) -> Keeping:
    """Rows go in which one of these columns holds the person, or as `erase` says."""

    async def delete(person: Person) -> None:
        await model.filter(_names(person, columns)).delete()

    return Keeping(model, Then.DELETED, erase or delete, since=since, kept=kept)


def blanked(
    model: type[Model],
    *columns: str,
    erase: Erase | None = None,
    since: str = "",
    kept: timedelta | None = None,
    **blank: Any,
) -> Keeping:
    """These rows stay, and say no more than this; as `erase` says where that is another matter."""

    async def make_blank(person: Person) -> None:
        await model.filter(_names(person, columns)).update(**blank)

    change = erase or make_blank
    return Keeping(model, Then.BLANKED, change, since=since, kept=kept, blank=blank)


def stays(
    model: type[Model], why: str, *, since: str = "", kept: timedelta | None = None
) -> Keeping:
    """Rows that say nothing of a person beyond an id, or that end by themselves."""

    async def leave(_: Person) -> None: ...

    return Keeping(model, Then.STAYS, leave, why, since=since, kept=kept)


def forgetter(keeping: Sequence[Keeping]) -> Callable[[], Awaitable[None]]:
    """Due work, once an hour: what was kept long enough."""
    limited = [one for one in keeping if one.kept is not None]
    done_in: set[datetime] = set()

    async def forget_due() -> None:
        hour = clock.rounded_down(clock.now(), HOUR)
        if hour not in done_in:
            for one in limited:
                while await _forget(one) == AT_ONCE:
                    continue
            done_in.clear()
            done_in.add(hour)

    return forget_due


@transaction
async def _forget(one: Keeping) -> int:
    """Some rows that nobody else is forgetting; how many."""
    over = one.model.filter(one.is_over()).order_by(one.since).limit(AT_ONCE)
    ids = [row.pk for row in await over.select_for_update(skip_locked=True)]
    these = one.model.filter(pk__in=ids)
    if ids:
        await (these.update(**one.blank) if one.blank else these.delete())
    return len(ids)


def _names(person: Person, columns: Sequence[str]) -> Q:
    if not columns:
        raise NobodyNamed
    theirs: list[dict[str, Any]] = [{column: person.id} for column in columns]
    return Q(*(Q(**one) for one in theirs), join_type="OR")
