"""Personas: people in whose name one looks around; each gets in as anybody does."""

from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

import orjson

from core import files, privacy, privacy_notice, settings
from core.identity import activation_codes, sessions, sign_in
from core.people import Person
from demo import company

DEVICE = "demo"
ADDRESS = "127.0.0.1"


class Persona(NamedTuple):
    role: str
    name: str
    number: str
    password: str
    token: str


def kept() -> list[Persona]:
    """Those of the last start; nobody if there was none, or it did not come to its end."""
    try:
        content = _path().read_bytes()
    except FileNotFoundError:
        return []
    return [Persona(**one) for one in orjson.loads(content)]


def keep(personas: list[Persona]) -> None:
    """For the next start, and for the start page."""
    content = orjson.dumps([one._asdict() for one in personas], option=orjson.OPT_INDENT_2)
    files.write(_path(), content)


async def entered() -> list[Persona]:
    """Everybody gets an activation code, chooses a password and accepts the privacy notice."""
    cast, password = await company.cast(), f"kettle-{token_hex(4)}"
    return [
        await _enter(cast[key], colleague.role, password)
        for key, colleague in company.personas().items()
    ]


async def back_again(personas: list[Persona]) -> list[Persona]:
    """The same, signed in anew where somebody has signed them out."""
    return [await _renewed(one) for one in personas]


async def _enter(person: Person, role: str, password: str) -> Persona:
    [code] = await activation_codes.issue_all([person])
    signed_in = await sign_in.with_new_password(
        person.number, code, password, device=DEVICE, address=ADDRESS
    )
    await privacy.accept(privacy_notice.VERSION, by=person)
    return Persona(role, person.name, person.number, password, signed_in.token)


async def _renewed(one: Persona) -> Persona:
    if await sessions.by_token(one.token):
        return one
    person = await Person.get(number=one.number)
    return one._replace(token=(await sessions.open_for(person, device=DEVICE)).token)


def _path() -> Path:
    return settings.current().home / "personas.json"
