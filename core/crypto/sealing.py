"""Sealing: what can be read only with a key that is not in the database.

Sealed is AES-256-GCM behind the version of its key and a nonce, bound to what it belongs to.
"""

from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.crypto import keys
from core.crypto.keys import Purpose

VERSION, NONCE = 2, 12  # bytes


class BrokenSeal(Exception):
    """It was changed, belongs to something else, or its key is gone."""


def closed(purpose: Purpose, content: bytes, *, bound_to: bytes) -> bytes:
    ring, nonce = keys.ring(purpose), urandom(NONCE)
    version = ring.current_version.to_bytes(VERSION, "big")
    return version + nonce + AESGCM(ring.key()).encrypt(nonce, content, bound_to)


def opened(purpose: Purpose, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Raises BrokenSeal."""
    nonce, content = sealed[VERSION : VERSION + NONCE], sealed[VERSION + NONCE :]
    try:
        return AESGCM(keys.ring(purpose).key(version(sealed))).decrypt(nonce, content, bound_to)
    except (InvalidTag, KeyError, ValueError):
        raise BrokenSeal from None


def version(sealed: bytes) -> int:
    """Of the key that it was closed with."""
    return int.from_bytes(sealed[:VERSION], "big")


def renewed(purpose: Purpose, sealed: bytes, *, bound_to: bytes) -> bytes:
    """The same under the current key. Raises BrokenSeal."""
    return closed(purpose, opened(purpose, sealed, bound_to=bound_to), bound_to=bound_to)
