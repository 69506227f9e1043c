"""Passwords: what makes a good one, and argon2id, which keeps it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from unicodedata import normalize
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from tortoise import fields
from tortoise.models import Model

from core import settings
from core.database import inserts
from core.errors import Invalid, ServiceBusy
from core.people import Person
from core.text import Text

T = TypeVar("T")

SHORTEST, LONGEST = 10, 200  # characters
DISTINCT = 5  # characters, at least
OWN = 6  # characters, at least, beside the number and the name
AT_ONCE, WAITING = 2, 100  # each at once takes the memory that the settings say

COMMONEST = """
    1234567890 0123456789 9876543210 0987654321 12345678910 123456789a a123456789 aa123456789
    123456789qq qq123456789 abc123456789 asd123456789 1234567890q q1234567890 123456abcdef
    abcdefghij qwertyuiop qwertyuiop123 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv
    zaq12wsxcde3 asdfghjkl123 password12 password123 password1234 passw0rd123 p@ssw0rd123
    iloveyou123 iloveyou520 woaini1314 woaini1314520 woaini5201314 5201314520 1314520520
    welcome123 welcome1234 changeme123 admin123456 administrator letmein123 football123
    sunshine123 princess123 chashuijian breakroom123
"""


class Turns:
    """Threads for argon2; a flood can take neither the memory nor everybody's patience."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(AT_ONCE, "argon2")
        self.waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        if self.waiting >= WAITING:
            raise ServiceBusy
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work)
        finally:
            self.waiting -= 1


_turns = Turns()


class Password(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", on_delete=fields.CASCADE
    )
    person_id: UUID
    hash = fields.CharField(max_length=200, description="argon2id with its salt and parameters")

    class Meta:
        table = "password"


class PasswordTooShort(Invalid):
    text = Text(
        "A password has at least {shortest} characters.",
        "密码至少要有 {shortest} 个字符。",
        "密碼至少要有 {shortest} 個字元。",
    )


class PasswordTooLong(Invalid):
    text = Text(
        "A password has at most {longest} characters.",
        "密码最多 {longest} 个字符。",
        "密碼最多 {longest} 個字元。",
    )


class PasswordTooCommon(Invalid):
    text = Text(
        "Too many people use this password. Please choose another one.",
        "使用这个密码的人太多了，请换一个。",
        "使用這個密碼的人太多了，請換一個。",
    )


class PasswordTooPersonal(Invalid):
    text = Text(
        "This password is little more than your name or number. Please choose another one.",
        "这个密码和你的姓名或工号太像了，请换一个。",
        "這個密碼和你的姓名或工號太像了，請換一個。",
    )


def check(password: str) -> None:
    """What can be said of a password before it is known whose it is."""
    if len(password) < SHORTEST:
        raise PasswordTooShort(shortest=SHORTEST)
    if len(password) > LONGEST:
        raise PasswordTooLong(longest=LONGEST)
    plain = _plain(password)
    if plain in COMMONEST.split() or len(set(plain)) < DISTINCT:
        raise PasswordTooCommon


def check_personal(password: str, person: Person) -> None:
    own = _plain(password)
    for known in (person.number, *person.name.split()):
        own = own.replace(_plain(known), "")
    if len(own) < OWN:
        raise PasswordTooPersonal


async def hashed(password: str) -> str:
    """Raises ServiceBusy when too many wait."""
    return await _turns.run(lambda: _hasher().hash(_bytes(password)))


async def fits(password: str, hash: str | None) -> bool:
    """Takes the same time when there is no hash, so that nobody learns who has an account."""
    return await _turns.run(lambda: _verified(password, hash))


async def renewed(password: str, hash: str) -> str:
    """The same hash, or one with the parameters of today."""
    return await hashed(password) if _hasher().check_needs_rehash(hash) else hash


async def store(person_id: UUID, hash: str) -> None:
    kept = Password.filter(person_id=person_id)
    while not await kept.update(hash=hash):
        await inserts.added(Password(person_id=person_id, hash=hash))


def _verified(password: str, hash: str | None) -> bool:
    if hash is None:
        _hasher().hash(_bytes(password))  # as much work as to verify one
        return False
    try:
        return _hasher().verify(hash, _bytes(password))
    except VerifyMismatchError:
        return False


def _hasher() -> PasswordHasher:
    chosen = settings.current()
    return PasswordHasher(chosen.password_passes, chosen.password_memory, parallelism=1)


def _bytes(password: str) -> bytes:
    """One password, however a keyboard composes its characters."""
    return normalize("NFKC", password).encode()


def _plain(words: str) -> str:
    return normalize("NFKC", words).casefold()
