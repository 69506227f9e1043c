import pytest

from core.people import Grants, Person

pytestmark = pytest.mark.committed


@pytest.fixture
def grants(command):
    def run(*arguments: str, code: int = 0) -> str:
        done = command("grants", *arguments, code=code)
        return done.stderr if code else done.stdout

    return run


async def test_a_grant_is_given_shown_and_taken(grants):
    ann = await Person.create(number="A1", name="何建国", grants=Grants.HR)

    assert grants("add", "A1", "moderator") == "A1 has the grant MODERATOR\n"
    assert grants("add", "A1", "MODERATOR") == "A1 has the grant MODERATOR already\n"
    assert grants("list") == "A1 何建国: MODERATOR, HR\n"
    await ann.refresh_from_db()
    assert ann.grants == Grants.MODERATOR | Grants.HR

    assert grants("remove", "A1", "MODERATOR") == "A1 has lost the grant MODERATOR\n"
    await ann.refresh_from_db()
    assert ann.grants == Grants.HR


async def test_a_number_that_nobody_has_is_told(grants):
    said = grants("add", "A9", "ADMIN", code=1)
    assert said == "Error: Nobody who works here has the number A9.\n"
