from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sheets import dates
from core.sheets.dates import AmbiguousDates, DateOrder, Evidence, MixedDateOrders, NotADate

pytestmark = pytest.mark.once

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31))


def column(*cells: str, name: str = "入职日期") -> Evidence:
    evidence = Evidence(name)
    for cell in cells:
        evidence.see(cell)
    return evidence


@pytest.mark.parametrize(
    "cell",
    ["2025-01-04", "2025/1/4", "2025.1.4", "2025年1月4日", "20250104", "2025-01-04 00:00:00"],
)
@pytest.mark.parametrize("order", DateOrder)
def test_a_year_in_front_reads_the_same_in_every_order(cell, order):
    assert dates.read(cell, order) == date(2025, 1, 4)


@given(DAYS, st.sampled_from("-/."))
def test_every_day_is_read_back_in_the_order_it_was_written(day, separator):
    day_first = f"{day.day}{separator}{day.month:02}{separator}{day.year}"
    month_first = f"{day.month:02}{separator}{day.day}{separator}{day.year}"
    assert dates.read(day_first, DateOrder.DAY_FIRST) == day
    assert dates.read(month_first, DateOrder.MONTH_FIRST) == day


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "31/04/2025",
        "16/09/25",
        "1025-01-01",
        "2025-9",
        "soon",
        "45916",
        "２０２５",
        "-",
    ],
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(NotADate):
        dates.read(cell, DateOrder.DAY_FIRST)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2025-09-16", "2025/1/4"], DateOrder.YEAR_FIRST),
        (["04/01/2025", "16/09/2025"], DateOrder.DAY_FIRST),
        (["01/04/2025", "09/16/2025"], DateOrder.MONTH_FIRST),
        (["4.1.2025"], DateOrder.DAY_FIRST),
        (["2025-09-16", "09-16-2025"], DateOrder.MONTH_FIRST),
        (["31/13/2025", ""], DateOrder.YEAR_FIRST),
    ],
)
def test_the_whole_column_tells_its_order(cells, order):
    assert dates.orders([column(*cells)]) == [order]


def test_the_fourth_of_the_fourth_needs_no_order():
    assert dates.orders([column("04/04/2025")]) == [DateOrder.YEAR_FIRST]
    assert dates.read("04/04/2025", DateOrder.YEAR_FIRST) == date(2025, 4, 4)


def test_a_column_that_cannot_tell_asks():
    with pytest.raises(AmbiguousDates) as refused:
        dates.orders([column("04/01/2025", "2025-09-16")])
    assert refused.value.facts == {"column": "入职日期", "cell": "04/01/2025"}


def test_a_column_that_cannot_tell_follows_its_neighbour():
    silent, telling = column("04/01/2025"), column("16/09/2025", name="离职日期")
    assert dates.orders([silent, telling]) == [DateOrder.DAY_FIRST, DateOrder.DAY_FIRST]


def test_a_column_that_contradicts_itself_is_refused():
    with pytest.raises(MixedDateOrders) as refused:
        dates.orders([column("16/09/2025", "09/17/2025")])
    assert refused.value.facts == {
        "column": "入职日期",
        "day": "16/09/2025",
        "month": "09/17/2025",
    }


def test_a_neighbour_in_another_order_lends_nothing_to_a_third_column():
    columns = [column("16/09/2025"), column("09/16/2025"), column("01/02/2025", name="c")]
    with pytest.raises(AmbiguousDates):
        dates.orders(columns)
