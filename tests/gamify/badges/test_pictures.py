"""Pictures of badges, read by anybody, and share cards, read by whoever has the link."""

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

from core import clock
from core.people import Grants
from gamify.badges import pictures
from gamify.badges.awards import Award
from gamify.badges.criteria import Level, Tally
from gamify.badges.emblems import EMBLEMS, Icon
from tests.gamify.badges.makers import a_badge, a_deed, deliver
from tests.makers import a_person, ask, client, node, operation, send


async def got(url: str) -> tuple[int, bytes]:
    async with client() as http:
        answer = await http.get(urlsplit(url).path)
    return answer.status_code, answer.content


async def an_award(**given):
    ben = await a_person(**given)
    await a_badge({Level.SILVER: Tally(1)})
    await a_deed(ben)
    await deliver()
    return ben, await Award.get(person_id=ben.id)


async def card_of(ben, language: str) -> str:
    document, name = operation("Badges")
    answer = await ask(document, by=ben, name=name, language=language)
    [edge] = answer["data"]["viewer"]["awards"]["edges"]
    return edge["node"]["shareCardUrl"]


async def test_each_badge_has_a_picture_that_anybody_may_read():
    ben, _ = await an_award()
    [badge] = (await send("Badges", by=ben))["person"]["badges"]
    status, content = await got(badge["pictureUrl"])
    picture = Image.open(BytesIO(content), formats=("PNG",))
    assert (status, picture.size) == (200, (256, 256))
    assert len(content) < 10_000
    assert picture.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)


async def test_a_picture_is_drawn_once(monkeypatch):
    first = await pictures.of(Icon.CUP, Level.GOLD)
    monkeypatch.setattr(pictures, "_draw", None)
    assert await pictures.of(Icon.CUP, Level.GOLD) == first


def test_every_icon_and_level_looks_different():
    drawn = {pictures.medal(icon, level).png() for icon in Icon for level in pictures.METALS}
    assert len(drawn) == len(EMBLEMS) * 4 == len(Icon) * 4


@pytest.mark.parametrize("name", ["heart.png", "heart-iron.png", "..%2Fsecret-gold.png"])
async def test_there_are_no_other_pictures(name):
    assert (await got(f"/badges/{name}"))[0] == 404


async def test_a_share_card_is_read_by_whoever_has_the_link_in_the_language_of_the_link():
    ben, _ = await an_award(name="林晓雯")
    cards = [await card_of(ben, language) for language in ("en", "zh-CN", "zh-TW")]
    read = [await got(card) for card in cards]
    assert {status for status, _ in read} == {200}
    assert len({content for _, content in read}) == 3
    for _, content in read:
        assert Image.open(BytesIO(content), formats=("PNG",)).size == (750, 1000)
        assert len(content) < 60_000
    assert await card_of(ben, "en") == cards[0]  # it stays what it is


async def test_a_card_that_many_ask_for_is_drawn_once(monkeypatch):
    ben, _ = await an_award()
    card = await card_of(ben, "en")
    first = await got(card)
    monkeypatch.setattr(pictures, "medal", None)
    assert await got(card) == first


async def test_a_card_cannot_be_guessed_from_another():
    ben, _ = await an_award()
    card = await card_of(ben, "en")
    assert (await got(card.replace("/en/", "/zh-CN/")))[0] == 403
    assert (await got(card.replace("/en/", "/xx/")))[0] == 403
    assert (await got(card.replace(".png", "x.png")))[0] == 403


async def test_the_card_of_a_badge_that_is_held_no_more_is_gone():
    ben, award = await an_award()
    card, hr = await card_of(ben, "en"), await a_person(grants=Grants.HR)
    await send("RevokeAward", by=hr, award=node("award", award), reason="No")
    assert (await got(card))[0] == 404


async def test_the_card_of_somebody_who_left_is_gone():
    ben, _ = await an_award()
    card = await card_of(ben, "en")
    ben.left_on = clock.business_date()
    await ben.save()
    assert (await got(card))[0] == 404
