"""Columns: which column of a file says what, by the header that somebody gave it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from unicodedata import normalize

from core.errors import Invalid
from core.text import Text

Field = TypeVar("Field", bound=StrEnum)

SHOWN = 300  # characters of the headers
REMARK = re.compile(r"[(\[（【].*?[)\]）】]|[\W_]+")


class MissingColumns(Invalid):
    text = Text(
        "No column of this file is known to hold: {columns}. Its headers: {headers}.",
        "文件中找不到这些列：{columns}。现有表头：{headers}。",
        "檔案中找不到這些欄：{columns}。現有表頭：{headers}。",
    )


@dataclass(frozen=True)
class Columns(Generic[Field]):
    """Which column holds which field, and the headers of those that say nothing to us."""

    headers: list[str]
    places: Mapping[Field, int]

    @property
    def ignored(self) -> list[str]:
        used = set(self.places.values())
        return [h for place, h in enumerate(self.headers) if h and place not in used]

    def header(self, field: Field) -> str:
        return self.headers[self.places[field]]


class Vocabulary(Generic[Field]):
    """The headers by which a field goes; of two columns for one, the earlier word here counts."""

    def __init__(self, words: Mapping[Field, str], *, required: Sequence[Sequence[Field]]) -> None:
        """Of each sequence in `required` one field has to be there."""
        self._first = {field: headers.split()[0] for field, headers in words.items()}
        self._fields = {word: field for field, said in words.items() for word in said.split()}
        self._strength = {word: place for place, word in enumerate(self._fields)}
        self._required = required

    def known(self, headers: list[str]) -> int:
        """How many fields these headers name."""
        return len({self._fields[key] for h in headers if (key := _key(h)) in self._fields})

    def mapped(self, headers: list[str]) -> Columns[Field]:
        """Raises MissingColumns."""
        keys = [(place, key) for place, h in enumerate(headers) if (key := _key(h)) in self._fields]
        keys.sort(key=lambda candidate: self._strength[candidate[1]], reverse=True)
        places = {self._fields[key]: place for place, key in keys}
        if missing := [fields[0] for fields in self._required if not places.keys() & {*fields}]:
            asked = ", ".join(f"{self._first[field]} ({field})" for field in missing)
            raise MissingColumns(columns=asked, headers=", ".join(filter(None, headers))[:SHOWN])
        return Columns(headers, dict(sorted(places.items(), key=lambda item: item[1])))


def _key(header: str) -> str:
    """`Employee No.`, `employee_no` and `EmployeeNo (required)` are one."""
    return REMARK.sub("", normalize("NFKC", header).casefold())
