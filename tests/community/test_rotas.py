import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from community import rotas
from community.rotas import Turn
from community.week import Hours, Weekday
from core import clock, pauses
from core.audit import AuditEntry
from core.people import Grants, Person
from tests.counselling import a_counsellor, on_call
from tests.makers import a_person, ask, node, send

MONDAY = datetime(2026, 11, 22, 16, tzinfo=UTC)  # begins then in Shanghai


async def at(weekday: int, hour: int, minute: int = 0):
    with clock.set_to(MONDAY + timedelta(days=weekday, hours=hour, minutes=minute)):
        return await rotas.current()


async def names(weekday: int, hour: int, minute: int = 0) -> list[str]:
    return [person.name for person in (await at(weekday, hour, minute)).on_call]


async def test_a_counsellor_is_on_call_in_their_hours_each_week():
    await on_call(await a_counsellor(name="Shen"), "MONDAY 09:00-17:00", "TUESDAY 13:00-14:30")

    assert await names(0, 8, 59) == []
    assert await names(0, 9) == ["Shen"]
    assert await names(0, 16, 59) == ["Shen"]
    assert await names(0, 17) == []
    assert await names(1, 14, 29) == await names(8, 14, 29) == ["Shen"]


async def test_a_turn_over_midnight_and_over_the_end_of_the_week_is_one_turn():
    await on_call(await a_counsellor(name="Du"), "SUNDAY 22:00-06:00")

    assert await names(6, 23) == await names(0, 5, 59) == ["Du"]
    assert await names(0, 6) == await names(6, 21) == []
    [gap] = (await at(0, 0)).gaps
    assert (gap.begins_on, str(gap.begins), gap.ends_on, str(gap.ends)) == (
        Weekday.MONDAY,
        "06:00:00",
        Weekday.SUNDAY,
        "22:00:00",
    )


async def test_what_ends_when_it_begins_lasts_a_day():
    await on_call(await a_counsellor(name="Du"), "MONDAY 08:00-08:00")
    assert await names(1, 7, 59) == ["Du"]
    assert await names(1, 8) == []


async def test_gaps_are_what_nobody_covers():
    assert (await at(0, 0)).gaps == [(0, 7 * 24 * 60)]
    shen, du = await a_counsellor(), await a_counsellor()
    await on_call(shen, *(f"{day} 08:00-20:00" for day in Weekday))
    await on_call(du, *(f"{day} 18:00-02:00" for day in Weekday if day != Weekday.FRIDAY))

    gaps = [(gap.begins_on[:3], str(gap.begins)[:5], gap.length) for gap in (await at(0, 0)).gaps]
    assert gaps == [
        *((day, "02:00", 360) for day in ("MON", "TUE", "WED", "THU", "FRI")),
        ("FRI", "20:00", 720),
        ("SUN", "02:00", 360),
    ]


async def test_somebody_always_on_call_leaves_no_gap():
    await on_call(await a_counsellor())
    rota = await at(3, 3)
    assert (rota.gaps, rota.covered_from) == ([], rota.at)


async def test_it_is_known_from_when_somebody_is_there_again_and_who_comes_next():
    shen, du = await a_counsellor(name="Shen"), await a_counsellor(name="Du")
    await on_call(shen, "MONDAY 09:00-17:00")
    await on_call(du, "MONDAY 08:00-12:00", "TUESDAY 09:00-10:00")

    evening = await at(0, 20, 30)
    assert evening.covered_from == MONDAY + timedelta(days=1, hours=9)
    assert [person.name for person in evening.order] == ["Du", "Shen"]
    assert [person.name for person in (await at(0, 13)).order] == ["Shen", "Du"]
    assert (await at(0, 13)).covered_from == MONDAY + timedelta(hours=13)
    await Turn.all().delete()
    assert (await at(0, 13)).covered_from is None


async def test_hours_keep_to_the_clock_on_the_wall_when_summer_ends(set_limits):
    set_limits(time_zone="Europe/Berlin")
    await on_call(await a_counsellor(), "SUNDAY 09:00-10:00")
    with clock.set_to(datetime(2026, 10, 24, 20, tzinfo=UTC)):  # the night it is set back
        assert (await rotas.current()).covered_from == datetime(2026, 10, 25, 8, tzinfo=UTC)


