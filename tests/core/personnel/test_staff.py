import asyncio
from contextlib import aclosing
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import pytest

from api.composition import KEEPING
from core import clock, erasures, people
from core.database.sql import Statement
from core.events import Event
from core.identity import sessions
from core.people import Grants, HireChannel, Person, Team
from core.personnel import staff, staff_files
from core.personnel.staff import Import, UnknownManager
from core.personnel.staff_changes import Change, Kind
from core.personnel.staff_columns import Field
from core.personnel.staff_files import StaffFile
from core.search import words
from core.search.names import PersonWords
from core.sheets.rejects import Reject

HEADER = "工号,姓名,部门,班组,手机,入职日期,渠道,离职日期,HR,主管,上级"
NOON = datetime(2025, 6, 15, 4, tzinfo=UTC)  # in Shanghai

Outcomes = list[Change | Reject]


@pytest.fixture(autouse=True)
def present():
    with clock.set_to(NOON):
        yield


@pytest.fixture
def a_file(tmp_path: Path):
    def of(*lines: str) -> StaffFile:
        path = tmp_path / "staff.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return staff_files.opened(path)

    return of


@pytest.fixture
def bring(a_file):
    async def bring_(*lines: str, dry_run: bool = False) -> Outcomes:
        run = Import(a_file(*lines), dry_run=dry_run)
        return [outcome async for outcome in run.changes()]

    return bring_


def kinds(outcomes: Outcomes) -> dict[str, Kind]:
    return {change.employee.number: change.kind for change in outcomes}


async def managers() -> dict[str, str | None]:
    return dict(await Person.all().values_list("number", "manager__number"))


async def told() -> list[tuple[str, datetime]]:
    return await Event.all().order_by("due_at", "name").values_list("name", "due_at")


async def test_newcomers_are_known_as_the_file_says(bring):
    outcomes = await bring(
        HEADER,
        "A1,张伟,客服一部,早班A组,13800138000,2025-06-01,内推,,是,,",
        "A2,㛃𠮷𣲗,客服一部,早班A组,,,,,,1,A1",
    )
    ann, ben = await Person.all().order_by("number").prefetch_related("team", "manager")
    assert kinds(outcomes) == {"A1": Kind.NEW, "A2": Kind.NEW}
    assert (ann.name, ann.phone, ann.hired_on) == ("张伟", "+8613800138000", date(2025, 6, 1))
    assert (ann.hire_channel, ann.grants, ann.manager) == (HireChannel.REFERRAL, Grants.HR, None)
    assert (ben.name, ben.phone, ben.hired_on) == ("㛃𠮷𣲗", None, None)
    assert (ben.hire_channel, ben.grants, ben.manager) == (
        HireChannel.OTHER,
        Grants.SUPERVISOR,
        ann,
    )
    assert ann.team == ben.team == await Team.get(department="客服一部", name="早班A组")


