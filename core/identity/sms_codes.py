"""SMS codes: six digits that prove who holds a phone.

Whoever asks learns nothing about who is known here: an unknown phone gets a code too, which is sent
nowhere. Candidates are sent theirs whoever they are, and it opens nothing but what they apply for.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Literal, NamedTuple

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from core import clock, phones
from core.database import inserts
from core.errors import Refused
from core.identity import attempts, sms
from core.identity.attempts import TooManyTries
from core.identity.codes import WrongCode, bare, keyed
from core.identity.sms import Message
from core.people import Person, employed
from core.text import Language
from core.transactions import after_commit, transaction

DIGITS = 6
TRIES = 5
LASTS = timedelta(minutes=5)
NOBODYS = ""  # phone

Whose = Literal["phone", "applicant"]  # somebody's who works here, or who applies


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
    await _send(phone, language, of="phone")
    return Requested(int(LASTS.total_seconds()), attempts.MINUTE)


async def request_as_applicant(phone: str, *, language: Language, address: str) -> None:
    """Send a code to anybody. Raises SmsNotOffered, NotAPhone, TooManyTries by the address only.

    What was sent to the phone before is not told: it would tell that its holder applies.
    """
    sms.sender()
    phone = phones.e164(phone)
    await attempts.count("applying", address)
    with suppress(TooManyTries):
        await attempts.count("applicant", phone)
        await _send(phone, language, of="applicant")


@transaction
async def _send(phone: str, language: Language, *, of: Whose) -> None:
    code = f"{randbelow(10**DIGITS):0{DIGITS}}"
    await _replace(phone, code, of)
    if of == "applicant" or await Person.filter(employed(), phone=phone).exists():
        after_commit(lambda: sms.send_soon(Message(phone, code, language)))


async def _replace(phone: str, code: str, of: Whose) -> None:
    key = keyed(of, phone)
    new = {"code": keyed(key, code), "tries": 0, "expires_at": clock.now() + LASTS}
    while not await SmsCode.filter(phone=key).update(**new):
        await inserts.added(SmsCode(phone=key, **new))


@asynccontextmanager
async def tried(phone: str, *, of: Whose = "phone") -> AsyncIterator[str]:
    """Around what a code opens; gives the phone whose code may be looked at.

    Each try is counted before that, in a transaction of its own. After five it is nobody's phone,
    and all goes on as with one that never had a code. A right code that did not open anything,
    because more was asked, gets its try back.
    """
    counted = await _count(phone, of)
    try:
        yield phone if counted else NOBODYS
    except WrongCode:
        raise
    except Refused:
        if counted:
            await _give_back(phone, of)
        raise


async def spend(phone: str, code: str, *, of: Whose = "phone") -> None:
    """Use an SMS code up, in the transaction of what it permits. Raises WrongCode."""
    key = keyed(of, phone)
    held = SmsCode.filter(phone=key, code=keyed(key, bare(code)), expires_at__gt=clock.now())
    if not await held.delete():
        raise WrongCode


async def sweep() -> None:
    """Due work: drop what is no longer good."""
    await SmsCode.filter(expires_at__lt=clock.now()).delete()


@transaction
async def _count(phone: str, of: Whose) -> bool:
    key = keyed(of, phone)
    live = SmsCode.filter(phone=key, tries__lt=TRIES, expires_at__gt=clock.now())
    return bool(await live.update(tries=F("tries") + 1))


async def _give_back(phone: str, of: Whose) -> None:
    counted = SmsCode.filter(phone=keyed(of, phone), tries__gt=0)
    await counted.update(tries=F("tries") - 1)
