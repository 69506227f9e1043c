"""The moderation queue: open cases, the heaviest first, of these the oldest.

A moderator sees no case in which they have a part: no words of their own or of their reporting
line, and nothing that they reported themselves.
"""

from struct import pack, unpack
from typing import Any
from uuid import UUID

from community import authors, groups, moderation_cases, reporters
from community.groups import Group
from community.moderation_cases import CaseNotFound, Matter, ModerationCase
from core import cursors, pages
from core.database.sql import Statement
from core.pages import EARLIEST, Connection, Listing, Page
from core.people import Grants, Person
from core.personnel import reporting_lines

HEAVIEST = 2**31 - 1
PLACE = ">IQ16s"


class Heaviest(Listing):
    """Ordered by (weight, moment, id)."""

    __slots__ = ()

    def cursor(self, row: Any) -> str:
        place = pack(PLACE, row.weight, pages.microseconds(row.opened_at), row.id.bytes)
        return cursors.closed(place, listing=self.name)

    def start(self, page: Page) -> dict[str, Any]:
        weight, at, id = HEAVIEST, *EARLIEST
        if page.after is not None:
            weight, at, id = unpack(PLACE, cursors.opened(page.after, listing=self.name))
            at, id = pages.moment(at), UUID(bytes=id)
        return {"weight": weight, "start_at": at, "start_id": id, "most": page.first + 1}

    def behind(self, table: str) -> str:
        return f"""{table}.weight <= :weight AND ({table}.weight < :weight
            OR ({table}.opened_at, {table}.id) > (:start_at, :start_id))"""

    def ordered(self, table: str) -> str:
        return f"ORDER BY {table}.weight DESC, {table}.opened_at, {table}.id"


QUEUE = Heaviest("moderation queue", "opened_at")

#: In SQL: cases that this reader may moderate.
IMPARTIAL = f"""
    moderation_case JOIN community_group ON community_group.id = moderation_case.group_id
    AND {groups.OPEN} AND moderation_case.weight > 0
    AND (moderation_case.author_id IS NULL
         OR moderation_case.author_id NOT IN (SELECT id FROM line))
    AND NOT EXISTS (SELECT 1 FROM report
                    WHERE report.case_id = moderation_case.id AND report.reporter = :mark)
"""
OPEN = pages.Listed(
    f"""WITH RECURSIVE {reporting_lines.LINE}
    SELECT moderation_case.* FROM {IMPARTIAL} WHERE moderation_case.verdict IS NULL""",
    ModerationCase,
    QUEUE,
)
ONE = Statement(
    f"""WITH RECURSIVE {reporting_lines.LINE}
    SELECT moderation_case.*, community_group.* FROM {IMPARTIAL}
    WHERE moderation_case.id = :case""",
    ModerationCase,
    Group,
)


def reader(moderator: Person) -> dict[str, Any]:
    """The values of `IMPARTIAL`."""
    return groups.reader(moderator) | {"mark": reporters.mark(moderator)}


async def listed(*, to: Person, page: Page) -> Connection[ModerationCase]:
    return await OPEN.read(page, **reader(to))


async def reached(case_id: UUID, *, by: Person) -> Matter:
    """The one way to reach a case on a moderator's behalf."""
    found = await ONE.rows(**reader(by), case=case_id) if by.may(Grants.MODERATOR) else []
    for case, group in found:
        [row] = await moderation_cases.shown([case])
        if not authors.wrote(by, row):
            return Matter(case, row, group)
    raise CaseNotFound
