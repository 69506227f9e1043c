import asyncio

import pytest

from core.errors import ServiceBusy
from core.identity import passwords
from core.people import Person
from tests.core.makers import PASSWORD, chosen
from tests.makers import a_person


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("ninechars", passwords.PasswordTooShort),
        ("喝茶" * 4, passwords.PasswordTooShort),
        ("x1y2z3" * 34, passwords.PasswordTooLong),
        ("qwertyuiop", passwords.PasswordTooCommon),
        ("QwertyUiop123", passwords.PasswordTooCommon),
        ("１２３４５６７８９０", passwords.PasswordTooCommon),
        ("woaini1314520", passwords.PasswordTooCommon),
        ("abababababab", passwords.PasswordTooCommon),
    ],
)
def test_a_bad_password_is_refused(password, refusal):
    with pytest.raises(refusal):
        passwords.check(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, "下班以后去喝一杯珍珠奶茶", "x" * 5 + "12345", "tenletters"]
)
def test_a_good_password_is_taken(password):
    passwords.check(password)


@pytest.mark.parametrize(
    "password",
    ["E1002003 E1002003", "e1002003王小芳!", "Fang Wang 123", "Ｅ１００２００３E1002003"],
)
def test_a_password_that_says_who_one_is_is_refused(password):
    person = Person(number="E1002003", name="Fang Wang 王小芳")
    with pytest.raises(passwords.PasswordTooPersonal):
        passwords.check_personal(password, person)


def test_a_name_may_be_part_of_a_password():
    passwords.check_personal("Wang likes milk tea", Person(number="E1002003", name="Fang Wang"))


async def test_only_the_password_itself_fits():
    hash = await passwords.hashed(PASSWORD)
    assert hash.startswith("$argon2id$")
    assert await passwords.fits(PASSWORD, hash)
    assert not await passwords.fits(PASSWORD.upper(), hash)
    assert not await passwords.fits("", hash)


async def test_a_password_fits_however_the_keyboard_composes_it():
    hash = await passwords.hashed("Café 12345 ｱﾊﾟｰﾄ")
    assert await passwords.fits("Cafe\u0301 １２３４５ アパート", hash)


async def test_nobody_has_no_password_at_all():
    assert not await passwords.fits("nobody has this password", None)


async def test_each_hash_has_a_salt_of_its_own():
    assert await passwords.hashed(PASSWORD) != await passwords.hashed(PASSWORD)


async def test_a_hash_is_renewed_when_the_parameters_change():
    hash = await passwords.hashed(PASSWORD)
    assert await passwords.renewed(PASSWORD, hash) == hash
    with chosen(password_memory="128"):  # noqa: S106  # KiB
        renewed = await passwords.renewed(PASSWORD, hash)
        assert "m=128" in renewed
        assert await passwords.fits(PASSWORD, renewed)


async def test_storing_again_replaces():
    person = await a_person()
    for hash in ("first", "second"):
        await passwords.store(person.id, hash)
    assert await passwords.Password.all().values_list("hash", flat=True) == ["second"]


async def test_a_flood_is_turned_away_instead_of_queueing_for_ever():
    flood = [passwords.hashed(PASSWORD) for _ in range(passwords.WAITING + 20)]
    answers = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(answer, ServiceBusy) for answer in answers) == 20
    assert sum(isinstance(answer, str) for answer in answers) == passwords.WAITING
    assert await passwords.hashed(PASSWORD)
