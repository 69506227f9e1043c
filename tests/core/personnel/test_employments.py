from datetime import UTC, date, datetime

import pytest

from core import clock
from core.people import HireChannel, Person
from core.personnel import employments, staff_files
from core.personnel.employments import Employment, PastEmployment
from core.personnel.staff import Import


@pytest.fixture(autouse=True)
def present():
    with clock.set_to(datetime(2026, 6, 15, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def bring(tmp_path):
    async def bring_(row: str) -> None:
        path = tmp_path / "staff.csv"
        path.write_text(f"工号,姓名,部门,班组,入职日期,渠道,离职日期\n{row}", encoding="utf-8")
        async for _ in Import(staff_files.opened(path)).changes():
            pass

    return bring_


async def test_who_is_hired_again_begins_anew_and_the_time_before_stays(bring):
    await bring("A1,张伟,客服一部,早班,2024-01-01,社招,2024-06-01")
    for _ in range(2):
        await bring("A1,张伟,客服二部,晚班,2025-03-01,内推,")

    person = await Person.get()
    assert (person.hired_on, person.left_on) == (date(2025, 3, 1), None)
    assert (await PastEmployment.get()).person_id == person.id
    assert await employments.begun(since=date(2024, 1, 1)) == [
        Employment(date(2025, 3, 1), None, HireChannel.REFERRAL, "客服二部"),
        Employment(date(2024, 1, 1), date(2024, 6, 1), HireChannel.OPEN_MARKET, "客服一部"),
    ]
    assert len(await employments.begun(since=date(2024, 1, 2))) == 1


async def test_who_comes_back_on_the_day_of_leaving_begins_anew_as_well(bring):
    await bring("A1,张伟,一部,早班,2024-01-01,社招,2024-06-01")
    await bring("A1,张伟,一部,早班,2024-06-01,社招,")

    assert await PastEmployment.all().count() == 1


@pytest.mark.parametrize("corrected", ["2024-01-08,社招,", "2023-12-01,社招,2024-06-02"])
async def test_a_corrected_date_begins_nothing(bring, corrected):
    await bring("A1,张伟,一部,早班,2024-01-01,社招,2024-06-01")
    await bring(f"A1,张伟,一部,早班,{corrected}")

    assert not await PastEmployment.exists()


async def test_a_date_that_is_corrected_before_anybody_left_begins_nothing(bring):
    await bring("A1,张伟,一部,早班,2024-01-01,社招,")
    await bring("A1,张伟,一部,早班,2025-01-01,社招,")

    assert not await PastEmployment.exists()
    assert [one.hired_on for one in await employments.begun(since=date.min)] == [date(2025, 1, 1)]
