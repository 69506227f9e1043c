"""Tallies: how often, for how many and on how many days somebody did what a badge is for."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.database.sql import Statement
from gamify.badges.badges import Badge
from gamify.badges.criteria import Tally
from gamify.badges.deeds import DeedKind

COUNTED = """
    SELECT wanted.number, deed.person_id, COUNT(*), COUNT(DISTINCT deed.confirmed_by),
        COUNT(DISTINCT deed.day), COUNT(DISTINCT deed.week)
    FROM {wanted} JOIN deed ON deed.day >= wanted.since AND {kind}
    WHERE NOT deed.is_taken_back {whose} AND (wanted.tag IS NULL OR EXISTS (
        SELECT 1 FROM deed_tag WHERE deed_tag.deed_id = deed.id AND deed_tag.tag_id = wanted.tag
    ))
    GROUP BY wanted.number, deed.person_id
"""
POSTGRES = {
    "wanted": "unnest(:kinds::text[], :tags::uuid[], :since::date[]) WITH ORDINALITY "
    "AS wanted (kinds, tag, since, number)",
    "kind": "strpos(wanted.kinds, deed.kind) > 0",
}
SQLITE = {
    "wanted": "(SELECT key + 1 AS number, value AS kinds, "
    "json_extract(:tags, '$[' || key || ']') AS tag, "
    "json_extract(:since, '$[' || key || ']') AS since FROM json_each(:kinds)) AS wanted",
    "kind": "instr(wanted.kinds, deed.kind) > 0",
}


def _statement(whose: str) -> Statement:
    return Statement(
        COUNTED.format(whose=whose, **POSTGRES),
        sqlite=COUNTED.format(whose=whose, **SQLITE),
    )


OF_SOME = _statement("AND deed.person_id = ANY(:people)")
OF_ALL = _statement("")

Tallies = Mapping[UUID, Tally]


async def of(badges: Sequence[Badge], person_ids: Sequence[UUID]) -> Sequence[Tallies]:
    """For each badge what each of these people did, if anything."""
    return await _read(badges, OF_SOME, people=person_ids)


async def of_all(badge: Badge) -> Tallies:
    """What everybody did."""
    [found] = await _read([badge], OF_ALL)
    return found


async def _read(
    badges: Sequence[Badge], statement: Statement, **whose: object
) -> Sequence[Tallies]:
    criteria = [badge.criteria for badge in badges]
    found: list[dict[UUID, Tally]] = [{} for _ in badges]
    rows = await statement.rows(
        kinds=[" ".join(one.deeds or DeedKind) for one in criteria],
        tags=[one.tag_id for one in criteria],
        since=[badge.counts_from for badge in badges],
        **whose,
    )
    for number, person_id, *figures in rows:
        found[number - 1][UUID(str(person_id))] = Tally(*figures)
    return found
