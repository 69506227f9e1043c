from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.audit import AuditEntry
from core.events import Event
from referrals.openings import Opening, OpeningState
from tests.makers import a_key, a_person, node, send
from tests.referrals.makers import a_draft, an_hr, an_opening


def sent(**given):
    """A draft as clients send it."""
    words = {"insider_ids": "insiderIds", "day_90_points": "day90Points"}
    words |= {"year_1_points": "year1Points"}
    draft = a_draft(**given)
    return {
        words.get(name) or "".join(p.title() if n else p for n, p in enumerate(name.split("_"))): v
        for name in draft.__slots__
        if (v := getattr(draft, name)) not in (None, ())
    }


async def test_hr_keeps_openings_with_those_who_decide():
    hr, ann = await an_hr(), await a_person()
    draft = sent(insider_ids=[f"person_{ann.id.hex}"])
    for key in [a_key()] * 2:
        data = await send("CreateOpening", by=hr, draft=draft, key=key)

    opening = data["opening"]
    assert (opening["title"], opening["payFrom"], opening["payTo"]) == (
        "Night shift agent",
        5000,
        7000,
    )
    assert opening["points"] == {"hired": 50, "day90": 200, "year1": 500}
    assert opening["insiders"] == [{"id": node("person", ann), "name": ann.name}]
    assert await Opening.all().count() == 1
    assert await Event.filter(name="opening.created").count() == 1
    assert await AuditEntry.filter(name="opening.created", by_id=hr.id).count() == 1


async def test_an_extra_counts_until_its_last_day():
    until = clock.business_date() + timedelta(days=1)
    await an_opening(extra_factor=2, extra_until=until, extra_for="night shift")
    ann = await a_person()

    async def promised():
        [edge] = (await send("Openings", by=ann))["edges"]
        return edge["node"]["points"]["year1"]

    assert await promised() == 1000
    with clock.set_to(clock.now() + timedelta(days=2)):
        assert await promised() == 500


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": " "}, "NOTHING_WRITTEN"),
        ({"about": "a" * 4001}, "TOO_LONG"),
        ({"pay_from": 0}, "BAD_PAY"),
        ({"pay_to": 4000}, "BAD_PAY"),
        ({"hired_points": -1}, "BAD_POINTS"),
        ({"extra_factor": 6}, "BAD_POINTS"),
        ({"language": "fr"}, "UNKNOWN_LANGUAGE"),
    ],
)
async def test_what_is_no_opening_is_refused(given, code):
    data = await send("CreateOpening", by=await an_hr(), draft=sent(**given), key=a_key())
    assert data["code"] == code
    assert not await Opening.exists()


async def test_hr_edits_an_opening_and_says_anew_who_decides():
    hr, ann, ben = await an_hr(), await a_person(), await a_person()
    opening = await an_opening(insider_ids=[ann.id])
    draft = sent(title="Day shift agent", insider_ids=[f"person_{ben.id.hex}"])
    data = await send("EditOpening", by=hr, opening=node("opening", opening), draft=draft)
    assert data["opening"]["title"] == "Day shift agent"
    assert [one["name"] for one in data["opening"]["insiders"]] == [ben.name]


async def test_colleagues_see_what_is_open_and_hr_the_rest_too():
    hr, ann = await an_hr(), await a_person()
    opening = await an_opening()
    for state in ("PAUSED", "CLOSED"):
        await send("MoveOpening", by=hr, opening=node("opening", opening), state=state)
        assert (await send("Openings", by=ann))["edges"] == []
        [edge] = (await send("Openings", by=hr))["edges"]
        assert edge["node"]["state"] == state
    await send("MoveOpening", by=hr, opening=node("opening", opening), state="OPEN")
    assert len((await send("Openings", by=ann))["edges"]) == 1


async def test_who_decides_is_told_to_hr_alone_and_to_oneself_that_one_may_bring_nobody():
    ann = await a_person()
    await an_opening(insider_ids=[ann.id])
    [edge] = (await send("Openings", by=ann))["edges"]
    assert edge["node"]["viewerMayRefer"] is False
    [edge] = (await send("Openings", by=await a_person()))["edges"]
    assert edge["node"]["viewerMayRefer"] is True


async def test_whoever_decides_is_somebody():
    draft = sent() | {"insiderIds": [f"person_{uuid4().hex}"]}
    data = await send("CreateOpening", by=await an_hr(), draft=draft, key=a_key())
    assert data["code"] == "PERSON_NOT_FOUND"
    assert not await Opening.exists()


async def test_colleagues_keep_no_openings():
    opening = await an_opening()
    data = await send(
        "MoveOpening", by=await a_person(), opening=node("opening", opening), state="CLOSED"
    )
    assert data["code"] == "NOT_YOURS"
    assert (await Opening.get()).state is OpeningState.OPEN
