"""Codes: what proves who somebody is before there is a password. Stored are keyed hashes only."""

import hmac
import re
from unicodedata import normalize

from core.crypto import keys
from core.errors import Unauthenticated
from core.text import Text


class WrongCode(Unauthenticated):
    text = Text(
        "This code is not right, or no longer good.",
        "该码不正确或已失效。",
        "該碼不正確或已失效。",
    )


def keyed(kind: str, value: str) -> str:
    return hmac.new(keys.secret("token"), f"{kind}:{value}".encode(), "sha256").hexdigest()


def bare(code: str) -> str:
    """The code itself, however it was copied or typed."""
    return re.sub(r"[\W_]", "", normalize("NFKC", code)).upper()