async def test_the_same_file_again_changes_nothing(bring, statements):
    lines = [
        HEADER,
        "A1,张伟,客服一部,早班A组,13800138000,2025-06-01,内推,,是,,A2",
        "A2,李娜,客服一部,,,2025-06-01,校招,2025-07-01,,是,",
        "A3,王芳,,晚班,,,,2025-05-01,,,A9",
        "A4,刘洋,,,,,,,,,",
    ]
    await bring(*lines)
    before = await Person.all().order_by("number").values(), await Event.all().count()
    statements()
    again = await bring(*lines)
    assert set(kinds(again).values()) == {Kind.UNCHANGED}
    assert not [sql for sql in statements() if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert before == (await Person.all().order_by("number").values(), await Event.all().count())


async def test_a_dry_run_finds_the_same_changes_and_makes_none(bring):
    await bring(HEADER, "A1,张伟,客服一部,早班A组,,2025-06-01,内推,,,,")
    lines = [
        HEADER,
        "A1,张伟,客服二部,早班A组,,2025-06-01,内推,,,,A3",
        "A2,李娜,客服二部,早班A组,,,,,,,A3",
        "A3,王芳,客服二部,早班A组,,,,,,,A9",
        "A4,,,,,,,,,,",
    ]
    before = await Person.all().values(), await Team.all().count(), await Event.all().count()
    planned = await bring(*lines, dry_run=True)
    after = await Person.all().values(), await Team.all().count(), await Event.all().count()
    assert before == after
    made = await bring(*lines)
    assert [findings(outcome) for outcome in planned] == [findings(outcome) for outcome in made]


def findings(outcome: Change | Reject) -> tuple:
    if isinstance(outcome, Reject):
        return outcome.row, [(fault.column, fault.refused.code) for fault in outcome.faults]
    return outcome.employee, outcome.kind, outcome.was, outcome.now, outcome.fault is None


async def test_a_change_is_told_field_by_field(bring):
    await bring(HEADER, "A1,张伟,客服一部,早班A组,13800138000,2025-06-01,内推,,是,,")
    [change] = await bring(HEADER, "A1,张薇,客服二部,早班A组,,2025-06-01,内推,,,,")
    assert change.kind is Kind.CHANGED
    assert change.was == {
        Field.NAME: "张伟",
        Field.DEPARTMENT: "客服一部",
        Field.PHONE: "+8613800138000",
        Field.HR: True,
    }
    assert change.now == {
        Field.NAME: "张薇",
        Field.DEPARTMENT: "客服二部",
        Field.PHONE: None,
        Field.HR: False,
    }
    ann = await Person.get(number="A1").prefetch_related("team")
    assert (ann.name, ann.phone, ann.grants) == ("张薇", None, Grants.NONE)
    assert (ann.team.department, ann.team.name) == ("客服二部", "早班A组")


async def test_who_is_not_in_the_file_is_left_alone(bring):
    await bring(HEADER, "A1,张伟,,,,,,,,,", "A2,李娜,,,,,,,,,")
    before = await Person.get(number="A1").values()
    await bring(HEADER, "A2,李想,,,,,,,,,")
    assert await Person.get(number="A1").values() == before


async def test_what_the_file_has_no_column_for_is_left_alone(bring):
    await bring(HEADER, "A1,张伟,客服一部,早班A组,13800138000,2025-06-01,内推,,是,是,")
    before = await Person.get(number="A1").values()
    [change] = await bring("工号,姓名,部门", "A1,张伟,客服一部")
    assert change.kind is Kind.UNCHANGED
    assert await Person.get(number="A1").values() == before


async def test_grants_that_hr_does_not_give_are_kept(bring):
    await Person.create(number="A1", name="张伟", grants=Grants.MODERATOR | Grants.HR)
    await bring("工号,姓名,HR,主管", "A1,张伟,否,是")
    assert (await Person.get(number="A1")).grants == Grants.MODERATOR | Grants.SUPERVISOR


@pytest.mark.parametrize(
    ("header", "cells", "team"),
    [
        ("部门,班组", "客服一部,早班A组", ("客服一部", "早班A组")),
        ("部门,班组", "客服一部,", ("客服一部", "客服一部")),
        ("部门", "客服一部", ("客服一部", "客服一部")),
        ("班组", "早班A组", ("", "早班A组")),
    ],
)
async def test_a_team_is_made_of_what_the_file_says_of_it(bring, header, cells, team):
    await bring(f"工号,姓名,{header}", f"A1,张伟,{cells}")
    [again] = await bring(f"工号,姓名,{header}", f"A1,张伟,{cells}")
    assert await Team.all().values_list("department", "name") == [team]
    assert again.kind is Kind.UNCHANGED


async def test_another_department_alone_leaves_no_team_of_the_old_one(bring):
    await bring(HEADER, "A1,张伟,客服一部,早班A组,,,,,,,")
    await bring("工号,姓名,部门", "A1,张伟,质检部")
    ann = await Person.get(number="A1").prefetch_related("team")
    assert (ann.team.department, ann.team.name) == ("质检部", "质检部")


@pytest.mark.parametrize("batch", [1, 2, 500])
async def test_the_reporting_line_stands_in_whatever_order_it_comes(bring, monkeypatch, batch):
    monkeypatch.setattr(staff, "BATCH", batch)
    lines = ["A1,张伟,A2", "A2,李娜,A3", "A3,王芳,A4", "A4,刘洋,", "A5,赵磊,A1"]
    outcomes = await bring("工号,姓名,上级", *lines)
    assert await managers() == {"A1": "A2", "A2": "A3", "A3": "A4", "A4": None, "A5": "A1"}
    assert sorted(kinds(outcomes)) == ["A1", "A2", "A3", "A4", "A5"]


async def test_a_new_name_is_the_one_they_are_found_by(bring):
    for name in ("陈静", "張薇"):
        await bring("工号,姓名", f"A1,{name}", "A2,李娜")
    found = Statement(words.found(PersonWords))
    assert await found.rows(asked=words.asked([["陈"]])) == []
    [[id]] = await found.rows(asked=words.asked([["张", "薇"]]))
    assert str(id) == str((await Person.get(number="A1")).id)


async def test_two_people_may_swap_places_in_the_line(bring):
    await bring("工号,姓名,上级", "A1,张伟,", "A2,李娜,A1", "A3,王芳,A2")
    await bring("工号,姓名,上级", "A1,张伟,A2", "A2,李娜,", "A3,王芳,A1")
    assert await managers() == {"A1": "A2", "A2": None, "A3": "A1"}


async def test_an_unknown_manager_is_told_and_the_line_stays_as_it_was(bring):
    await bring("工号,姓名,上级", "A1,张伟,", "A2,李娜,A1")
    lines = ["A2,李想,A9", "A3,王芳,A9", "A4,刘洋,A3"]
    changes = await bring("工号,姓名,上级", *lines)
    faults = {c.employee.number: c.fault and c.fault.refused for c in changes}
    assert await managers() == {"A1": None, "A2": "A1", "A3": None, "A4": "A3"}
    assert (await Person.get(number="A2")).name == "李想"
    assert isinstance(faults["A2"], UnknownManager)
    assert faults["A3"].facts == {"number": "A9"}
    assert faults["A4"] is None


async def test_newcomers_are_announced_on_the_day_they_begin(bring):
    await bring("工号,姓名,入职日期", "A1,张伟,2025-06-01", "A2,李娜,2025-07-01", "A3,王芳,")
    ids = dict(await Person.all().values_list("number", "id"))
    july = datetime(2025, 6, 30, 16, tzinfo=UTC)
    said = {
        event.payload["person"]: (event.name, event.due_at, event.payload["hired_on"])
        for event in await Event.all()
    }
    assert said == {
        str(ids["A1"]): ("person.hired", NOON, "2025-06-01"),
        str(ids["A2"]): ("person.hired", july, "2025-07-01"),
        str(ids["A3"]): ("person.hired", NOON, None),
    }


async def test_who_left_before_being_known_is_not_announced(bring):
    await bring("工号,姓名,离职日期", "A1,张伟,2025-06-15")
    assert await told() == []
    assert not await Person.filter(people.employed()).exists()


async def test_a_leaver_is_gone_at_once(bring):
    await bring("工号,姓名,离职日期", "A1,张伟,")
    await Event.all().delete()
    ann = await Person.get(number="A1")
    token = (await sessions.open_for(ann, device="phone")).token
    [change] = await bring("工号,姓名,离职日期", "A1,张伟,2025-06-15")
    event = await Event.get()
    assert change.kind is Kind.LEAVING
    assert await sessions.by_token(token) is None
    assert not await Person.filter(people.employed()).exists()
    assert (event.name, event.due_at) == ("person.left", NOON)
    assert event.payload == {"person": str(ann.id), "left_on": "2025-06-15"}


async def test_who_leaves_later_stays_until_that_day(bring):
    await bring("工号,姓名,离职日期", "A1,张伟,")
    await Event.all().delete()
    [change] = await bring("工号,姓名,离职日期", "A1,张伟,2025-07-01")
    token = (await sessions.open_for(await Person.get(number="A1"), device="phone")).token
    assert change.kind is Kind.LEAVING
    assert await told() == [("person.left", datetime(2025, 6, 30, 16, tzinfo=UTC))]
    with clock.set_to(datetime(2025, 6, 30, 15, 59, tzinfo=UTC)):
        assert await sessions.by_token(token)
    with clock.set_to(datetime(2025, 6, 30, 16, tzinfo=UTC)):
        assert await sessions.by_token(token) is None
        assert not await Person.filter(people.employed()).exists()


async def test_correcting_a_date_long_past_ends_nothing_again(bring):
    await bring("工号,姓名,离职日期", "A1,张伟,2025-05-01")
    [change] = await bring("工号,姓名,离职日期", "A1,张伟,2025-05-02")
    assert change.kind is Kind.CHANGED
    assert await told() == []


async def test_rejected_rows_touch_nobody(bring):
    await bring("工号,姓名,手机", "A1,张伟,13800138000")
    outcomes = await bring("工号,姓名,手机", "A1,张伟,12345", "A2,李娜,13900139000")
    assert [type(outcome) for outcome in outcomes] == [Reject, Change]
    assert (await Person.get(number="A1")).phone == "+8613800138000"
    assert (await Person.get(number="A2")).phone == "+8613900139000"


@pytest.mark.committed
async def test_imports_that_run_at_once_add_everybody_once(a_file):
    others = [f"A{n},张伟,客服{n % 7}部,{n % 40}组,A{n // 2}" for n in range(2, 1200)]
    file = a_file("工号,姓名,部门,班组,上级", "A1,张伟,客服1部,1组,", *others)

    async def run() -> int:
        return len([change async for change in Import(file).changes()])

    assert await asyncio.gather(run(), run(), run()) == [1199] * 3
    assert await Person.all().count() == await Event.filter(name="person.hired").count() == 1199
    assert await Person.filter(manager_id__isnull=True).values_list("number", flat=True) == ["A1"]


@pytest.mark.committed
async def test_an_import_cut_short_leaves_whole_rows_and_the_next_one_ends_it(
    bring, a_file, monkeypatch
):
    monkeypatch.setattr(staff, "BATCH", 2)
    lines = ["工号,姓名,部门,班组", *(f"A{n},张伟,客服一部,早班A组" for n in range(1, 8))]
    async with aclosing(Import(a_file(*lines)).changes()) as changes:
        async for change in changes:
            if change.employee.number == "A3":
                break
    assert await Person.filter(team__name="早班A组").count() == await Event.all().count() == 4
    again = await bring(*lines)
    assert [change.kind for change in again] == [Kind.UNCHANGED] * 4 + [Kind.NEW] * 3
    assert await Event.all().count() == 7


@pytest.mark.committed
async def test_imports_that_run_at_once_end_an_employment_once(a_file, bring):
    numbers = range(1, 100)
    await bring("工号,姓名", *(f"A{n},张伟" for n in numbers))
    file = a_file("工号,姓名,离职日期", *(f"A{n},张伟,2025-06-15" for n in numbers))

    async def run() -> list[Kind]:
        return [change.kind async for change in Import(file).changes()]

    kinds = [*chain.from_iterable(await asyncio.gather(run(), run(), run()))]
    assert (kinds.count(Kind.LEAVING), kinds.count(Kind.UNCHANGED)) == (99, 198)
    assert await Event.filter(name="person.left").count() == 99


async def test_who_was_erased_does_not_come_back_by_a_file_that_lists_them_still(bring):
    row = "A1,张伟,客服一部,早班A组,13800138000,2020-06-01,内推,{},,,"
    await bring(HEADER, row.format("2024-06-01"))
    await erasures.eraser([one for one in KEEPING if one.model is Person])()
    for dry_run in (True, False):
        outcomes = await bring(
            HEADER,
            row.format("2024-06-01"),
            "A2,李娜,客服一部,早班A组,,,,,,,A1",
            dry_run=dry_run,
        )
        assert kinds(outcomes) == {"A1": Kind.UNCHANGED, "A2": Kind.NEW}
        [fault] = [fault for outcome in outcomes for fault in outcome.faults]
        assert isinstance(fault.refused, UnknownManager)
    assert set(await Person.all().values_list("name", flat=True)) == {"", "李娜"}

    await bring(HEADER, row.format(""))
    assert await Person.filter(number="A1").values_list("name", flat=True) == ["张伟"]
