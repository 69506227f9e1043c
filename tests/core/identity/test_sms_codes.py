from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.events import Event
from core.identity import sms, sms_codes
from core.identity.attempts import Attempts, TooManyTries
from core.identity.codes import WrongCode
from core.identity.sms_codes import SmsCode
from core.phones import NotAPhone
from tests.makers import a_person

PHONE = "+8613800138000"
START = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def ask(phone: str = PHONE, address: str = "192.0.2.1") -> None:
    await sms_codes.request(phone, language="en", address=address)
    await sms.drain()


async def code_sent(gateway) -> str:
    await ask()
    text: str = gateway.bodies[-1]["text"]
    return text.split("code is ")[1][:6]


async def look_at(code: str) -> None:
    async with sms_codes.tried(PHONE) as phone:
        await sms_codes.spend(phone, code)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.fixture(autouse=True)
async def holder():
    return await a_person(phone=PHONE)


async def test_a_code_is_sent_and_only_its_keyed_hash_is_kept(sms_gateway):
    code = await code_sent(sms_gateway)
    assert len(code) == 6
    assert code.isdecimal()
    kept = await SmsCode.get()
    assert {len(kept.code), len(kept.phone)} == {64}
    assert code not in str(dict(kept))
    assert PHONE not in str(dict(kept))
    assert not await Event.exists()


@pytest.mark.parametrize(
    "spelling", ["13800138000", "138 0013 8000", "008613800138000", "１３８００１３８０００"]
)
async def test_a_phone_may_be_written_as_one_likes(sms_gateway, spelling):
    await ask(spelling)
    assert sms_gateway.bodies[0]["phone"] == PHONE


async def test_what_is_no_phone_is_refused(sms_gateway):
    with pytest.raises(NotAPhone):
        await ask("12345")
    assert not await Attempts.exists()


async def test_an_unknown_phone_is_answered_alike_and_gets_nothing(sms_gateway, statements):
    await ask(PHONE, "192.0.2.1")
    known = len(statements())
    await ask("+8613800138001", "192.0.2.2")
    assert len(statements()) == known
    assert await SmsCode.all().count() == 2
    assert [body["phone"] for body in sms_gateway.bodies] == [PHONE]


async def test_whoever_left_gets_nothing(sms_gateway):
    await a_person(phone="+8613800138001", left_on=date(2020, 1, 1))
    await ask("+8613800138001")
    assert sms_gateway.bodies == []


async def test_without_a_gateway_the_way_to_hr_is_told():
    with pytest.raises(sms.SmsNotOffered):
        await ask()
    assert not await SmsCode.exists()
    assert not await Attempts.exists()


@pytest.mark.parametrize("phone", [PHONE, "+8613800138001"])
async def test_known_and_unknown_phones_wait_a_minute_for_the_next_code(sms_gateway, phone):
    with clock.set_to(START):
        await ask(phone)
    with clock.set_to(START + timedelta(seconds=20)), pytest.raises(TooManyTries) as caught:
        await ask(phone)
    assert caught.value.facts == {"retry_after": 40}
    with clock.set_to(START + timedelta(seconds=60)):
        await ask(phone)


async def test_a_code_is_used_once(sms_gateway):
    code = await code_sent(sms_gateway)
    await look_at(code)
    with pytest.raises(WrongCode):
        await look_at(code)


async def test_a_code_is_good_for_five_minutes(sms_gateway):
    with clock.set_to(START):
        code = await code_sent(sms_gateway)
    with clock.set_to(START + timedelta(minutes=5)), pytest.raises(WrongCode):
        await look_at(code)
    with clock.set_to(START + timedelta(minutes=5, seconds=-1)):
        await look_at(code)


async def test_five_wrong_tries_end_a_code(sms_gateway):
    code = await code_sent(sms_gateway)
    for _ in range(5):
        with pytest.raises(WrongCode):
            await look_at(another(code))
    with pytest.raises(WrongCode):
        await look_at(code)
    assert (await SmsCode.get()).tries == 5


async def test_the_fifth_try_may_be_the_right_one(sms_gateway):
    code = await code_sent(sms_gateway)
    for _ in range(4):
        with pytest.raises(WrongCode):
            await look_at(another(code))
    await look_at(code)


async def test_a_new_code_ends_the_one_before_and_its_tries(sms_gateway):
    with clock.set_to(START):
        first = await code_sent(sms_gateway)
        for _ in range(5):
            with pytest.raises(WrongCode):
                await look_at(another(first))
    with clock.set_to(START + timedelta(minutes=1)):
        second = await code_sent(sms_gateway)
        await look_at(second)
        with pytest.raises(WrongCode):
            await look_at(first)


async def test_codes_that_are_over_are_swept_away(sms_gateway):
    with clock.set_to(START):
        await ask()
    with clock.set_to(START + timedelta(minutes=4)):
        await ask("+8613800138001")
    with clock.set_to(START + timedelta(minutes=6)):
        await sms_codes.sweep()
    assert await SmsCode.all().count() == 1
