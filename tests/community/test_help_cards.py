import asyncio
from datetime import UTC, date, datetime

import pytest

from community import help_cards, help_offers, regions
from community.help_cards import Draft, HelpCard, Line
from community.regions import TeamRegion
from core import clock
from core.audit import AuditEntry
from core.people import Grants, Team
from core.text import Text
from tests.counselling import a_counsellor, on_call
from tests.makers import a_person, ask, node, send

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # a Monday in Shanghai
WORDS = {"en": "Call us", "zhCn": "打给我们", "zhTw": "打給我們"}


def a_draft(region="TW", **changes):
    line = {"number": "1925", "name": WORDS}
    draft = {"region": region, "checkedOn": "2026-11-20", "message": WORDS, "lines": [line]}
    return draft | changes


async def put(by, after=0, **changes):
    return await send("PutHelpCard", by=by, draft=a_draft(**changes), after=after)


async def shown(person, language="en"):
    document = (
        "{ helpCard { region message checkedOn coverage isCounsellorOnCall counsellorFrom "
        "lines { number name isAlwaysOpen } } }"
    )
    answer = await ask(document, by=person, language=language)
    return answer["data"]["helpCard"]


async def test_everybody_sees_whom_to_call_in_their_own_language():
    await help_cards.ship()
    ann = await a_person()

    told = {language: await shown(ann, language) for language in ("en", "zh-CN", "zh-TW")}

    names = {language: card["lines"][0] for language, card in told.items()}
    assert [line["number"] for line in told["en"]["lines"]] == [
        "12356",
        "400-161-9995",
        "120",
        "110",
    ]
    assert names["en"]["name"] == "National psychological aid hotline"
    assert names["zh-CN"]["name"] == "全国统一心理援助热线"
    assert names["zh-TW"]["name"] == "全國統一心理援助熱線"
    assert told["en"]["checkedOn"] == "2026-11-22"


@pytest.mark.parametrize(("region", "first"), [("TW", "1925"), ("HK", "2389 2222"), ("US", "988")])
async def test_a_team_elsewhere_sees_the_lines_of_its_region(region, first):
    await help_cards.ship()
    team = await Team.create(department="Abroad", name="Night")
    shen, ann = await a_counsellor(), await a_person(team_id=team.id)

    for there in ("GB", region):
        data = await send("PutTeamRegion", by=shen, team=node("team", team), region=there)
        assert data["team"]["name"] == "Night"

    card = await shown(ann)
    assert (card["region"], card["lines"][0]["number"]) == (region, first)
    assert (await AuditEntry.filter(name="team_region.put").count()) == 2


async def test_where_a_region_has_no_card_the_international_one_is_shown(set_limits):
    await help_cards.ship()
    set_limits(help_region="PT")
    assert (await shown(await a_person()))["region"] == "INTL"


async def test_without_any_card_there_is_none():
    assert await shown(await a_person()) is None


async def test_a_changed_card_is_a_version_of_its_own_and_dated():
    await help_cards.ship()
    shen = await a_counsellor()

    data = await put(shen, after=1, region="CN")

    card = data["keptHelpCard"]
    assert (card["version"], card["checkedOn"]) == (2, "2026-11-20")
    assert card["writtenBy"]["name"] == shen.name
    assert (await shown(await a_person(), "zh-TW"))["message"] == "打給我們"
    assert await HelpCard.filter(region="CN").count() == 2
    kept = await send("HelpCards", by=shen)
    assert [one["version"] for one in kept if one["region"] == "CN"] == [2]
    entry = await AuditEntry.get(name="help_card.put")
    assert (entry.by_id, entry.facts) == (shen.id, {"region": "CN", "version": 2})


async def test_who_changed_an_older_version_has_to_look_again():
    shen = await a_counsellor()
    await put(shen)
    for after in (0, 2):
        assert (await put(shen, after=after))["code"] == "CARD_CHANGED"
    assert await HelpCard.all().count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"region": "Taiwan"}, "NO_REGION"),
        ({"region": "tw"}, "NO_REGION"),
        ({"lines": []}, "LINE_NEEDED"),
        ({"lines": [{"number": "1", "name": WORDS}] * 13}, "LINE_NEEDED"),
        ({"lines": [{"number": "1980", "name": WORDS, "hours": WORDS}]}, "LINE_NEEDED"),
        ({"lines": [{"number": " ", "name": WORDS}]}, "NOTHING_WRITTEN"),
        ({"message": WORDS | {"zhTw": ""}}, "NOTHING_WRITTEN"),
        ({"message": WORDS | {"en": "x" * 501}}, "TOO_LONG"),
    ],
)
async def test_a_card_that_would_help_nobody_is_refused(changes, code):
    assert (await put(await a_counsellor(), **changes))["code"] == code
    assert not await HelpCard.exists()


