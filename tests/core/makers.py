"""The least that is valid, for tests of what everything else stands on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core import settings
from core.identity import passwords
from core.people import Person
from tests.makers import a_person

PASSWORD = "a quiet evening"  # noqa: S105  # of people who do not exist


async def an_account(**given: Any) -> Person:
    """A person with a password."""
    person = await a_person(**given)
    await passwords.store(person.id, await passwords.hashed(PASSWORD))
    return person


@contextmanager
def chosen(**variables: str) -> Iterator[None]:
    """Settings as the environment says, for a while."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(f"BREAKROOM_{name.upper()}", value)
        settings.current.cache_clear()
        yield
    settings.current.cache_clear()
