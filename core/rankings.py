"""Rankings: lists that are ordered by a number instead of a moment, the highest first."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from core import cursors
from core.pages import Listing, Page


@dataclass(frozen=True, slots=True)
class Ranking(Listing):
    def cursor(self, row: Any) -> str:
        number: int = getattr(row, self.column)
        return cursors.closed(number.to_bytes(8, "big") + row.id.bytes, listing=self.name)

    def beyond(self, page: Page) -> Q:
        if page.after is None:
            return Q()
        plain = cursors.opened(page.after, listing=self.name)
        number, id = int.from_bytes(plain[:8], "big"), UUID(bytes=plain[8:])
        lower: dict[str, Any] = {f"{self.column}__lt": number}
        beside: dict[str, Any] = {self.column: number, "id__lt": id}
        return Q(**lower) | Q(**beside)
