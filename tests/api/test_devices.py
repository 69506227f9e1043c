from core.messaging import web_push
from core.messaging.addresses import Address
from tests.browsers import Browser
from tests.core.makers import chosen
from tests.makers import a_person, ask, operation, send
from tests.receivers import PUSH

PRINTED = Browser("https://push.example/1").subscription._asdict()


async def test_a_device_is_registered_and_removed():
    ann = await a_person()
    with chosen(**PUSH):
        assert await send("PushKey", by=ann) == web_push.public_key()
        registered = await send("RegisterDevice", by=ann, **PRINTED)
    assert registered["session"]["isRung"] is True
    [address] = await Address.all()
    assert (address.person_id, address.language) == (ann.id, "en")
    assert (await send("RemoveDevice", by=ann))["session"]["isRung"] is False
    assert await Address.all().count() == 1  # that of the other sign-in


async def test_registering_twice_is_once_and_in_ones_own_language():
    ann, (document, name) = await a_person(), operation("RegisterDevice")
    with chosen(**PUSH):
        for language in ("en", "zh-TW"):
            await ask(document, by=ann, name=name, language=language, **PRINTED)
    assert [address.language for address in await Address.all()] == ["zh-TW"]


async def test_what_is_no_subscription_is_refused_and_leaves_nothing():
    ann = await a_person()
    with chosen(**PUSH):
        refused = await send("RegisterDevice", by=ann, **PRINTED | {"key": "AAAA"})
    assert (refused["code"], refused["kind"]) == ("BAD_SUBSCRIPTION", "INVALID")
    assert await Address.all().count() == 0


async def test_where_push_is_not_set_up_there_is_no_key():
    ann = await a_person()
    assert await send("PushKey", by=ann) is None
    refused = await send("RegisterDevice", by=ann, **PRINTED)
    assert (refused["code"], refused["kind"]) == ("PUSH_NOT_OFFERED", "CONFLICT")
