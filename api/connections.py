"""Lists that can grow, as clients page through them."""

from typing import ClassVar, Generic, TypeVar

from api.views import view
from core import pages

T = TypeVar("T")


@view(pages.PageInfo)
class PageInfo:
    steady: ClassVar = True

    has_next_page: bool
    end_cursor: str | None


@view(pages.Edge)
class Edge(Generic[T]):
    passes_on: ClassVar = True
    steady: ClassVar = True

    cursor: str
    node: T


@view(pages.Connection)
class Connection(Generic[T]):
    passes_on: ClassVar = True
    steady: ClassVar = True

    edges: list[Edge[T]]
    page_info: PageInfo
