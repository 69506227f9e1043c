import asyncio
import re
from io import BytesIO

import pytest
from PIL import Image
from tortoise.expressions import F

from referrals import links, sharers
from referrals.candidates import Candidate, Stage
from referrals.links import Link, ShareChannel
from referrals.openings import Opening, OpeningState
from tests.makers import a_person, client, node, send
from tests.referrals.makers import a_candidate, a_link, an_hr, an_opening


async def share(opening, by, **given):
    sent = {"opening": node("opening", opening), "channel": "WECHAT"} | given
    return await send("ShareOpening", by=by, **sent)


async def get(url):
    async with client() as http:
        return await http.get(url)


async def test_a_colleague_has_one_short_link_for_each_opening_and_channel():
    ann, opening = await a_person(), await an_opening()
    codes = {
        (await share(opening, ann, channel=channel))["referralLink"]["code"]
        for channel in ("WECHAT", "WECHAT", "POSTER")
    }
    assert len(codes) == 2
    assert all(re.fullmatch(r"[2-9a-z]{12}", code) for code in codes)
    assert await Link.all().count() == 2


async def test_whether_ones_name_is_shown_is_changed_by_sharing_again():
    ann, opening = await a_person(), await an_opening()
    for shows in (True, False):
        data = await share(opening, ann, showsName=shows)
        assert data["referralLink"]["showsName"] is shows
        assert (await Link.get()).shows_name is shows


@pytest.mark.parametrize(("state", "code"), [("PAUSED", "OPENING_NOT_FOUND")])
async def test_what_is_not_open_is_not_shared(state, code):
    opening = await an_opening()
    await Opening.filter(id=opening.id).update(state=state)
    assert (await share(opening, await a_person()))["code"] == code
    assert (await share(opening, await an_hr()))["code"] == "OPENING_NOT_OPEN"
    assert not await Link.exists()


async def test_who_decides_about_candidates_shares_nothing():
    ann = await a_person()
    opening = await an_opening(insider_ids=[ann.id])
    assert (await share(opening, ann))["code"] == "DECIDES_HERE"
    assert not await Link.exists()


async def test_a_poster_and_a_code_are_pictures_that_a_signed_address_opens():
    link = (await share(await an_opening(), await a_person(name="陈小雨"), showsName=True))[
        "referralLink"
    ]
    for url, size in ((link["posterUrl"], (750, 1200)), (link["qrUrl"], (480, 480))):
        answer = await get(url)
        assert answer.headers["content-type"] == "image/png"
        assert Image.open(BytesIO(answer.content)).size == size
        assert (await get(url.partition("?")[0])).status_code == 403


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("陈小雨", "小雨"),
        ("李娜", "李娜"),
        ("欧阳小雨", "小雨"),
        ("Ann Lee", "Ann"),
        ("Zoë", "Zoë"),
    ],
)
def test_friends_call_somebody_by_their_given_name(name, given):
    assert sharers.given_name(name) == given


async def test_a_link_of_somebody_who_left_names_nobody():
    ann = await a_person(name="Ann Lee")
    link = await a_link(by=ann, shows_name=True)
    assert await sharers.shown(link) == "Ann"
    ann.left_on = "2020-01-01"
    await ann.save()
    assert await sharers.shown(link) is None


async def test_hr_sees_which_channel_works_and_of_few_sharers_no_visits():
    opening = await an_opening()
    for _ in range(5):
        link = await a_link(opening)
        await Link.filter(id=link.id).update(visit_count=F("visit_count") + 5)
    few = await a_link(opening, channel=ShareChannel.POSTER)
    for _ in range(3):
        await get(few.path)
    hired = await a_candidate(few)
    await Candidate.filter(id=hired.id).update(stage=Stage.HIRED)

    figures = {
        figure.pop("channel"): figure for figure in await send("ShareFigures", by=await an_hr())
    }

    assert figures["WECHAT"] == {"applications": 0, "hires": 0, "sharers": 5, "visits": 20}
    assert figures["POSTER"] == {"applications": 1, "hires": 1, "sharers": None, "visits": None}
    assert figures["OTHER"] == {"applications": 0, "hires": 0, "sharers": None, "visits": None}


async def test_looking_without_showing_counts_nothing():
    link = await a_link()
    async with client() as http:
        await http.head(link.path)
    assert (await Link.get()).visit_count == 0


@pytest.mark.committed
async def test_sharing_at_once_makes_one_link_and_visits_at_once_all_count():
    ann, opening = await a_person(), await an_opening()
    made = await asyncio.gather(
        *(links.share(opening.id, ShareChannel.WECHAT, by=ann) for _ in range(10))
    )
    await asyncio.gather(*(links.visited(made[0].code) for _ in range(10)))
    assert len({link.code for link in made}) == 1
    assert (await Link.get()).visit_count == 10
    assert opening.state is OpeningState.OPEN
