"""Signing in: by password, by SMS code, and for the first time or again by what HR hands out.

Known and unknown accounts do the same work, so they get the same answer in the same time. What
counts as a failure is committed before the refusal, which rolls everything else back.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from unicodedata import normalize
from uuid import uuid4

from core import people, phones
from core.errors import Conflict, Unauthenticated
from core.identity import activation_codes, attempts, passwords, sessions, sms_codes
from core.identity.codes import WrongCode, bare
from core.identity.passwords import Password
from core.identity.sessions import SignedIn
from core.people import Person, employed
from core.text import Text
from core.transactions import transaction

SMS_CODE = re.compile(rf"\d{{{sms_codes.DIGITS}}}", re.ASCII)

Proof = Callable[[], Awaitable[None]]


class WrongPassword(Unauthenticated):
    text = Text(
        "Employee number or password are not right.",
        "工号或密码不正确。",
        "工號或密碼不正確。",
    )


class PhoneShared(Conflict):
    text = Text(
        "Several people share this phone. Please enter your employee number too.",
        "这个手机号有多人使用，请同时填写工号。",
        "這個手機號碼有多人使用，請同時填寫工號。",
    )


async def with_password(number: str, password: str, *, device: str, address: str) -> SignedIn:
    """Raises WrongPassword, TooManyTries."""
    async with attempts.failures(address):
        person = await _numbered(number)
        await attempts.count("account", person.number)
        known = await Password.get_or_none(person_id=person.id)
        if not await passwords.fits(password, known.hash if known else None) or not known:
            raise WrongPassword
        renewed = await passwords.renewed(password, known.hash)
        return await _enter(person, known, renewed, device)


async def with_sms_code(
    phone: str, code: str, *, number: str | None = None, device: str, address: str
) -> SignedIn:
    """Raises PhoneShared if the number is needed too, WrongCode, TooManyTries, NotAPhone."""
    phone = phones.e164(phone)
    async with attempts.failures(address), sms_codes.tried(phone) as tried:
        return await _enter_by_phone(tried, code, number, device)


async def with_new_password(
    number: str, code: str, password: str, *, device: str, address: str
) -> SignedIn:
    """Sets the password by an activation code or one by SMS; all other sessions end.

    Raises WrongCode, TooManyTries, and what `passwords` refuses.
    """
    passwords.check(password)
    async with attempts.failures(address):
        person = await _numbered(number)
        await attempts.count("activation", person.number)
        hash = await passwords.hashed(password)
        async with _proof(person, code) as proof:
            return await _begin_anew(person, proof, password, hash, device)


@transaction
async def _enter(person: Person, known: Password, renewed: str, device: str) -> SignedIn:
    # Holds the row: the password is still this one, and whoever resets it now finds this session.
    if not await Password.filter(id=known.id, hash=known.hash).update(hash=renewed):
        raise WrongPassword
    await attempts.forget("account", person.number)
    return await sessions.open_for(person, device=device)


@transaction
async def _enter_by_phone(phone: str, code: str, number: str | None, device: str) -> SignedIn:
    await sms_codes.spend(phone, code)
    return await sessions.open_for(await _holder(phone, number), device=device)


@transaction
async def _begin_anew(
    person: Person, proof: Proof, password: str, hash: str, device: str
) -> SignedIn:
    await proof()
    passwords.check_personal(password, person)
    await passwords.store(person.id, hash)
    await attempts.forget("account", person.number)
    await attempts.forget("activation", person.number)
    await sessions.sign_out_everywhere(person, by=person)
    return await sessions.open_for(person, device=device)


@asynccontextmanager
async def _proof(person: Person, code: str) -> AsyncIterator[Proof]:
    """How to use the code up, whichever kind it is."""
    if SMS_CODE.fullmatch(bare(code)):
        async with sms_codes.tried(person.phone or sms_codes.NOBODYS) as phone:
            yield partial(sms_codes.spend, phone, code)
    else:
        yield partial(activation_codes.redeem, person.id, code)


async def _numbered(number: str) -> Person:
    """The employee of this number, or a stranger of whom nothing is known."""
    typed = normalize("NFKC", number).strip()
    spelled = (typed, typed.upper(), typed.lower())
    spellings = [number for number in spelled if len(number) <= people.NUMBER]
    found = await Person.filter(employed(), number__in=spellings)
    stranger = Person(id=uuid4(), number=typed.upper(), name="")
    return min(found, key=lambda person: spellings.index(person.number), default=stranger)


async def _holder(phone: str, number: str | None) -> Person:
    holders = await Person.filter(employed(), phone=phone)
    if number:
        known = await _numbered(number)
        holders = [holder for holder in holders if holder.id == known.id]
    if len(holders) > 1:
        raise PhoneShared
    if not holders:
        raise WrongCode
    return holders[0]
