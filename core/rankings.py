"""Rankings: lists that are ordered by a number instead of a moment, the highest first."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import cursors
from core.pages import Listing, Page

HIGHEST = 2**62, UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Ranking(Listing):
    def cursor(self, row: Any) -> str:
        number: int = getattr(row, self.column)
        return cursors.closed(number.to_bytes(8, "big") + row.id.bytes, listing=self.name)

    def place(self, page: Page) -> tuple[int, UUID]:
        """Behind which a page begins."""
        if page.after is None:
            return HIGHEST
        plain = cursors.opened(page.after, listing=self.name)
        return int.from_bytes(plain[:8], "big"), UUID(bytes=plain[8:])

    def start(self, page: Page) -> dict[str, Any]:
        number, id = self.place(page)
        return {"start_at": number, "start_id": id, "most": page.first + 1}

    def behind(self, table: str) -> str:
        return f"({table}.{self.column}, {table}.id) < (CAST(:start_at AS bigint), :start_id)"
