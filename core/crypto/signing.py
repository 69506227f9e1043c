"""Links that whoever holds them may use for a short while."""

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

from core import clock
from core.crypto import keys
from core.errors import Forbidden
from core.text import Text

# One expiry for all links of a window: phones find in their cache what they have
# already loaded, and a link does not tell when it was asked for.
WINDOW = timedelta(minutes=10)

FOR_GOOD = "never"  # in place of an expiry


class LinkExpired(Forbidden):
    text = Text(
        "This link has expired. Please reload the page.",
        "链接已过期，请刷新后重试。",
        "連結已過期，請重新整理後再試。",
    )


class BadLink(Forbidden):
    text = Text("This link is not valid.", "链接无效。", "連結無效。")


def sign(name: str, *, expires: datetime) -> str:
    """The query string that opens `name` until `expires`, rounded up to a whole window."""
    until = str(_rounded_up(expires))
    return _link(keys.secret("signing"), name, until)


def verify(name: str, *, expires: str, signature: str) -> None:
    """Raises BadLink or LinkExpired."""
    expected = _signature(keys.secret("signing"), name, expires)
    if not compare_digest(expected.encode(), signature.encode(errors="replace")):
        raise BadLink
    if clock.now().timestamp() >= int(expires):
        raise LinkExpired


def mark(name: str) -> str:
    """What opens `name` for good."""
    return _signature(keys.secret("signing"), name, FOR_GOOD)


def check(name: str, given: str) -> None:
    """Raises BadLink unless this is the mark of `name`."""
    if not compare_digest(mark(name).encode(), given.encode(errors="replace")):
        raise BadLink


def _rounded_up(moment: datetime) -> int:
    window = int(WINDOW.total_seconds())
    return -int(-moment.timestamp() // window) * window


@lru_cache(maxsize=2000)
def _link(secret: bytes, name: str, until: str) -> str:
    """Many ask for the same within a window; what strangers send to be verified is not kept."""
    return f"expires={until}&signature={_signature(secret, name, until)}"


def _signature(secret: bytes, name: str, expires: str) -> str:
    said = json.dumps([name, expires]).encode()
    digest = hmac(secret, said, sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
