import csv
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from core import clock
from core.audit import AuditEntry
from core.people import Grants, Person
from core.text import Text
from gamify import earn_years
from gamify.shop.redemptions import APPROVED, FULFILLED, READY, RETURNED
from tests.gamify.shop.makers import (
    a_buyer,
    a_reward,
    a_site,
    an_hr,
    an_order,
    stepped,
)
from tests.makers import a_person, a_shift, ask, client, node, operation, send


async def fetched(hr, **asked):
    url = await send("OrderSheet", by=hr, **asked)
    async with client() as http:
        return await http.get(url)


def table(answer):
    return [*csv.reader(StringIO(answer.content.decode("utf-8-sig")))]


async def test_a_sheet_holds_exactly_what_the_inbox_shows():
    hr, reward = await an_hr(), await a_reward(name=Text("Cooker", "电饭煲", "電鍋"))
    made = [await an_order(reward, by=await a_buyer(name=f"王{n}")) for n in range(3)]
    await stepped(made[1], APPROVED, READY)
    for states in (["REQUESTED"], ["REQUESTED", "READY"], None):
        chosen = {"states": states, "rewardId": node("reward", reward)}
        page = await send("OrderInbox", by=hr, filter=chosen)
        header, *rows = table(await fetched(hr, format="CSV", filter=chosen))
        shown = [edge["node"] for edge in page["edges"]]
        assert [row[0] for row in rows] == [one["id"][11:19] for one in shown]
        assert [row[10] for row in rows] == [one["buyer"]["name"] for one in shown]
        assert header[:2] == ["Order", "State"]
    assert await AuditEntry.filter(name="redemptions.exported", by_id=hr.id).count() == 3


async def test_a_sheet_is_safe_and_chinese_whatever_people_are_called():
    hr, reward = await an_hr(), await a_reward(name=Text("Cooker", "电饭煲", "電鍋"))
    await an_order(reward, by=await a_buyer(name="=cmd|' /C calc'!A0"))
    asked = {"name": "OrderSheet", "by": hr, "language": "zh-CN"}
    document, _ = operation("OrderSheet")
    urls = [
        (await ask(document, **asked, format=format_))["data"]["redemptionSheet"]
        for format_ in ("CSV", "XLSX")
    ]
    async with client() as http:
        plain, book = [await http.get(url) for url in urls]
    assert plain.content.startswith("\ufeff订单号".encode())
    assert "'=cmd|' /C calc'!A0" in plain.content.decode()
    assert "电饭煲" in plain.content.decode()
    with ZipFile(BytesIO(book.content)) as zip_:
        strings = zip_.read("xl/sharedStrings.xml").decode()
        cells = zip_.read("xl/worksheets/sheet1.xml").decode()
    assert "电饭煲" in strings
    assert "=cmd|" in strings
    assert "<f>" not in cells


async def test_a_link_to_a_sheet_is_for_who_is_hr_and_for_some_minutes():
    hr = await an_hr()
    url = await send("OrderSheet", by=hr, format="CSV")
    async with client() as http:
        assert (await http.get(url)).status_code == 200
        assert (await http.get(url.replace("signature=", "signature=x"))).status_code == 403
        with clock.set_to(clock.now() + timedelta(minutes=30)):
            assert (await http.get(url)).status_code == 403
        await Person.filter(id=hr.id).update(grants=Grants.NONE)
        assert (await http.get(url)).status_code == 404


async def test_a_pick_list_goes_by_the_shift_in_which_buyers_come():
    site, now = await a_site(), clock.now()
    reward = await a_reward(site=site)
    late, soon, unknown = [await a_buyer() for _ in range(3)]
    await a_shift(late, now + timedelta(hours=9), now + timedelta(hours=17))
    await a_shift(soon, now - timedelta(hours=1), now + timedelta(hours=7))
    orders = {}
    for buyer in (late, unknown, soon):
        orders[buyer.id] = await an_order(reward, by=buyer)
        await stepped(orders[buyer.id], APPROVED)
    await an_order(reward)  # waits for approval

    groups = await send("PickList", by=await an_hr(), site=node("site", site))

    told = [[order["buyer"]["id"] for order in group["redemptions"]] for group in groups]
    assert told == [[node("person", one)] for one in (soon, late, unknown)]
    assert groups[2]["beginsAt"] is None


async def test_what_is_owed_is_told_by_the_day_it_expires_and_valued():
    year = clock.business_date().year
    ann = await a_buyer(1200)
    await an_order(await a_reward(), by=ann)

    told = await send("PointsLiability", by=await an_hr())

    expires_on = earn_years.last_day(2026).isoformat()
    assert told["outstanding"] == [{"expiresOn": expires_on, "points": 700, "value": 70}]
    assert (told["reservedPoints"], told["pendingPoints"], told["value"]) == (500, 0, 120)
    assert told["breakage"] == [{"year": 2026, "earned": 1200, "lapsed": 0, "rate": 0.0}]
    assert told["asOf"].startswith(str(year))


async def test_payroll_hears_what_was_handed_out_and_not_taken_back():
    hr, today = await an_hr(), clock.business_date()
    people = [await a_buyer(3000) for _ in range(3)]
    for buyer, count in zip(people, (1, 2, 1), strict=True):
        for _ in range(count):
            order = await an_order(by=buyer)
            await stepped(order, APPROVED, READY, FULFILLED)
    await stepped(order, RETURNED)
    period = {"since": today.isoformat(), "until": today.isoformat()}

    first = await send("TaxableValues", by=hr, **period, first=1)
    rest = await send("TaxableValues", by=hr, **period, after=first["pageInfo"]["endCursor"])

    told = [edge["node"] for page in (first, rest) for edge in page["edges"]]
    assert [(one["person"]["id"], one["valueCents"], one["prizeCount"]) for one in told] == [
        (node("person", people[1]), 39_800, 2),
        (node("person", people[0]), 19_900, 1),
    ]
    then = {"since": "2020-01-01", "until": "2020-01-31"}
    assert (await send("TaxableValues", by=hr, **then))["edges"] == []


async def test_what_is_ordered_most_stands_first():
    seldom, often = await a_reward(), await a_reward()
    for reward in (often, seldom, often):
        await an_order(reward)
    day = clock.business_date()
    period = {"since": (day - timedelta(days=1)).isoformat(), "until": day.isoformat()}
    told = await send("RewardPopularity", by=await an_hr(), **period)
    assert [(one["reward"]["id"], one["orderCount"], one["points"]) for one in told] == [
        (node("reward", often), 2, 1000),
        (node("reward", seldom), 1, 500),
    ]


@pytest.mark.parametrize("name", ["PointsLiability", "TaxableValues", "OrderSheet", "OrderInbox"])
async def test_reports_are_for_hr_alone(name):
    document, name = operation(name)
    given = {"since": "2026-01-01", "until": "2026-01-01", "format": "CSV"}
    for grants in (Grants.NONE, Grants.SUPERVISOR, Grants.ADMIN, Grants.MODERATOR):
        answer = await ask(document, by=await a_person(grants=grants), name=name, **given)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_YOURS"
