from uuid import uuid4

import orjson
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from core.messaging import web_push
from core.messaging.channels import AddressGone, Message, Rejected
from core.messaging.web_push import (
    BadSubscription,
    Subscription,
    WebPush,
    bytes_of,
    encrypted,
    text_of,
)
from core.outbound import NotReachable
from tests.browsers import Browser
from tests.receivers import PUSH, receiving

MESSAGE = Message(uuid4(), "There is something new for you.")


def test_the_example_of_rfc_8291_comes_out_to_the_byte():
    once = ec.derive_private_key(
        int.from_bytes(bytes_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"),
        ec.SECP256R1(),
    )
    subscription = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    content = encrypted(
        b"When I grow up, I want to be a watermelon",
        subscription,
        once=once,
        salt=bytes_of("DGv6ra1nlYgDCS1FRnbzlw"),
        length=0,
    )
    assert text_of(content) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_a_device_reads_what_the_push_service_cannot():
    async with receiving(**PUSH) as receiver:
        browser = Browser(f"{receiver.url}/push/1")
        push = WebPush("mailto:ops@example.com", private=True)
        for urgent in (False, True):
            await push.send(browser.target, MESSAGE._replace(is_urgent=urgent))

    first, second = receiver.messages
    told = [orjson.loads(browser.read(sent.body)) for sent in receiver.messages]
    assert told == [
        {"text": MESSAGE.text, "isUrgent": False},
        {"text": MESSAGE.text, "isUrgent": True},
    ]
    assert len(first.body) == len(second.body)
    assert [sent.headers["urgency"] for sent in receiver.messages] == ["normal", "high"]
    assert (first.path, first.headers["content-encoding"]) == ("/push/1", "aes128gcm")


async def test_the_push_service_can_tell_that_it_is_us():
    async with receiving(**PUSH) as receiver:
        push = WebPush("mailto:ops@example.com", private=True)
        await push.send(Browser(f"{receiver.url}/push/1").target, MESSAGE)
    [sent] = receiver.messages
    scheme, _, given = sent.headers["authorization"].partition(" ")
    token, key = given.removeprefix("t=").split(", k=")
    head, claims, signature = token.split(".")

    assert scheme == "vapid"
    assert key == web_push.public_key()
    assert orjson.loads(bytes_of(head)) == {"typ": "JWT", "alg": "ES256"}
    told = orjson.loads(bytes_of(claims))
    assert (told["aud"], told["sub"]) == (receiver.url, "mailto:ops@example.com")
    r, s = (int.from_bytes(half, "big") for half in halves(bytes_of(signature)))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(key))
    signed = f"{head}.{claims}".encode()
    public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))


def halves(signature: bytes) -> tuple[bytes, bytes]:
    assert len(signature) == 64
    return signature[:32], signature[32:]


@pytest.mark.parametrize(
    ("status", "failure"),
    [(404, AddressGone), (410, AddressGone), (403, Rejected), (429, NotReachable)],
)
async def test_what_the_push_service_says_is_understood(status, failure):
    async with receiving(**PUSH) as receiver:
        receiver.answers = [(status, b"")]
        with pytest.raises(failure):
            await WebPush("mailto:ops@example.com", private=True).send(
                Browser(f"{receiver.url}/push/1").target, MESSAGE
            )


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "ftp://push.example/1"},
        {"endpoint": "nowhere"},
        {"key": "AAAA"},
        {"key": "no base64 at all: ü"},
        {"key": text_of(b"\4" + bytes(64))},
        {"secret": text_of(bytes(15))},
    ],
)
def test_what_is_no_subscription_is_refused(change):
    subscription = Browser("https://push.example/1").subscription._replace(**change)
    with pytest.raises(BadSubscription):
        subscription.check()
