import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.audit import AuditEntry
from core.identity import grants
from core.identity.grants import UnknownNumber
from core.people import Grant, Grants, Person
from tests.makers import a_person, a_token, ask


async def test_an_open_session_knows_of_a_grant_at_once():
    ann = await a_person(number="A1")
    token = await a_token(ann)
    assert await grants.give("A1", Grant.MODERATOR) is True
    answer = await ask("{ viewer { grants } }", token=token)
    assert answer["data"]["viewer"]["grants"] == ["MODERATOR"]
    assert await grants.take("A1", Grant.MODERATOR) is True
    answer = await ask("{ viewer { grants } }", token=token)
    assert answer["data"]["viewer"]["grants"] == []
    entries = await AuditEntry.all().order_by("number").values_list("name", "about_id", "facts")
    given, taken = (("grant.given", ann.id), ("grant.taken", ann.id))
    assert entries == [(*given, {"grant": "MODERATOR"}), (*taken, {"grant": "MODERATOR"})]


async def test_what_somebody_has_is_given_once_and_what_nobody_has_is_taken_never():
    await a_person(number="A1", grants=Grants.ADMIN)
    assert await grants.give("A1", Grant.ADMIN) is False
    assert await grants.take("A1", Grant.COUNSELLOR) is False
    assert not await AuditEntry.exists()


async def test_who_has_left_gets_no_grant_and_may_lose_one():
    gone = {"left_on": clock.business_date() - timedelta(days=1), "grants": Grants.ADMIN}
    ann = await a_person(number="A1", **gone)
    with pytest.raises(UnknownNumber):
        await grants.give("A1", Grant.MODERATOR)
    assert await grants.carried() == []
    assert await grants.take("A1", Grant.ADMIN) is True
    await ann.refresh_from_db()
    assert ann.grants == Grants.NONE


@pytest.mark.committed
async def test_grants_given_at_once_are_all_there():
    await a_person(number="A1")
    await asyncio.gather(*(grants.give("A1", grant) for grant in Grant))
    everything = Grants.MODERATOR | Grants.COUNSELLOR | Grants.HR | Grants.SUPERVISOR | Grants.ADMIN
    assert (await Person.get(number="A1")).grants == everything
