from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from core import clock
from core.people import Grants, HireChannel, Person, Team
from core.personnel.employments import PastEmployment
from tests.core.makers import chosen
from tests.makers import a_person, ask, graphql, send

TODAY = date(2026, 11, 22)
LONG_AGO = TODAY - timedelta(days=500)
REPORT = """{ hrReport { attrition { verdict ratio lower upper } groups { year department
  retentions { channel curve { n left censored median { days } marks { day atRisk share } } }
} } }"""

numbers = count(1)


@pytest.fixture(autouse=True)
def present():
    with clock.set_to(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


async def hired(many: int, *, gone: int = 0, after: int = 100, **given: Any) -> None:
    """So many, of whom some left after so many days."""
    given = {"hire_channel": HireChannel.REFERRAL, "hired_on": LONG_AGO, "name": "Somebody"} | given
    left_on = given["hired_on"] + timedelta(days=after)
    await Person.bulk_create(
        Person(number=f"R{next(numbers)}", left_on=left_on if n < gone else None, **given)
        for n in range(many)
    )


async def an_hr() -> Person:
    return await a_person(grants=Grants.HR)


async def told():
    """By year or department: the curves of what is told."""
    report = (await graphql(REPORT, by=await an_hr()))["hrReport"]
    return {
        group["year"] or group["department"]: {
            one["channel"] or "ALL": one["curve"] for one in group["retentions"] if one["curve"]
        }
        for group in report["groups"]
    }


async def test_a_channel_has_its_curve():
    await hired(20, gone=5)
    await hired(30, gone=15, hire_channel=HireChannel.OPEN_MARKET, after=30)

    company = (await told())[None]

    assert company.keys() == {"ALL", "REFERRAL", "OPEN_MARKET"}
    referred = company["REFERRAL"]
    assert (referred["n"], referred["left"], referred["censored"]) == (20, 5, 15)
    assert referred["median"]["days"] is None
    assert company["OPEN_MARKET"]["median"]["days"] == 30
    assert {mark["day"]: (mark["atRisk"], mark["share"]) for mark in referred["marks"]} == {
        30: (20, 1),
        90: (20, 1),
        180: (15, 0.75),
        365: (15, 0.75),
        730: (0, None),
        1095: (0, None),
    }


async def test_nine_people_are_withheld_and_whom_they_could_be_subtracted_from():
    await hired(9, gone=3)
    await hired(30, gone=15, hire_channel=HireChannel.OPEN_MARKET)
    await hired(40, gone=15, hire_channel=HireChannel.CAMPUS)

    assert (await told())[None].keys() == {"ALL", "CAMPUS"}
    assert (await told())[2025].keys() == {"CAMPUS"}


async def test_ten_people_are_told_of():
    await hired(10, gone=2)
    await hired(30, gone=15, hire_channel=HireChannel.OPEN_MARKET)

    assert (await told())[None].keys() == {"ALL", "REFERRAL", "OPEN_MARKET"}


async def test_of_a_channel_in_which_all_are_still_here_nothing_is_told():
    await hired(30)
    await hired(40, gone=15, hire_channel=HireChannel.CAMPUS)
    await hired(50, gone=15, hire_channel=HireChannel.OPEN_MARKET)

    assert (await told())[None].keys() == {"ALL", "OPEN_MARKET"}


async def test_of_a_small_company_nothing_is_told():
    await hired(9, gone=3)

    report = (await graphql(REPORT, by=await an_hr()))["hrReport"]

    assert report["attrition"] == dict.fromkeys(("ratio", "lower", "upper")) | {
        "verdict": "TOO_FEW"
    }
    assert {one["curve"] for group in report["groups"] for one in group["retentions"]} == {None}


async def test_years_and_departments_are_told_apart():
    old, new = [await Team.create(department=name, name="A") for name in ("Old", "New")]
    for team, year, gone in ((old, 2024, 6), (new, 2025, 4)):
        await hired(20, gone=gone, hired_on=date(year, 3, 1), team=team)
        await hired(
            20, gone=gone, hired_on=date(year, 3, 1), team=team, hire_channel=HireChannel.CAMPUS
        )

    found = await told()

    assert found.keys() == {None, 2024, 2025, "Old", "New"}
    assert {name: group["REFERRAL"]["left"] for name, group in found.items()} == {
        None: 10,
        2024: 6,
        2025: 4,
        "Old": 6,
        "New": 4,
    }


async def test_a_department_is_not_told_if_a_year_less_it_would_be_a_few():
    old, new = [await Team.create(department=name, name="A") for name in ("Old", "New")]
    await hired(30, gone=10, hired_on=date(2024, 3, 1), team=old)
    await hired(30, gone=10, hired_on=date(2025, 3, 1), team=new)
    await hired(5, gone=2, hired_on=date(2025, 3, 1), team=old)
    await hired(30, gone=15, hire_channel=HireChannel.OPEN_MARKET)

    found = await told()

    assert found[2024].keys() == {"REFERRAL"}
    assert found[2025].keys() == {"REFERRAL", "OPEN_MARKET"}
    assert found["Old"].keys() == found["New"].keys() == set()


async def test_who_will_leave_is_still_here_and_who_comes_tomorrow_is_not_yet():
    await hired(20, gone=5, after=501)
    await hired(20, gone=5, after=500)
    await hired(20, hired_on=TODAY + timedelta(days=1))

    curve = (await told())[None]["ALL"]

    assert (curve["n"], curve["left"]) == (40, 5)


async def test_who_was_hired_again_counts_for_each_time():
    await hired(10, gone=1)
    person = await Person.filter(left_on__isnull=True).first()
    await PastEmployment.create(
        person_id=person.id,
        hired_on=date(2024, 1, 1),
        left_on=date(2024, 2, 1),
        hire_channel=HireChannel.REFERRAL,
        department="",
    )

    curve = (await told())[None]["ALL"]

    assert (curve["n"], curve["left"], curve["marks"][1]["share"]) == (
        11,
        2,
        pytest.approx(10 / 11),
    )


async def test_hires_before_the_files_were_complete_are_left_out():
    """Of those years the files hold only who stayed."""
    await hired(30, hired_on=date(2019, 1, 1))
    await hired(20, gone=5)

    with chosen(hires_known_since="2024-01-01"):
        curve = (await told())[None]["ALL"]

    assert (curve["n"], curve["left"]) == (20, 5)


async def test_a_quarter_of_the_attrition_is_said_with_its_limits():
    await hired(100, gone=10)
    await hired(60, gone=20, hire_channel=HireChannel.OPEN_MARKET)
    await hired(40, gone=20, hire_channel=HireChannel.CAMPUS)

    attrition = (await send("HrReport", by=await an_hr()))["attrition"]

    assert attrition["verdict"] == "LOWER"
    figures = [attrition[name] for name in ("ratio", "lower", "upper")]
    assert figures == pytest.approx([0.25, 0.1325, 0.4718], abs=1e-4)


async def test_the_report_is_for_hr_alone():
    for grants in (Grants.ADMIN | Grants.SUPERVISOR | Grants.MODERATOR, Grants.COUNSELLOR):
        answer = await ask(REPORT, by=await a_person(grants=grants))
        assert answer["errors"][0]["extensions"]["code"] == "NOT_YOURS"
