"""The picture and the workbook say what the figures say, and no more."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

from core import clock
from core.people import HireChannel, Team
from referrals import retention_charts
from referrals.retention_charts import LOOKS
from tests.core.sheets.test_workbooks import cells
from tests.makers import ask, client, operation, send
from tests.referrals.makers import an_hr
from tests.referrals.test_retention import LONG_AGO, hired, present

__all__ = ["present"]


@pytest.fixture(autouse=True)
async def company(undo):
    team = await Team.create(department="客服一部", name="A")
    await hired(30, gone=6, after=100, team=team)
    await hired(30, gone=15, after=30, hire_channel=HireChannel.OPEN_MARKET, team=team)


async def fetch(url: str):
    async with client() as http:
        return await http.get(url)


async def report(language: str = "en"):
    document, name = operation("HrReport")
    answer = await ask(document, by=await an_hr(), name=name, language=language)
    return answer["data"]["hrReport"]


def drawn(content: bytes) -> set[str]:
    """The channels whose colours are in the picture."""
    picture = Image.open(BytesIO(content))
    assert (picture.format, picture.size) == ("PNG", (1000, 760))
    colours = {rgb for _, rgb in picture.convert("RGB").getcolors(1_000_000)}
    return {channel.value for channel, look in LOOKS.items() if _near(look.colour, colours)}


def _near(colour: str, others) -> bool:
    """But for what a picture of few colours rounds."""
    rgb = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return any(max(abs(a - b) for a, b in zip(rgb, one, strict=True)) <= 8 for one in others)


async def test_a_chart_has_a_line_for_each_channel_that_is_told():
    groups = (await report())["groups"]
    assert [group["year"] or group["department"] for group in groups] == [
        None,
        LONG_AGO.year,
        "客服一部",
    ]
    for group in groups:
        answer = await fetch(group["chartUrl"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert drawn(answer.content) - {"OTHER"} == {"REFERRAL", "OPEN_MARKET"}


async def test_a_withheld_channel_is_not_in_the_picture():
    await hired(9, gone=3, hire_channel=HireChannel.CAMPUS)
    await hired(40, gone=9, hire_channel=HireChannel.HEADHUNTER)
    company = (await report("zh-CN"))["groups"][0]

    told = drawn((await fetch(company["chartUrl"])).content)

    assert told - {"OTHER"} == {"REFERRAL", "HEADHUNTER"}


async def test_where_nothing_is_told_the_picture_says_so():
    await hired(9, gone=3, hire_channel=HireChannel.CAMPUS, hired_on=LONG_AGO.replace(year=2022))
    group = next(group for group in (await report())["groups"] if group["year"] == 2022)

    assert drawn((await fetch(group["chartUrl"])).content) <= {"OTHER"}  # whose black is the text's


async def test_the_workbook_holds_the_figures():
    answer = await fetch((await report("zh-CN"))["sheetUrl"])

    header, company, *rows = cells(answer.content)
    assert header[:5] == ["范围", "招聘渠道", "入职人数", "离职人数", "仍在职（删失）"]
    assert company[:5] == ["全公司", "全体", "60", "21", "39"]
    [referral] = [row for row in rows if row[:2] == ["全公司", "内部推荐"]]
    assert referral[2:5] == ["30", "6", "24"]
    assert header[8:12] == ["第 30 天留任率", "第 30 天下限", "第 30 天上限", "第 30 天在观察"]
    assert {row[0] for row in rows} == {"全公司", f"{LONG_AGO.year} 年入职", "客服一部"}


async def test_links_hold_for_minutes_and_for_one_file():
    group = (await report())["groups"][0]
    url = urlsplit(group["chartUrl"])
    other = url._replace(path=url.path.replace("company", str(LONG_AGO.year)))
    with clock.set_to(clock.now()):
        assert (await fetch(other.geturl())).status_code == 403
        assert (await fetch(url.path)).status_code == 403
    with clock.set_to(clock.now() + timedelta(minutes=25)):
        assert (await fetch(url.geturl())).json()["code"] == "LINK_EXPIRED"


def test_dashes_go_on_around_corners():
    corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]
    parts = list(retention_charts._broken(corners, (4, 3)))  # noqa: SLF001  # a line is hard to see

    assert parts == [
        [(0, 0), (4, 0)],
        [(7, 0), (10, 0), (10, 1)],
        [(10, 4), (10, 8)],
    ]
    assert list(retention_charts._broken(corners, ())) == [corners]  # noqa: SLF001  # as above


async def test_both_are_for_hr_alone_and_are_offered_in_its_language():
    data = await send("HrReport", by=await an_hr())
    assert urlsplit(data["sheetUrl"]).path == "/retention/en/retention.xlsx"
    assert urlsplit((await report("zh-TW"))["sheetUrl"]).path.startswith("/retention/zh-TW/")
