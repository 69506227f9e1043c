import csv
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from core import clock
from core.identity import activation_codes, passwords, sign_in
from core.people import Person
from tests.conftest import HOME

pytestmark = pytest.mark.committed


@pytest.fixture
def activation(command):
    return partial(command, "staff", "activation", home=HOME.name)  # with the keys of this run


def letters(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {key.split(" / ")[0]: value for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


async def test_everybody_who_cannot_get_in_gets_a_letter_that_lets_them_in(activation, tmp_path):
    await Person.create(number="A1", name="张伟")
    await Person.create(number="A2", name="=HYPERLINK(1)")
    there = await Person.create(number="A3", name="Ann")
    await passwords.store(there.id, await passwords.hashed("a quiet evening"))
    path = tmp_path / "letters.csv"

    said = activation(path).stdout

    first, second = letters(path)
    until = clock.business_date(clock.now() + timedelta(days=14)).isoformat()
    assert (first["number"], first["name"], first["good until"]) == ("A1", "张伟", until)
    assert second["name"] == "'=HYPERLINK(1)"
    assert path.stat().st_mode & 0o777 == 0o600
    assert said == f"2 letters in {path}\n"
    entered = await sign_in.with_new_password(
        "A1", first["activation code"], "a quiet evening", device="phone", address=""
    )
    assert entered.person.name == "张伟"


async def test_a_letter_that_was_printed_stays_good_unless_said(activation, tmp_path):
    person = await Person.create(number="A1", name="张伟")
    activation(tmp_path / "1.csv")
    activation(tmp_path / "2.csv")
    [letter] = letters(tmp_path / "1.csv")
    assert letters(tmp_path / "2.csv") == []

    activation("--again", tmp_path / "3.csv")
    [newer] = letters(tmp_path / "3.csv")
    with pytest.raises(activation_codes.WrongCode):
        await activation_codes.redeem(person.id, letter["activation code"])
    await activation_codes.redeem(person.id, newer["activation code"])


async def test_letters_are_never_written_over(activation, tmp_path):
    await Person.create(number="A1", name="张伟")
    path = tmp_path / "letters.csv"
    path.write_text("codes")
    assert "is there already" in activation(path, code=1).stderr
    assert path.read_text() == "codes"
    assert not await activation_codes.ActivationCode.exists()
