"""Share figures: which channel works, without saying how anybody's own links do."""

from datetime import timedelta
from typing import NamedTuple

from core import clock
from core.database.sql import Statement
from referrals.candidates import Stage
from referrals.links import ShareChannel

LEAST = 5  # sharers of whom is told how often their links were opened
LATELY = timedelta(days=365)  # since a link was made
STEP = 10  # to which that is rounded down, so that a day tells of nobody's link


class Figure(NamedTuple):
    channel: ShareChannel
    applications: int
    hires: int
    sharers: int | None
    visits: int | None


SHARED = Statement("""
    SELECT channel, count(DISTINCT person_id), sum(visit_count)
    FROM referral_link WHERE made_at >= :since GROUP BY channel
""")
APPLIED = Statement("""
    SELECT channel, count(*), sum(CASE WHEN stage = :hired THEN 1 ELSE 0 END)
    FROM candidate JOIN referral_link ON referral_link.id = link_id
    WHERE made_at >= :since GROUP BY channel
""")


async def all_() -> list[Figure]:
    """Each channel, of links made within a year.

    Who applied is HR's business anyway, who opened whose link is not.
    """
    since = clock.now() - LATELY
    found = await SHARED.rows(since=since)
    shared = {channel: (sharers, visits) for channel, sharers, visits in found}
    found = await APPLIED.rows(since=since, hired=Stage.HIRED)
    applied = {channel: (applications, hires) for channel, applications, hires in found}
    return [
        _told(channel, applied.get(channel, (0, 0)), shared.get(channel, (0, 0)))
        for channel in ShareChannel
    ]


def _told(channel: ShareChannel, applied: tuple[int, int], shared: tuple[int, int]) -> Figure:
    (applications, hires), (sharers, visits) = applied, shared
    if sharers < LEAST:
        return Figure(channel, applications, hires, None, None)
    return Figure(channel, applications, hires, sharers, int(visits) // STEP * STEP)
