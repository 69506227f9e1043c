"""Directories: lists in the order of names, by code points on both databases."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import cursors
from core.pages import Listing, Page

FIRST = "", UUID(int=0)


@dataclass(frozen=True, slots=True)
class Directory(Listing):
    """A list of what has a name, ordered by (name, id)."""

    column: str = 'name COLLATE "C"'
    newest_first: bool = False

    def cursor(self, row: Any) -> str:
        return cursors.closed(row.id.bytes + row.name.encode(), listing=self.name)

    def start(self, page: Page) -> dict[str, Any]:
        name, id = self._place(page.after) if page.after else FIRST
        return {"start_at": name, "start_id": id, "most": page.first + 1}

    def _place(self, cursor: str) -> tuple[str, UUID]:
        """Raises BadCursor."""
        plain = cursors.opened(cursor, listing=self.name)
        return plain[16:].decode(), UUID(bytes=plain[:16])
