"""Figure hooks: another system tells figures itself, signed, each delivery once.

The signature is `t=SECONDS,v1=HEX`: HMAC-SHA256 with the shared secret over `SECONDS.BODY`.
"""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from tortoise import fields
from tortoise.models import Model

from core import clock, settings
from core.database import inserts
from core.errors import Invalid, NotFound, Unauthenticated
from core.sheets import dates
from core.sheets.dates import DateOrder
from core.sheets.rejects import Fault
from core.text import Text
from core.transactions import transaction
from gamify.measures import figure_cells, figure_imports
from gamify.measures.figure_columns import Field
from gamify.measures.figure_files import READERS, Entry
from gamify.measures.figure_imports import Change, Kind

FRESH = timedelta(minutes=5)  # as long as a signature holds
KEPT = timedelta(days=2)
SECONDS = re.compile(r"\d{1,12}", re.ASCII)
MOST = figure_imports.BATCH
NEEDED = (Field.NUMBER, Field.DATE, Field.VOLUME, Field.ON_DUTY, Field.SCHEDULED)


class FigureDelivery(Model):
    id = fields.CharField(max_length=100, primary_key=True, description="the other system's own")
    at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "figure_delivery"


class NoFiguresTaken(NotFound):
    text = Text("No figures are taken here.", "此处不接收业务数据。", "這裡不接收業務數據。")


class FiguresNotSigned(Unauthenticated):
    text = Text(
        "The signature is not right, or too old.", "签名不正确或已过期。", "簽章不正確或已過期。"
    )


class BadFigures(Invalid):
    text = Text(
        f"This is not JSON with an `id` and 1 to {MOST} `figures`.",
        f"内容应为 JSON，包含 id 和 1 到 {MOST} 条 figures。",
        f"內容應為 JSON，包含 id 和 1 到 {MOST} 筆 figures。",
    )


class Rejected(NamedTuple):
    """The place in what was sent, from 0, and why it was not taken."""

    place: int
    reasons: Sequence[str]


class Taken(NamedTuple):
    new: int
    restated: int
    unchanged: int
    rejected: Sequence[Rejected]
    is_repeated: bool = False


async def take(body: bytes, signature: str) -> Taken:
    """Raises NoFiguresTaken, FiguresNotSigned, BadFigures."""
    check(body, signature)
    try:
        sent = orjson.loads(body)
        id, rows = str(sent["id"])[:100], list(sent["figures"])
        entries = [_entry(index, row) for index, row in enumerate(rows)]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise BadFigures from None
    if not id or "\0" in id or not 1 <= len(entries) <= MOST:
        raise BadFigures
    return await _take(id, entries)


def check(body: bytes, signature: str) -> None:
    """Raises NoFiguresTaken, FiguresNotSigned."""
    secret = settings.current().figures_secret.get_secret_value()
    if not secret:
        raise NoFiguresTaken
    said = dict(part.partition("=")[::2] for part in signature.replace(" ", "").split(","))
    at, given = said.get("t", ""), said.get("v1", "")
    expected = hmac.new(secret.encode(), at.encode() + b"." + body, "sha256").hexdigest()
    if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
        raise FiguresNotSigned
    if not SECONDS.fullmatch(at) or abs(clock.now().timestamp() - int(at)) > FRESH.total_seconds():
        raise FiguresNotSigned


async def forget() -> None:
    """Due work: a delivery sent again now is refused for its age."""
    await FigureDelivery.filter(at__lt=clock.now() - KEPT).delete()


@transaction
async def _take(id: str, entries: Sequence[Entry]) -> Taken:
    if not await inserts.added(FigureDelivery(id=id, at=clock.now())):
        return Taken(0, 0, 0, (), is_repeated=True)
    seen: dict[Any, Any] = {}
    checked = [figure_imports.unless_repeated(entry, seen) for entry in entries]
    outcomes = await figure_imports.applied(checked)
    kinds = [one.kind for one in outcomes if isinstance(one, Change)]
    rejected = [
        Rejected(one.row, [fault.refused.message("en") for fault in one.faults])
        for one in outcomes
        if one.faults
    ]
    new, restated, unchanged = map(kinds.count, Kind)
    return Taken(new, restated, unchanged, rejected)


def _entry(index: int, sent: dict[str, Any]) -> Entry:
    """As a row of a file; a number is read as it is written."""
    entry = Entry(index, [])
    said: dict[Field, Any] = {}
    for name in Field:
        cell = "" if sent.get(name) is None else str(sent[name])
        if cell or name in NEEDED:
            try:
                said[name] = _value(name, cell)
            except Invalid as refused:
                entry.faults.append(Fault(name, refused))
    entry.number, entry.day = said.pop(Field.NUMBER, ""), said.pop(Field.DATE, None)
    entry.values = {name.value: value for name, value in said.items()}
    return entry


def _value(name: Field, cell: str) -> Any:
    if name is Field.DATE:
        return figure_cells.day(dates.read(cell, DateOrder.YEAR_FIRST))
    return READERS[name](cell)
