"""Places: the first ones of a board, and the reader's own with those around it.

Nothing tells how many are ranked. Who reads the same board at the same time is answered together,
and the first places are kept for as long as everybody who has one stands as they stood.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from core.database import sql, versions
from core.database.versions import Kept, Memos
from core.people import Person, Team
from core.together import Together
from gamify.boards import boards, listings
from gamify.boards.boards import NOBODY, Kind, Measure, Scope
from gamify.boards.listings import Listed
from gamify.boards.scores import UNIT
from gamify.boards.spans import Period, Span

Owner = Person | Team
Owners = Mapping[UUID, Owner | None]


class Place(NamedTuple):
    """Of a person, null where they are not named, or of a team."""

    rank: int
    score: float
    person: Person | None
    team: Team | None
    is_viewers: bool


class Top(NamedTuple):
    """The first places, as all see them who have none of these, or as one of those who have."""

    places: Sequence[Place]
    told: Memos | None


class Standing(NamedTuple):
    """A board as somebody sees it."""

    kind: Kind
    period: Period
    is_closed: bool
    top: Top
    viewer_places: Sequence[Place]

    @property
    def told(self) -> Memos | None:
        """What is told of all but the viewer's own places."""
        return self.top.told

    @property
    def places(self) -> Sequence[Place]:
        return self.top.places

    @property
    def measure(self) -> Measure:
        return self.kind.measure

    @property
    def scope(self) -> Scope:
        return self.kind.scope

    @property
    def span(self) -> Span:
        return self.kind.span

    @property
    def begins_on(self) -> date:
        return self.period.begins_on

    @property
    def ends_on(self) -> date:
        return self.period.ends_on

    @property
    def viewer_place(self) -> Place | None:
        return next((place for place in self.viewer_places if place.is_viewers), None)


OWNERS: Kept[str | None, Owner] = Kept(room=2000)
TOPS: Kept[tuple[Any, ...], Top] = Kept(room=100)


async def standing(kind: Kind, on: date | None, *, first: int, viewer: Person) -> Standing:
    """The running board, or that of the period that held a day. Raises NotYet, PrivateMeasure."""
    owner = viewer.id if kind.scope is Scope.PEOPLE else viewer.team_id
    return await _readers(kind, boards.period(kind, on), first).ask(owner or NOBODY)


@lru_cache(maxsize=100)
def _readers(kind: Kind, period: Period, first: int) -> Together[UUID, Standing]:
    return Together(partial(of, kind, period, first))


async def of(
    kind: Kind, period: Period, first: int, owner_ids: Sequence[UUID] = (NOBODY,)
) -> list[Standing]:
    """As each of these people or teams sees it."""
    board_id = boards.id_of(kind, period.begins_on)
    is_closed, listed = await listings.read(board_id, kind.scope, owner_ids, first=first)
    owners = await _owners(kind.scope, listed)
    lists = {str(seat): [*those] for seat, those in groupby(listed, attrgetter("seat"))}
    firsts = lists.pop(str(None), [])
    among, top = {one.owner_id for one in firsts}, partial(_top, (board_id, is_closed), firsts)
    for_others = top(None, owners)
    standings = []
    for id in owner_ids:
        around = lists.get(str(id), [])
        own = next((one for one in around if one.own_rank), None)
        seen = top(own, owners) if own and own.owner_id in among else for_others
        places = [*_ranked(around, _first_rank(around, own), own, owners)]
        standings.append(Standing(kind, period, is_closed, seen, places))
    return standings


async def _owners(scope: Scope, listed: Sequence[Listed]) -> Owners:
    """Kept, or read; whoever changes in this very moment is not found in this version again."""
    found = {one.owner_id: OWNERS.get(one.version) for one in listed}
    missing = {one.owner_id: one.version for one in listed if not found[one.owner_id]}
    model: type[Owner] = Person if scope is Scope.PEOPLE else Team
    read = await sql.in_bulk(model, (UUID(str(id)) for id in missing))
    for id, version in missing.items():
        found[id] = owner = read.get(UUID(str(id)))
        if owner and version:
            versions.keep(owner)
            OWNERS.put(version, owner)
    return found


def _top(
    board: tuple[UUID, bool], firsts: Sequence[Listed], own: Listed | None, owners: Owners
) -> Top:
    """Kept, or made."""
    which = (*board, own and own.id, *firsts)
    if known := TOPS.get(which):
        return known
    stands = all(one.version for one in firsts)
    top = Top([*_ranked(firsts, 1, own, owners)], {} if stands else None)
    if stands:
        TOPS.put(which, top)
    return top


def _ranked(
    listed: Iterable[Listed], rank: int, own: Listed | None, owners: Owners
) -> Iterator[Place]:
    """Those who share a value share a rank."""
    before: Listed | None = None
    for one in listed:
        if before and one.value != before.value:
            rank += before.shared_by
        before = one
        is_own = own is not None and one.id == own.id
        owner = owners[one.owner_id] if one.is_named or is_own else None
        person, team = (owner, None) if isinstance(owner, Person) else (None, owner)
        yield Place(rank, one.value / UNIT, person, team, is_own)


def _first_rank(around: Sequence[Listed], own: Listed | None) -> int:
    """The rank of the first, told from one's own."""
    if own is None:
        return 0
    above = {
        one.value: one.shared_by for one in takewhile(lambda one: one.value > own.value, around)
    }
    return int(own.own_rank or 0) - sum(above.values())