async def test_there_is_no_region_for_a_team_that_is_not_there():
    shen, team = await a_counsellor(), "team_" + "0" * 32
    data = await send("PutTeamRegion", by=shen, team=team, region="TW")
    assert data["code"] == "TEAM_NOT_FOUND"
    team = node("team", await Team.create(department="Abroad", name="Night"))
    data = await send("PutTeamRegion", by=shen, team=team, region="here")
    assert data["code"] == "NO_REGION"
    assert not await TeamRegion.exists()


@pytest.mark.parametrize("grants", [Grants.NONE, Grants.HR, Grants.SUPERVISOR, Grants.ADMIN])
async def test_nobody_else_keeps_the_cards(grants):
    assert (await put(await a_person(grants=grants)))["code"] == "NOT_YOURS"


async def test_a_card_says_that_a_counsellor_is_on_call():
    await help_cards.ship()
    await on_call(await a_counsellor(), "MONDAY 09:00-17:00")
    with clock.set_to(NOON):
        card = await shown(await a_person())
    assert (card["isCounsellorOnCall"], card["coverage"]) == (True, "A counsellor is on call now.")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "No counsellor is on call until 08:00. These answer now: 400-161-9995 · 120 · 110."),
        ("zh-CN", "08:00 之前没有辅导员值班。现在可以打通：400-161-9995 · 120 · 110。"),
        ("zh-TW", "08:00 之前沒有輔導員值班。現在可以打通：400-161-9995 · 120 · 110。"),
    ],
)
async def test_in_uncovered_hours_it_says_until_when_and_who_answers_now(language, said):
    await help_cards.ship()
    await on_call(await a_counsellor(), "TUESDAY 08:00-17:00")
    with clock.set_to(NOON):
        card = await shown(await a_person(), language)
    assert (card["isCounsellorOnCall"], card["coverage"]) == (False, said)
    assert card["counsellorFrom"] == "2026-11-24T00:00:00+00:00"


async def test_further_ahead_it_tells_the_day_and_without_a_rota_no_time():
    await help_cards.ship()
    ann = await a_person()
    with clock.set_to(NOON):
        assert (await shown(ann))["coverage"].startswith("No counsellor is on call. These answer")
        await on_call(await a_counsellor(), "FRIDAY 08:30-17:00")
        assert "until 11-27 08:30." in (await shown(ann))["coverage"]


def test_every_shipped_card_has_a_line_that_is_always_answered():
    drafts = [*help_cards.shipped()]
    assert {draft.region for draft in drafts} >= {"CN", "TW", "HK", "US", regions.INTERNATIONAL}
    for draft in drafts:
        assert any(line.is_always_open for line in draft.lines), draft.region
        assert regions.code(draft.region) == draft.region


async def test_shipping_twice_brings_nothing_twice():
    await help_cards.ship()
    await help_cards.ship()
    cards = await HelpCard.all()
    assert len(cards) == len({card.region for card in cards}) == len([*help_cards.shipped()])


@pytest.mark.committed
async def test_of_those_who_change_a_card_at_once_one_wins():
    shen = await a_counsellor()
    words = Text("Call", "打电话", "打電話")
    draft = Draft("TW", date(2026, 11, 20), words, [Line("1925", words)])

    outcome = await asyncio.gather(
        *(help_cards.put(draft, after=0, by=shen) for _ in range(8)), return_exceptions=True
    )

    assert sum(isinstance(one, HelpCard) for one in outcome) == 1
    assert sum(isinstance(one, help_cards.CardChanged) for one in outcome) == 7
    assert await HelpCard.all().count() == 1


async def test_ten_people_are_offered_help_at_the_cost_of_one(statements):
    ann = await a_person()
    statements()
    assert await help_offers.for_words([], viewer=ann, language="en") == []
    assert len(statements()) == 1
