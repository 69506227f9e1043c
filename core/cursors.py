"""Cursors: places in a list, encrypted for that one list.

A cursor tells nothing and fits nowhere else; the same place always has the same cursor.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from functools import cache, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from core.crypto import keys
from core.errors import Invalid
from core.text import Text


class BadCursor(Invalid):
    text = Text(
        "This cursor does not belong to this list. Start again without it.",
        "该游标不属于此列表，请去掉它重新开始。",
        "該游標不屬於此列表，請去掉它重新開始。",
    )


def closed(place: bytes, *, listing: str) -> str:
    return _closed(keys.secret("cursor"), place, listing)


def opened(cursor: str, *, listing: str) -> bytes:
    """The place that a cursor of this list stands for. Raises BadCursor."""
    try:
        cipher = _siv(keys.secret("cursor"))
        return cipher.decrypt(urlsafe_b64decode(cursor.encode()), [listing.encode()])
    except (InvalidTag, NotBase64, ValueError):
        raise BadCursor from None


@lru_cache(maxsize=10_000)
def _closed(key: bytes, place: bytes, listing: str) -> str:
    return urlsafe_b64encode(_siv(key).encrypt(place, [listing.encode()])).decode()


@cache
def _siv(key: bytes) -> AESSIV:
    return AESSIV(key)
