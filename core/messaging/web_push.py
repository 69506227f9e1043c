"""Web Push: encrypted for a device (RFC 8291 and 8188), signed by this installation (RFC 8292)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from os import urandom
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core import clock, outbound
from core.crypto import keys
from core.errors import Invalid
from core.messaging.channels import AddressGone, Message, Rejected, Target
from core.outbound import NotReachable
from core.text import Text

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of its points
LENGTH = 512  # bytes of what is encrypted, padding included, so that all look alike
RECORD = 4096
TOLD_FOR = 24 * 3600  # seconds that a push service keeps a message, and ...
SIGNED_FOR = 12 * 3600  # ... for which our signature is good
SECRET = 16  # bytes of the device's own

GONE = {404, 410}
FINAL = {400, 401, 403, 413}


class BadSubscription(Invalid):
    text = Text(
        "This is not a push subscription of a browser.",
        "这不是有效的浏览器推送订阅。",
        "這不是有效的瀏覽器推播訂閱。",
    )


class Subscription(NamedTuple):
    """A browser's: its endpoint, and its key and secret in base64url."""

    endpoint: str
    key: str
    secret: str

    def check(self) -> Self:
        """Raises BadSubscription."""
        try:
            is_web = urlsplit(self.endpoint).scheme in {"https", "http"}
            _point(bytes_of(self.key))
            is_right = is_web and len(bytes_of(self.secret)) == SECRET
        except ValueError:
            is_right = False
        if not is_right:
            raise BadSubscription
        return self


class WebPush:
    def __init__(self, contact: str, *, private: bool) -> None:
        """The contact is for those who run push services: mailto:… or https://…"""
        self.contact = contact
        self.private = private

    async def send(self, target: Target, message: Message) -> None:
        subscription = Subscription(target["endpoint"], target["key"], target["secret"])
        content = orjson.dumps({"text": message.text, "isUrgent": message.is_urgent})
        answer = await outbound.ask(
            "POST",
            subscription.endpoint,
            content=encrypted(content, subscription),
            headers={
                "authorization": self._signature(subscription, int(target["version"])),
                "content-encoding": "aes128gcm",
                "content-type": "application/octet-stream",
                "ttl": str(TOLD_FOR),
                "urgency": "high" if message.is_urgent else "normal",
            },
            private=self.private,
        )
        if answer.status in GONE:
            raise AddressGone
        if answer.status in FINAL:
            raise Rejected(f"HTTP {answer.status}")
        if answer.status >= 300:  # noqa: PLR2004  # what HTTP calls anything but success
            raise NotReachable(f"HTTP {answer.status}")

    def _signature(self, subscription: Subscription, version: int) -> str:
        url = urlsplit(subscription.endpoint)
        until = int(clock.now().timestamp()) + SIGNED_FOR
        claims = {"aud": f"{url.scheme}://{url.netloc}", "exp": until, "sub": self.contact}
        head = orjson.dumps({"typ": "JWT", "alg": "ES256"})
        told = f"{text_of(head)}.{text_of(orjson.dumps(claims))}"
        r, s = decode_dss_signature(_own(version).sign(told.encode(), ec.ECDSA(hashes.SHA256())))
        signed = text_of(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={told}.{signed}, k={public_key(version)}"


def public_key(version: int | None = None) -> str:
    """What a browser subscribes with; it stays bound to that version."""
    return text_of(_bytes(_own(version).public_key()))


def version() -> int:
    return keys.ring("push").current_version


def encrypted(
    content: bytes,
    subscription: Subscription,
    *,
    once: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
    length: int = LENGTH,
) -> bytes:
    """RFC 8291, section 3.4; key and salt are new each time."""
    once, salt = once or ec.generate_private_key(CURVE), salt or urandom(16)
    theirs, ours = bytes_of(subscription.key), _bytes(once.public_key())
    shared = once.exchange(ec.ECDH(), _point(theirs))
    info = b"WebPush: info\0" + theirs + ours
    material = _derived(shared, bytes_of(subscription.secret), info, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    padded = (content + b"\2").ljust(length, b"\0")
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, padded, None)


def bytes_of(text: str) -> bytes:
    """Raises ValueError."""
    return urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))


def text_of(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _own(version: int | None) -> ec.EllipticCurvePrivateKey:
    secret = int.from_bytes(keys.ring("push").key(version), "big")
    return ec.derive_private_key(secret % (ORDER - 1) + 1, CURVE)


def _point(content: bytes) -> ec.EllipticCurvePublicKey:
    """Raises ValueError."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, content)


def _bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
