"""Tickets: a phone on its way from one page to the next, so that nothing is stored in between."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import NamedTuple

import orjson

from core import clock
from core.crypto import sealing
from core.crypto.sealing import BrokenSeal
from core.errors import Conflict
from core.text import Text

LASTS = timedelta(minutes=30)


class TicketExpired(Conflict):
    text = Text(
        "Too much time has passed. Please ask for a new code.",
        "时间过得太久了，请重新获取验证码。",
        "時間過得太久了，請重新取得驗證碼。",
    )


class Ticket(NamedTuple):
    phone: str  # E.164
    returning: bool  # who has applied already, or who is about to


def issue(ticket: Ticket, *, code: str) -> str:
    until = (clock.now() + LASTS).timestamp()
    content = orjson.dumps([*ticket, until])
    return urlsafe_b64encode(sealing.closed("candidate", content, bound_to=_bond(code))).decode()


def read(issued: str, *, code: str) -> Ticket:
    """Raises TicketExpired, for whatever else it may be."""
    try:
        kept = urlsafe_b64decode(issued.encode())
        phone, returning, until = orjson.loads(
            sealing.opened("candidate", kept, bound_to=_bond(code))
        )
    except (ValueError, BrokenSeal):
        raise TicketExpired from None
    if clock.now().timestamp() > until:
        raise TicketExpired
    return Ticket(phone, returning)


def _bond(code: str) -> bytes:
    """The link that it was issued for."""
    return f"ticket:{code}".encode()
