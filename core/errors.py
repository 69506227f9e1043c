"""Refusals: what a caller can understand and act on.

    Refused
    ├── NotFound           it is not there, or not yours to see
    ├── Forbidden          it is there, and you may not
    ├── Conflict           it clashes with what already is
    ├── Invalid            the input itself is wrong
    ├── Unauthenticated    nobody knows who is asking
    └── Busy               not now; later it may be granted

A domain raises subclasses of its own, named as what is so. Anything else that escapes is a bug.
"""

from enum import StrEnum
from re import sub
from typing import ClassVar

from core.text import Language, Text


class Kind(StrEnum):
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    INVALID = "INVALID"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    BUSY = "BUSY"


class Refused(Exception):
    """`kind` and `code` are for programs, `text` is for people, `facts` fill its blanks."""

    kind: ClassVar[Kind]
    code: ClassVar[str]
    text: ClassVar[Text]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def __init_subclass__(cls) -> None:
        cls.code = sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()

    def message(self, language: Language) -> str:
        return self.text.to(language, **self.facts)


class NotFound(Refused):
    kind = Kind.NOT_FOUND


class Forbidden(Refused):
    kind = Kind.FORBIDDEN


class Conflict(Refused):
    kind = Kind.CONFLICT


class Invalid(Refused):
    kind = Kind.INVALID


class Unauthenticated(Refused):
    kind = Kind.UNAUTHENTICATED


class Busy(Refused):
    kind = Kind.BUSY


class ServiceBusy(Busy):
    text = Text(
        "The service is busy. Please try again in a moment.",
        "服务繁忙，请稍后再试。",
        "服務繁忙，請稍後再試。",
    )
