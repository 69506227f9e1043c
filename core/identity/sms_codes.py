"""SMS codes: six digits that prove who holds a phone.

Whoever asks learns nothing about who is known here: an unknown phone gets a code too, which is sent
nowhere.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from secrets import randbelow
from typing import NamedTuple

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from core import clock, phones
from core.database import inserts
from core.errors import Refused
from core.identity import attempts, sms
from core.identity.codes import WrongCode, bare, keyed
from core.identity.sms import Message
from core.people import Person, employed
from core.text import Language
from core.transactions import after_commit, transaction

DIGITS = 6
TRIES = 5
LASTS = timedelta(minutes=5)
NOBODYS = ""  # phone


class SmsCode(Model):
    phone = fields.CharField(max_length=64, primary_key=True, description="keyed hash")
    code = fields.CharField(max_length=64, description="keyed hash")
    tries = fields.SmallIntField(default=0)
    expires_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "sms_code"


class Requested(NamedTuple):
    """How long the code is good, and when another may be asked for, in seconds."""

    good_for: int
    again_after: int


async def request(phone: str, *, language: Language, address: str) -> Requested:
    """Send a code by SMS, if the phone is known. Raises SmsNotOffered, NotAPhone, TooManyTries."""
    sms.sender()
    phone = phones.e164(phone)
    await attempts.count("asking", address)
    await attempts.count("phone", phone)
    await _send(phone, language)
    return Requested(int(LASTS.total_seconds()), attempts.MINUTE)


@transaction
async def _send(phone: str, language: Language) -> None:
    code = f"{randbelow(10**DIGITS):0{DIGITS}}"
    await _replace(phone, code)
    if await Person.filter(employed(), phone=phone).exists():
        after_commit(lambda: sms.send_soon(Message(phone, code, language)))


async def _replace(phone: str, code: str) -> None:
    key = keyed("phone", phone)
    new = {"code": keyed(key, code), "tries": 0, "expires_at": clock.now() + LASTS}
    while not await SmsCode.filter(phone=key).update(**new):
        await inserts.added(SmsCode(phone=key, **new))


@asynccontextmanager
async def tried(phone: str) -> AsyncIterator[str]:
    """Around what a code opens; gives the phone whose code may be looked at.

    Each try is counted before that, in a transaction of its own. After five it is nobody's phone,
    and all goes on as with one that never had a code. A right code that did not open anything,
    because more was asked, gets its try back.
    """
    counted = await _count(phone)
    try:
        yield phone if counted else NOBODYS
    except WrongCode:
        raise
    except Refused:
        if counted:
            await _give_back(phone)
        raise


async def spend(phone: str, code: str) -> None:
    """Use an SMS code up, in the transaction of what it permits. Raises WrongCode."""
    key = keyed("phone", phone)
    held = SmsCode.filter(phone=key, code=keyed(key, bare(code)), expires_at__gt=clock.now())
    if not await held.delete():
        raise WrongCode


async def sweep() -> None:
    """Due work: drop what is no longer good."""
    await SmsCode.filter(expires_at__lt=clock.now()).delete()


@transaction
async def _count(phone: str) -> bool:
    key = keyed("phone", phone)
    live = SmsCode.filter(phone=key, tries__lt=TRIES, expires_at__gt=clock.now())
    return bool(await live.update(tries=F("tries") + 1))


async def _give_back(phone: str) -> None:
    counted = SmsCode.filter(phone=keyed("phone", phone), tries__gt=0)
    await counted.update(tries=F("tries") - 1)
