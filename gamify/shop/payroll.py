"""Payroll: what everybody was given in a period, and which prizes people choose."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from core import pages, settings
from core.database.sql import Statement
from core.pages import Connection, Page
from core.rankings import Ranking

SHOWN = 50  # prizes
DAY = timedelta(days=1)


class TaxableValue(NamedTuple):
    """What one person was handed in a period, in cents."""

    id: UUID
    value_cents: int
    prize_count: int


class Popularity(NamedTuple):
    """How often a prize was ordered, and for how many points."""

    reward_id: UUID
    order_count: int
    points: int


WORTH = Ranking("taxable values", "value_cents")
WORTHS = """
    SELECT buyer_id, SUM(value_cents){0} AS worth, COUNT(*) FROM redemption
    WHERE state = 'FULFILLED' AND moved_at >= :since AND moved_at < :until
    GROUP BY buyer_id HAVING SUM(value_cents) < :worth OR SUM(value_cents) = :worth
        AND buyer_id < :id
    ORDER BY worth DESC, buyer_id DESC LIMIT :most
"""
GIVEN = Statement(WORTHS.format("::bigint"), sqlite=WORTHS.format(""))

ORDERED = """
    SELECT reward_id, COUNT(*) AS ordered, SUM(price){0} FROM redemption
    WHERE state IN ('REQUESTED', 'APPROVED', 'READY', 'FULFILLED')
        AND requested_at >= :since AND requested_at < :until
    GROUP BY reward_id ORDER BY ordered DESC, reward_id LIMIT :most
"""
CHOSEN = Statement(ORDERED.format("::bigint"), sqlite=ORDERED.format(""))


async def taxable_values(since: date, until: date, *, page: Page) -> Connection[TaxableValue]:
    """What was handed out and not taken back from one day to another, both included."""
    worth, behind = WORTH.place(page)
    period = {"since": _midnight(since), "until": _midnight(until + DAY)}
    found = await GIVEN.rows(**period, worth=worth, id=behind, most=page.first + 1)
    rows = [TaxableValue(UUID(str(id)), *figures) for id, *figures in found]
    return pages.cut(rows, WORTH, page)


async def popularity(since: date, until: date) -> list[Popularity]:
    """The prizes that were ordered most, those not that came to nothing."""
    period = {"since": _midnight(since), "until": _midnight(until + DAY)}
    found = await CHOSEN.rows(**period, most=SHOWN)
    return [Popularity(UUID(str(id)), *figures) for id, *figures in found]


def _midnight(day: date) -> datetime:
    zone = ZoneInfo(settings.current().time_zone)
    return datetime.combine(day, time(), zone).astimezone(UTC)
