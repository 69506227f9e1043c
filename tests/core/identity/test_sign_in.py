import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import argon2
import pytest

from core import clock
from core.identity import activation_codes, passwords, sessions, sign_in, sms, sms_codes
from core.identity.attempts import TooManyTries
from core.identity.codes import WrongCode
from core.identity.passwords import Password, PasswordTooPersonal, PasswordTooShort
from core.identity.sessions import Session, SignedIn
from core.identity.sign_in import PhoneShared, WrongPassword
from core.identity.sms_codes import SmsCode
from core.people import Person
from tests.core.makers import PASSWORD, an_account
from tests.makers import a_person

PHONE = "+8613800138000"
NEW = "an even quieter one"
START = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def by_password(number: str, password: str = PASSWORD, *, address: str = "") -> SignedIn:
    return await sign_in.with_password(
        number, password, device="phone", address=address or str(uuid4())
    )


async def by_code(code: str, *, phone: str = PHONE, number: str | None = None) -> SignedIn:
    return await sign_in.with_sms_code(
        phone, code, number=number, device="phone", address=str(uuid4())
    )


async def anew(number: str, code: str, password: str = NEW) -> SignedIn:
    return await sign_in.with_new_password(
        number, code, password, device="phone", address=str(uuid4())
    )


async def a_letter(person: Person) -> str:
    [code] = await activation_codes.issue_all([person])
    return code


async def an_sms(gateway, phone: str = PHONE) -> str:
    await sms_codes.request(phone, language="en", address=str(uuid4()))
    await sms.drain()
    text: str = gateway.bodies[-1]["text"]
    return text.split("code is ")[1][:6]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.fixture
def verifications(monkeypatch):
    """What argon2 did."""
    done: list[str] = []

    def watched(name: str):
        usual = getattr(argon2.PasswordHasher, name)

        def work(*args, **options):
            done.append(name)
            return usual(*args, **options)

        return work

    for name in ("hash", "verify"):
        monkeypatch.setattr(argon2.PasswordHasher, name, watched(name))
    return done


@pytest.fixture
def looked_at(monkeypatch):
    """The phones whose code was looked at."""
    phones: list[str] = []
    usual = sms_codes.spend

    async def spend(phone: str, code: str) -> None:
        phones.append(phone)
        await usual(phone, code)

    monkeypatch.setattr(sms_codes, "spend", spend)
    return phones


async def test_number_and_password_open_a_session():
    ann = await an_account()
    token, session, person = await by_password(ann.number)
    assert person.id == ann.id
    assert session.device == "phone"
    assert await sessions.by_token(token) == (session, ann)


@pytest.mark.parametrize("spelling", [" E777 ", "e777", "Ｅ７７７"])
async def test_a_number_may_be_typed_as_a_phone_likes_it(spelling):
    await an_account(number="E777")
    assert (await by_password(spelling)).person.number == "E777"


async def test_of_two_numbers_that_differ_in_case_each_is_its_own():
    await an_account(number="e777")
    await an_account(number="E777")
    assert (await by_password("e777")).person.number == "e777"
    assert (await by_password("E777")).person.number == "E777"


async def test_a_wrong_password_opens_nothing():
    ann = await an_account()
    with pytest.raises(WrongPassword):
        await by_password(ann.number, PASSWORD + "!")
    assert not await Session.exists()


async def test_whoever_left_is_unknown():
    leaver = await an_account(left_on=date(2020, 1, 1))
    with pytest.raises(WrongPassword):
        await by_password(leaver.number)


async def test_known_and_unknown_numbers_cost_the_same(verifications, statements):
    await an_account(number="KNOWN")
    await a_person(number="NEVERACTIVATED")
    await an_account(number="LEFT", left_on=date(2020, 1, 1))
    costs = set()
    for number in ("KNOWN", "NEVERACTIVATED", "LEFT", "NOBODY"):
        verifications.clear()
        statements()
        with pytest.raises(WrongPassword):
            await by_password(number, "something else")
        costs.add((len(verifications), len(statements())))
    assert {work for work, _ in costs} == {1}
    assert len(costs) == 1


async def test_a_wrong_code_costs_the_same_for_known_and_unknown_numbers(
    verifications, statements, sms_gateway
):
    await a_letter(await an_account(number="KNOWN", phone=PHONE))
    await an_account(number="NOPHONE")
    code = await an_sms(sms_gateway)
    costs = set()
    for wrong in (another(code), "AAAA-BBBB-CCCC"):
        for number in ("KNOWN", "NOPHONE", "NOBODY"):
            verifications.clear()
            statements()
            with pytest.raises(WrongCode):
                await anew(number, wrong)
            costs.add((wrong, *verifications, len(statements())))
    assert len(costs) == 2
    assert {cost[1:-1] for cost in costs} == {("hash",)}


