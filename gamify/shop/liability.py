"""Liability: what is owed in points, when it expires, what it is worth, and how much breaks."""

from datetime import date
from typing import NamedTuple

from core import clock
from core.database.sql import Statement
from gamify import earn_years
from gamify.shop import terms


class Outstanding(NamedTuple):
    """Points that can be spent until a day, and their value in whole units of the currency."""

    expires_on: date
    points: int
    value: int


class Breakage(NamedTuple):
    """Of the points earned in a year, how many ended unspent, in per cent."""

    year: int
    earned: int
    lapsed: int

    @property
    def rate(self) -> float:
        return round(100 * self.lapsed / self.earned, 1) if self.earned else 0.0


class Liability(NamedTuple):
    as_of: date
    terms_version: int
    outstanding: list[Outstanding]
    pending_points: int
    reserved_points: int
    value: int
    breakage: list[Breakage]


OWED = Statement(
    """
    SELECT kind, year, SUM(balance)::bigint FROM account
    WHERE kind IN ('AVAILABLE', 'PENDING', 'RESERVED') AND balance > 0
    GROUP BY kind, year ORDER BY kind, year
""",
    sqlite="""
    SELECT kind, year, SUM(balance) FROM account
    WHERE kind IN ('AVAILABLE', 'PENDING', 'RESERVED') AND balance > 0
    GROUP BY kind, year ORDER BY kind, year
""",
)

LAPSED = """
    SELECT account.year,
        SUM(CASE WHEN amount > 0 AND transfer.reverses_id IS NULL THEN amount ELSE 0 END){0},
        SUM(CASE WHEN transfer.reason IN ('EXPIRED', 'LEFT_BEHIND') THEN -amount ELSE 0 END){0}
    FROM account JOIN posting ON posting.account_id = account.id
    JOIN transfer ON transfer.id = posting.transfer_id
    WHERE account.kind = 'AVAILABLE' GROUP BY account.year ORDER BY account.year
"""
BROKEN = Statement(LAPSED.format("::bigint"), sqlite=LAPSED.format(""))


async def now() -> Liability:
    """As it stands at this moment."""
    current, owed = await terms.current(), await OWED.rows()
    available = {year: points for kind, year, points in owed if kind == "AVAILABLE"}
    others = {kind: points for kind, _, points in owed if kind != "AVAILABLE"}
    value = current.value(sum(available.values()) + sum(others.values()))
    return Liability(
        as_of=clock.business_date(),
        terms_version=current.version,
        outstanding=[
            Outstanding(earn_years.last_day(year), points, current.value(points) // 100)
            for year, points in available.items()
        ],
        pending_points=others.get("PENDING", 0),
        reserved_points=others.get("RESERVED", 0),
        value=value // 100,
        breakage=[Breakage(*row) for row in await BROKEN.rows()],
    )
