import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tortoise.connection import get_connection

from api.composition import SUBSCRIBERS
from community import pulses
from community.pulses import CheckIn, Face, PulseConsent
from core import clock, events
from core.people import Grants, Person
from tests.makers import a_key, a_person, ask, graphql, send

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)  # in Shanghai
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def present():
    with clock.set_to(NOON):
        yield


@pytest.fixture
async def ann(undo) -> Person:
    ann = await a_person()
    await pulses.consent(by=ann)
    return ann


async def check_in(by: Person, face: str, words: str | None = None, key: str | None = None):
    return await send("CheckIn", by=by, face=face, words=words, key=key or a_key())


async def series(by: Person) -> list[tuple[str, str, str | None]]:
    history = (await send("Pulse", by=by))["pulse"]["history"]["edges"]
    said = [edge["node"] for edge in history]
    return [(one["businessDate"], one["face"], one["words"]) for one in said]


async def test_without_consent_nothing_is_kept(undo):
    ann = await a_person()
    assert (await check_in(ann, "GOOD"))["code"] == "PULSE_CONSENT_FIRST"
    assert not await CheckIn.exists()
    assert (await send("Pulse", by=ann))["pulse"]["consentedOn"] is None


async def test_consent_is_given_once(undo):
    ann = await a_person()
    for moment in (NOON, NOON + DAY):
        with clock.set_to(moment):
            data = await send("ConsentToPulse", by=ann)
            assert data["pulse"]["consentedOn"] == "2026-03-04"


async def test_each_day_has_one_face_and_the_latest_stands(ann):
    await check_in(ann, "LOW", "A long shift.")
    with clock.set_to(NOON + DAY):
        await check_in(ann, "GOOD")
        await check_in(ann, "GREAT", "啊")
        assert await series(ann) == [
            ("2026-03-05", "GREAT", "啊"),
            ("2026-03-04", "LOW", "A long shift."),
        ]
        today = (await send("Pulse", by=ann))["pulse"]["today"]
    assert (today["face"], today["words"]) == ("GREAT", "啊")
    assert (await send("Pulse", by=ann))["pulse"]["today"]["face"] == "LOW"


async def test_a_day_is_one_of_the_organisation(ann):
    with clock.set_to(datetime(2026, 3, 4, 17, tzinfo=UTC)):
        assert (await check_in(ann, "GOOD"))["checkIn"]["businessDate"] == "2026-03-05"


async def test_a_retry_changes_nothing_even_if_it_comes_late(ann):
    first = await check_in(ann, "LOW", key="one")
    assert await check_in(ann, "LOW", key="one") == first
    second = await check_in(ann, "GOOD", key="two")
    assert await check_in(ann, "LOW", key="one") == second
    with clock.set_to(NOON + DAY):
        assert await check_in(ann, "GOOD", key="two") == second
    assert await series(ann) == [("2026-03-04", "GOOD", None)]
    assert (await check_in(ann, "LOW", key="two"))["code"] == "KEY_REUSED"


async def test_what_was_erased_is_not_brought_back_by_a_retry(ann):
    await check_in(ann, "LOW", key="one")
    await send("WithdrawPulseConsent", by=ann)
    await send("ConsentToPulse", by=ann)
    assert (await check_in(ann, "LOW", key="one"))["code"] == "CHECK_IN_GONE"
    assert not await CheckIn.exists()


async def test_withdrawing_the_consent_erases_everything(ann):
    ben = await a_person()
    await pulses.consent(by=ben)
    for person in (ann, ben):
        await check_in(person, "LOW")
    for _ in range(2):
        data = await send("WithdrawPulseConsent", by=ann)
        assert data["pulse"]["consentedOn"] is None
    assert await series(ann) == []
    assert await PulseConsent.all().values_list("person_id", flat=True) == [ben.id]
    assert await CheckIn.all().values_list("consent_id", flat=True) == [ben.id]


async def test_too_many_words_are_refused(ann):
    assert (await check_in(ann, "LOW", "x" * 281))["code"] == "TOO_LONG"
    assert not await CheckIn.exists()
    assert (await check_in(ann, "LOW", "  "))["checkIn"]["words"] is None


async def test_the_database_holds_neither_face_nor_words(ann):
    await check_in(ann, "AWFUL", "my knee")
    rows = str(await get_connection("default").execute_query_dict("SELECT * FROM check_in"))
    assert "AWFUL" not in rows
    assert "knee" not in rows


async def test_sealed_words_fit_no_other_row(ann):
    await check_in(ann, "AWFUL")
    with clock.set_to(NOON + DAY):
        await check_in(ann, "GREAT")
    one, other = await CheckIn.all().order_by("day")
    await CheckIn.filter(id=one.id).update(sealed=other.sealed)
    answer = await ask("{ viewer { pulse { history { edges { node { face } } } } } }", by=ann)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]


@pytest.mark.parametrize("grants", [Grants.HR, Grants.SUPERVISOR, Grants.ADMIN, Grants.COUNSELLOR])
async def test_nobody_else_reaches_it(ann, grants):
    said = await check_in(ann, "AWFUL", "my knee")
    reader = await a_person(grants=grants)
    document = "query ($id: ID!) { node(id: $id) { id } person(id: $id) { name } }"
    data = await graphql(document, by=reader, id=said["checkIn"]["id"])
    assert data == {"node": None, "person": None}
    assert await series(reader) == []


async def test_of_whoever_left_nothing_is_kept(ann):
    await check_in(ann, "LOW")
    await Person.filter(id=ann.id).update(left_on=clock.business_date())
    await events.record("person.left", person=ann.id)
    await events.deliver(SUBSCRIBERS)
    assert not await PulseConsent.exists()
    assert not await CheckIn.exists()


async def test_what_is_two_years_old_is_forgotten(ann):
    await check_in(ann, "LOW")
    with clock.set_to(NOON + pulses.KEPT):
        await pulses.forget()
        assert await CheckIn.exists()
    with clock.set_to(NOON + pulses.KEPT + DAY):
        await pulses.forget()
        assert not await CheckIn.exists()


async def test_a_long_history_has_pages(ann):
    for ago in range(5):
        with clock.set_to(NOON - ago * DAY):
            await pulses.check_in(Face.GOOD, by=ann, key=a_key())
    pulse = (await send("Pulse", by=ann, first=3))["pulse"]["history"]
    cursor = pulse["pageInfo"]["endCursor"]
    rest = (await send("Pulse", by=ann, first=3, after=cursor))["pulse"]["history"]
    dates = [edge["node"]["businessDate"] for edge in (*pulse["edges"], *rest["edges"])]
    assert dates == [f"2026-03-0{4 - ago}" if ago < 4 else "2026-02-28" for ago in range(5)]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_many_check_ins_at_once_are_one():
    ann = await a_person()
    await pulses.consent(by=ann)
    await asyncio.gather(*(pulses.check_in(face, by=ann, key=a_key()) for face in list(Face) * 4))
    assert await CheckIn.all().count() == 1


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_whoever_withdraws_while_checking_in_leaves_nothing():
    people = [await a_person() for _ in range(10)]
    for person in people:
        await pulses.consent(by=person)
    checking = [pulses.check_in(Face.LOW, by=person, key=a_key()) for person in people]
    withdrawing = [pulses.withdraw(by=person) for person in people]
    await asyncio.gather(*checking, *withdrawing, return_exceptions=True)
    assert not await CheckIn.exists()