async def test_a_wrong_code_costs_the_same_for_every_phone(statements, sms_gateway):
    await a_person(phone=PHONE)
    code = await an_sms(sms_gateway)
    await sms_codes.request("+8613800138001", language="en", address="192.0.2.1")
    costs = set()
    for phone in (PHONE, "+8613800138001", "+8613800138002"):
        statements()
        with pytest.raises(WrongCode):
            await by_code(another(code), phone=phone)
        costs.add(len(statements()))
    assert len(costs) == 1


async def test_an_account_is_slowed_down_and_its_live_session_is_not():
    ann = await an_account()
    with clock.set_to(START):
        token, *_ = await by_password(ann.number)
        for _ in range(10):
            with pytest.raises(WrongPassword):
                await by_password(ann.number, "wrong password")
        with pytest.raises(TooManyTries) as caught:
            await by_password(ann.number)
        assert await sessions.by_token(token) is not None
    assert caught.value.facts == {"retry_after": 60}
    with clock.set_to(START + timedelta(minutes=1)):
        await by_password(ann.number)
        for _ in range(10):
            with pytest.raises(WrongPassword):
                await by_password(ann.number, "wrong password")


async def test_unknown_accounts_are_slowed_down_alike():
    with clock.set_to(START):
        for _ in range(10):
            with pytest.raises(WrongPassword):
                await by_password("nobody", "wrong password")
        with pytest.raises(TooManyTries):
            await by_password("NOBODY", "wrong password")


async def test_an_address_is_slowed_down_whatever_it_tries():
    ann = await an_account()
    with clock.set_to(START):
        for n in range(6):
            with pytest.raises(WrongPassword):
                await by_password(f"nobody {n}", address="192.0.2.1")
        with pytest.raises(TooManyTries):
            await by_password(ann.number, address="192.0.2.1")
        await by_password(ann.number, address="192.0.2.2")


async def test_a_password_hashed_in_an_old_way_is_hashed_anew():
    ann = await a_person()
    old = argon2.PasswordHasher(1, 32, 1).hash(PASSWORD)
    await passwords.store(ann.id, old)
    await by_password(ann.number)
    assert "m=64,t=2" in (await Password.get()).hash
    await by_password(ann.number)


async def test_an_activation_code_gives_a_first_password_and_a_session():
    ann = await a_person()
    token, *_ = await anew(ann.number, await a_letter(ann))
    assert await sessions.by_token(token) is not None
    await by_password(ann.number, NEW)


async def test_an_activation_code_opens_once():
    ann = await a_person()
    code = await a_letter(ann)
    await anew(ann.number, code)
    with pytest.raises(WrongCode):
        await anew(ann.number, code, "yet another one")
    await by_password(ann.number, NEW)


async def test_a_forgotten_password_is_replaced_and_everything_else_signed_out(sms_gateway):
    ann = await an_account(phone=PHONE)
    lost, *_ = await by_password(ann.number)

    here, *_ = await anew(ann.number, await an_sms(sms_gateway))

    assert await sessions.by_token(lost) is None
    assert await sessions.by_token(here) is not None
    await by_password(ann.number, NEW)
    with pytest.raises(WrongPassword):
        await by_password(ann.number)


async def test_whoever_guessed_too_often_gets_in_by_a_code():
    ann = await an_account()
    for _ in range(10):
        with pytest.raises(WrongPassword):
            await by_password(ann.number, "wrong password")
    await anew(ann.number, await a_letter(ann))
    await by_password(ann.number, NEW)


async def test_activation_codes_cannot_be_guessed_at_leisure():
    ann = await a_person()
    code = await a_letter(ann)
    for _ in range(10):
        with pytest.raises(WrongCode):
            await anew(ann.number, "AAAA-BBBB-CCCC")
    with pytest.raises(TooManyTries):
        await anew(ann.number, code)


async def test_a_password_that_is_refused_leaves_the_code_as_it_was(sms_gateway):
    ann = await a_person(number="E1002003", phone=PHONE)
    letter, code = await a_letter(ann), await an_sms(sms_gateway)
    for proof in (letter, code):
        with pytest.raises(PasswordTooShort):
            await anew(ann.number, proof, "short")
        with pytest.raises(PasswordTooPersonal):
            await anew(ann.number, proof, "E1002003!!!")
    assert (await SmsCode.get()).tries == 0
    assert not await Password.exists()
    await anew(ann.number, code)
    await anew(ann.number, letter)


