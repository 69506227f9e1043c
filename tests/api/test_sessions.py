from uuid import uuid4

import pytest

from core.identity import sessions
from core.people import Team
from tests.makers import a_person, send


async def two_devices(person) -> tuple[sessions.SignedIn, sessions.SignedIn]:
    phone = await sessions.open_for(person, device="phone")
    return phone, await sessions.open_for(person, device="tablet")


async def devices(token: str) -> list[str]:
    account = await send("Account", token=token)
    return sorted(session["device"] for session in account["sessions"])


async def test_signing_out_ends_the_session_that_asks():
    phone, tablet = await two_devices(await a_person())
    assert await send("SignOut", token=phone.token) == {"devices": 1}
    assert await send("Account", token=phone.token) is None
    assert await devices(tablet.token) == ["tablet"]


async def test_another_device_can_be_signed_out():
    phone, tablet = await two_devices(await a_person())
    named = f"session_{tablet.session.id.hex}"
    assert await send("SignOut", token=phone.token, session=named) == {"devices": 1}
    assert (await send("SignOut", token=phone.token, session=named))["code"] == "SESSION_NOT_FOUND"
    assert await devices(phone.token) == ["phone"]
    assert await send("Account", token=tablet.token) is None


@pytest.mark.parametrize(("keep", "left"), [(True, ["phone"]), (False, None)])
async def test_signing_out_everywhere_may_spare_the_device_at_hand(keep, left):
    phone, tablet = await two_devices(await a_person())
    ended = await send("SignOutEverywhere", token=phone.token, keepCurrent=keep)
    assert ended == {"devices": 1 if keep else 2}
    assert await send("Account", token=tablet.token) is None
    account = await send("Account", token=phone.token)
    assert (account and [s["device"] for s in account["sessions"]]) == left


async def test_nobody_signs_somebody_else_out():
    ann, _ = await two_devices(await a_person())
    _, bobs = await two_devices(await a_person())
    refused = await send("SignOut", token=ann.token, session=f"session_{bobs.session.id.hex}")
    assert refused["code"] == "SESSION_NOT_FOUND"
    assert await devices(bobs.token) == ["phone", "tablet"]


async def test_who_is_not_signed_in_cannot_sign_out():
    for name, given in (("SignOut", {}), ("SignOutEverywhere", {"keepCurrent": False})):
        refused = await send(name, **given)
        assert (refused["code"], refused["kind"]) == ("SIGN_IN_FIRST", "UNAUTHENTICATED")


async def test_an_account_costs_the_same_however_many_devices_there_are(statements):
    team = await Team.create(department="Hotline", name="Night")
    ann = await a_person(team=team, avatar_id=uuid4())
    token = (await sessions.open_for(ann, device="first")).token
    statements()
    await send("Account", token=token)
    one = len(statements())
    for _ in range(9):
        await sessions.open_for(ann, device="another")
    statements()
    assert len((await send("Account", token=token))["sessions"]) == 10
    assert len(statements()) == one == 5
