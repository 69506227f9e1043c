from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from core import clock
from gamify.boards import closings, honour_rolls
from tests.gamify.boards.makers import WEDNESDAY, names, people_with, ranks, scored
from tests.makers import a_person, client, send


async def roll(viewer, **given):
    asked = {"measure": "POINTS", "span": "WEEK"} | given
    return await send("HonourRoll", by=viewer, **asked)


async def a_closed_week(*amounts: int):
    with clock.set_to(WEDNESDAY):
        people = await people_with(*amounts)
    with clock.set_to(WEDNESDAY + timedelta(days=7)):
        await closings.close()
    return people


async def test_the_first_three_ranks_of_the_week_that_closed_last():
    ann, *_ = await a_closed_week(50, 50, 40, 30, 20, 10)

    with clock.set_to(WEDNESDAY + timedelta(days=7)):
        await scored(ann, 500)
        seen = await roll(ann)

    assert (seen["beginsOn"], seen["endsOn"]) == ("2026-11-16", "2026-11-22")
    assert ranks(seen["places"]) == [(1, 50), (1, 50), (3, 40)]


async def test_there_is_none_until_a_period_has_closed():
    assert await roll(await a_person()) is None


async def test_who_hides_their_name_is_named_neither_in_it_nor_in_its_picture():
    ann, ben, *_ = await a_closed_week(50, 40, 30)
    with clock.set_to(WEDNESDAY + timedelta(days=7)):
        before = await picture(ben)
        await send("HideNameOnBoards", by=ann)

        assert names((await roll(ben))["places"]) == [None, ben.name]
        assert await picture(ben) != before


async def test_its_picture_is_read_by_a_signed_link_in_the_readers_language():
    [ann, *_] = await a_closed_week(50, 40, 30)
    with clock.set_to(WEDNESDAY + timedelta(days=7)):
        url = (await roll(ann))["pictureUrl"]
        image = Image.open(BytesIO(await picture(ann)))
        async with client() as http:
            forged = await http.get(url.partition("?")[0])

    assert "-en.png?" in url
    assert (image.format, image.size) == ("PNG", (750, 1000))
    assert forged.status_code == 403


async def picture(viewer) -> bytes:
    async with client() as http:
        answer = await http.get((await roll(viewer))["pictureUrl"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    return answer.content


@pytest.mark.parametrize(
    ("score", "said"), [(30, "30"), (12.5, "12.5"), (0.25, "0.25"), (1_234_567.5, "1234567.5")]
)
def test_a_figure_is_said_whole(score, said):
    assert honour_rolls._figure(score) == said  # noqa: SLF001  # what a picture says is hard to read