async def test_one_persons_code_sets_nobody_elses_password(sms_gateway):
    ann, bob = await a_person(phone=PHONE), await a_person(phone="+8613800138001")
    letter, code = await a_letter(ann), await an_sms(sms_gateway)
    for proof in (letter, code):
        with pytest.raises(WrongCode):
            await anew(bob.number, proof)
    assert not await Password.exists()


async def test_a_phone_and_its_code_open_a_session(sms_gateway):
    ann = await a_person(phone=PHONE)
    code = await an_sms(sms_gateway)
    assert (await by_code(code, phone="138 0013 8000")).person.id == ann.id
    with pytest.raises(WrongCode):
        await by_code(code)


@pytest.mark.parametrize("phone", [PHONE, "+8613800138001"])
async def test_a_wrong_code_opens_nothing_for_known_and_unknown_phones(sms_gateway, phone):
    await a_person(phone=PHONE)
    code = await an_sms(sms_gateway)
    await sms_codes.request("+8613800138001", language="en", address="192.0.2.1")
    with pytest.raises(WrongCode):
        await by_code(another(code), phone=phone)
    assert not await Session.exists()


async def test_two_who_share_a_phone_say_who_they_are(sms_gateway):
    ann, bob = await a_person(phone=PHONE), await a_person(phone=PHONE)
    stranger = await a_person()
    code = await an_sms(sms_gateway)
    for _ in range(6):
        with pytest.raises(PhoneShared):
            await by_code(code)
    with pytest.raises(WrongCode):
        await by_code(code, number=stranger.number)
    assert (await by_code(code, number=bob.number)).person.id == bob.id
    with pytest.raises(WrongCode):
        await by_code(code, number=ann.number)


async def test_that_a_phone_is_shared_is_told_only_with_the_right_code(sms_gateway):
    await a_person(phone=PHONE)
    await a_person(phone=PHONE)
    code = await an_sms(sms_gateway)
    with pytest.raises(WrongCode):
        await by_code(another(code))


async def test_of_two_who_share_a_phone_one_left(sms_gateway):
    ann = await a_person(phone=PHONE)
    await a_person(phone=PHONE, left_on=date(2020, 1, 1))
    assert (await by_code(await an_sms(sms_gateway))).person.id == ann.id


async def test_nothing_is_left_of_a_refused_sign_in():
    ann = await an_account()
    with pytest.raises(WrongCode):
        await anew(ann.number, "AAAA-BBBB-CCCC")
    await by_password(ann.number)


@pytest.mark.committed
async def test_of_200_guesses_at_once_five_are_looked_at(sms_gateway, looked_at):
    await a_person(phone=PHONE)
    code = await an_sms(sms_gateway)

    guesses = [by_code(another(code)) for _ in range(200)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)

    assert looked_at.count(PHONE) == 5
    assert sum(isinstance(answer, WrongCode) for answer in answers) == 200
    assert (await SmsCode.get()).tries == 5
    with pytest.raises(WrongCode):
        await by_code(code)
    assert not await Session.exists()


@pytest.mark.committed
async def test_a_code_used_five_times_at_once_signs_in_once(sms_gateway):
    await a_person(phone=PHONE)
    code = await an_sms(sms_gateway)
    answers = await asyncio.gather(*(by_code(code) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert sum(isinstance(answer, WrongCode) for answer in answers) == 4
    assert await Session.all().count() == 1


@pytest.mark.committed
async def test_an_activation_code_used_five_times_at_once_sets_one_password():
    ann = await a_person()
    code = await a_letter(ann)
    tries = [anew(ann.number, code, f"{NEW} {n}") for n in range(5)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, WrongCode) for answer in answers) == 4
    [opened] = [answer for answer in answers if isinstance(answer, SignedIn)]
    assert await sessions.alive([opened.session.id]) == [True]
    assert await Password.all().count() == await Session.all().count() == 1


@pytest.mark.committed
async def test_a_thief_who_signs_in_while_the_password_changes_is_out():
    for _ in range(5):
        ann = await an_account()
        code = await a_letter(ann)
        entering = [by_password(ann.number) for _ in range(4)]
        _, *entered = await asyncio.gather(
            anew(ann.number, code), *entering, return_exceptions=True
        )
        live = await Session.filter(person_id=ann.id, revoked_at=None)
        assert len(live) == 1
        assert all(isinstance(answer, SignedIn | WrongPassword) for answer in entered)


@pytest.mark.committed
async def test_of_50_passwords_at_once_ten_are_looked_at(verifications):
    ann = await an_account()
    verifications.clear()
    guesses = [by_password(ann.number, "wrong password") for _ in range(50)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert verifications == ["verify"] * 10
    assert sum(isinstance(answer, TooManyTries) for answer in answers) == 40
