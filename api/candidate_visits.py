"""Visits: what every page of a candidate knows of who opens it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from api import candidate_words, html_pages
from api.answers import STATUS
from api.html_pages import LANGUAGES
from core import settings
from core.errors import NotFound, Refused
from core.text import Language, Text, negotiate

DAY = Text(
    "{d.day} {month} {d.year}", "{d.year}年{d.month}月{d.day}日", "{d.year}年{d.month}月{d.day}日"
)
MOMENT = Text("{day}, {time}", "{day} {time}", "{day} {time}")
MONTHS = "January February March April May June July August September October November December"

LARGE = 11_000_000  # bytes of a form with a résumé

#: Where on a page a refusal belongs.
FIELDS = {
    "CONSENT_FIRST": "agreed",
    "NOT_A_PHONE": "phone",
    "WRONG_CODE": "code",
    "NOTHING_WRITTEN": "name",
    "TOO_LONG": "name",
    "NOT_A_RESUME": "resume",
    "RESUME_TOO_LARGE": "resume",
    "ACTIVE_PDF": "resume",
    "DAMAGED_PDF": "resume",
    "LOCKED_PDF": "resume",
    "PDFS_BUSY": "resume",
    "PICTURES_BUSY": "resume",
    "DAMAGED_PICTURE": "resume",
    "PICTURE_TOO_LARGE": "resume",
    "TOO_MANY_PIXELS": "resume",
}


@dataclass(frozen=True)
class Visit:
    code: str
    language: Language
    path: str
    query: Mapping[str, str]

    @classmethod
    def of(cls, request: Request) -> Self:
        return cls(
            request.path_params["code"], _language(request), request.url.path, request.query_params
        )

    @cached_property
    def words(self) -> dict[str, str]:
        return candidate_words.words(self.language)

    def place(self, beyond: str = "") -> str:
        """A page of the same link, in the same language."""
        return f"/r/{self.code}{beyond}?{urlencode({'lang': self.language})}"

    def here(self, beyond: str = "") -> str:
        """This page, or one beneath it."""
        return f"{self.path}{beyond}?{urlencode({**self.query, 'lang': self.language})}"

    def in_language(self, language: Language) -> str:
        """This page in another one."""
        return f"{self.path}?{urlencode({**self.query, 'lang': language})}"

    def day(self, day: date) -> str:
        return DAY.to(self.language, d=day, month=MONTHS.split()[day.month - 1])

    def moment(self, moment: datetime) -> str:
        """In the time zone of the organisation."""
        local = moment.astimezone(ZoneInfo(settings.current().time_zone))
        return MOMENT.to(self.language, day=self.day(local.date()), time=f"{local:%H:%M}")


def status(refused: Refused | None) -> int:
    return STATUS[refused.kind] if refused else 200


def fault(visit: Visit, refused: Refused | None) -> dict[str, Any]:
    """What a page says of it, and where."""
    if refused is None:
        return {"fault": None, "at": None}
    return {"fault": refused.message(visit.language), "at": FIELDS.get(refused.code)}


def address(request: Request) -> str:
    return request.client.host if request.client else ""


def shown_phone(phone: str) -> str:
    """Enough of it for its owner to see a slip."""
    return f"{phone[:3]} **** {phone[-4:]}"


def gone(visit: Visit, refused: NotFound) -> Response:
    message = refused.message(visit.language)
    return html_pages.page("gone", visit.language, status=404, visit=visit, message=message)


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    return negotiate(request.headers.get("accept-language", ""))