async def test_who_has_left_is_away_or_counsels_no_more_covers_nothing():
    gone, away, promoted = [await a_counsellor() for _ in range(3)]
    for one in (gone, away, promoted):
        await on_call(one)
    await Person.filter(id=gone.id).update(left_on=clock.business_date())
    await pauses.pause(clock.business_date() + timedelta(days=7), by=away)
    await Person.filter(id=promoted.id).update(grants=Grants.COUNSELLOR | Grants.SUPERVISOR)

    assert (await rotas.current()).order == []


async def test_a_counsellor_sets_hours_and_an_administrator_sees_the_gaps():
    shen = await a_counsellor(name="Shen")
    night = {"weekday": "MONDAY", "begins": "22:00", "ends": "06:00"}

    data = await send("PutOnCallHours", by=shen, counsellor=node("person", shen), hours=[night] * 2)

    hours = {"beginsOn": "MONDAY", "begins": "22:00", "endsOn": "TUESDAY", "ends": "06:00"}
    [turn] = data["rota"]["turns"]
    assert (turn["counsellor"]["name"], turn["hours"]) == ("Shen", hours)
    seen = await send("Rota", by=await a_person(grants=Grants.ADMIN))
    assert [gap["begins"] for gap in seen["gaps"]] == ["06:00"]
    entry = await AuditEntry.get(name="rota.put")
    assert (entry.by_id, entry.about_id, entry.facts) == (shen.id, shen.id, {"turns": 1})


@pytest.mark.parametrize("hour", ["24:00", "9", "22:00:01", "22:00+08:00", "late"])
async def test_what_is_no_time_of_the_day_is_refused(hour):
    shen = await a_counsellor()
    document = """mutation ($who: ID!, $hours: [OnCallHours!]!) {
        putOnCallHours(counsellorId: $who, hours: $hours) { ... on Refusal { code } } }"""
    hours = [{"weekday": "MONDAY", "begins": hour, "ends": "06:00"}]
    answer = await ask(document, by=shen, who=node("person", shen), hours=hours)
    assert "Time must be HH:MM" in answer["errors"][0]["message"]


async def test_nobody_is_put_on_the_rota_who_is_no_counsellor_or_too_often():
    shen, other = await a_counsellor(), await a_person(grants=Grants.HR | Grants.COUNSELLOR)
    turn = {"weekday": "MONDAY", "begins": "22:00", "ends": "06:00"}
    for counsellor, hours, code in (
        (other, [turn], "COUNSELLOR_NOT_FOUND"),
        (shen, [turn] * 22, "TOO_MANY_TURNS"),
    ):
        who = node("person", counsellor)
        data = await send("PutOnCallHours", by=shen, counsellor=who, hours=hours)
        assert data["code"] == code
    assert not await Turn.exists()


@pytest.mark.parametrize("grants", [Grants.NONE, Grants.HR, Grants.SUPERVISOR, Grants.ADMIN])
async def test_nobody_else_changes_the_rota(grants):
    shen, other = await a_counsellor(), await a_person(grants=grants)
    data = await send("PutOnCallHours", by=other, counsellor=node("person", shen), hours=[])
    assert data["code"] == "NOT_YOURS"


@pytest.mark.committed
async def test_hours_that_are_set_at_once_are_those_of_one_who_set_them():
    shen = await a_counsellor()
    days = [[Weekday.MONDAY, Weekday.TUESDAY], [Weekday.WEDNESDAY, Weekday.THURSDAY]] * 4
    nine, five = (datetime(2026, 1, 1, hour, tzinfo=UTC).time() for hour in (9, 17))

    await asyncio.gather(
        *(rotas.put(shen.id, [Hours(day, nine, five) for day in some], by=shen) for some in days)
    )

    begins = {turn.begin // 1440 for turn in await Turn.all()}
    assert begins in ({0, 1}, {2, 3})
