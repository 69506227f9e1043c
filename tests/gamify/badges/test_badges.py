"""Badges: what one can win, as HR describes it."""

from typing import Any

import pytest

from community import tags
from core.audit import AuditEntry
from core.people import Grants
from core.text import Text
from gamify.badges import badges, making
from gamify.badges.badges import Badge, BadgeKind
from gamify.badges.criteria import Criteria, Level, LevelsNotRising, Tally
from tests.gamify.badges.makers import a_badge
from tests.honours import DRAFT, TEXTS
from tests.makers import a_key, a_person, a_post, ask, operation, send

BRONZE = {"level": "BRONZE", "times": 20}


async def saved(**given: Any) -> Any:
    by = given.pop("by", None) or await a_person(grants=Grants.HR)
    key, badge = given.pop("key", a_key()), given.pop("badge", None)
    return await send("SaveBadge", by=by, draft=DRAFT | given, key=key, badge=badge)


async def test_the_same_request_twice_makes_one_badge():
    hr, key = await a_person(grants=Grants.HR), a_key()
    first, second = [await saved(by=hr, key=key) for _ in range(2)]
    assert first == second
    assert first["badge"]["levels"] == [
        {"level": "SILVER", "times": 10, "people": 5, "days": 0, "weeks": 0}
    ]
    assert await Badge.all().count() == 1
    assert (await AuditEntry.get(name="badge.made")).by_id == hr.id


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"levels": []}, "LEVELS_NOT_RISING"),
        ({"levels": [{"level": "GOLD"}]}, "LEVELS_NOT_RISING"),
        ({"levels": [*DRAFT["levels"], BRONZE]}, "LEVELS_NOT_RISING"),
        ({"levels": [{"level": "GOLD", "times": -1, "people": 2}]}, "LEVELS_NOT_RISING"),
        ({"levels": [{"level": "GOLD", "times": 10_001}]}, "LEVELS_NOT_RISING"),
        ({"kind": "UNSEEN"}, "NOT_COUNTABLE"),
        ({"kind": "GIVEN", "monthlyGifts": 0}, "GIFTS_NEEDED"),
        ({"kind": "GIVEN", "monthlyGifts": 101}, "GIFTS_NEEDED"),
        ({"name": TEXTS | {"zhTw": " "}}, "NOTHING_WRITTEN"),
        ({"name": TEXTS | {"en": "x" * 41}}, "TOO_LONG"),
        ({"tagId": f"tag_{'0' * 32}"}, "TAG_NOT_FOUND"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_leaves_nothing_behind(given, code):
    assert (await saved(**given))["code"] == code
    assert not await Badge.exists()
    assert not await AuditEntry.exists()


async def test_a_badge_can_be_changed_but_not_how_it_is_won():
    badge = await a_badge()
    id = f"badge_{badge.id.hex}"
    data = await saved(badge=id, isActive=False, levels=[BRONZE])
    assert (data["badge"]["id"], data["badge"]["isActive"]) == (id, False)
    assert [level["level"] for level in data["badge"]["levels"]] == ["BRONZE"]

    refused = await saved(badge=id, kind="GIVEN", monthlyGifts=1)
    assert refused["code"] == "KIND_STAYS"
    assert (await Badge.get()).kind is BadgeKind.EARNED
    assert (await saved(badge=f"badge_{'0' * 32}"))["code"] == "BADGE_NOT_FOUND"


async def test_one_badge_is_for_experts():
    await making.ship()
    assert (await saved(kind="EXPERT"))["code"] == "ONE_IS_ENOUGH"


async def test_a_badge_may_be_for_a_tag():
    hr = await a_person(grants=Grants.HR)
    post = await a_post(tags=["refund"])
    [[tag]] = await tags.of([post.id])
    await saved(by=hr, tagId=f"tag_{tag.id.hex}")
    [badge] = await send("BadgeCatalogue", by=hr)
    assert badge["tag"]["name"] == "refund"


@pytest.mark.parametrize("name", ["SaveBadge", "BackfillBadge", "RevokeAward", "PreviewBadge"])
async def test_hr_alone_keeps_badges(name):
    variables = {"badge": f"badge_{'0' * 32}", "award": f"award_{'0' * 32}"}
    variables |= {"draft": DRAFT, "key": a_key(), "reason": "No"}
    document, name = operation(name)
    answer = await ask(document, by=await a_person(), name=name, **variables)
    told = answer["data"] or {"": answer["errors"][0]["extensions"]}
    assert {one["code"] for one in told.values()} == {"NOT_YOURS"}
    assert not await Badge.exists()


async def test_what_is_switched_off_is_listed_for_hr_alone():
    await a_badge(is_active=False)
    hr, ben = await a_person(grants=Grants.HR), await a_person()
    assert len(await send("BadgeCatalogue", by=hr)) == 1
    assert await send("BadgeCatalogue", by=ben) == []


async def test_what_is_shipped_comes_once_and_keeps_what_hr_made_of_it():
    await making.ship()
    shipped = await Badge.all().count()
    await Badge.filter(code="helping_hand").update(is_active=False)
    await making.ship()
    assert await Badge.all().count() == shipped == 9
    assert (await Badge.get(code="helping_hand")).is_active is False


async def test_every_reader_reads_what_is_shipped_in_their_language():
    await making.ship()
    for badge in await Badge.all():
        for text in (badge.name, badge.words):
            assert isinstance(text, Text)
            assert len(set(text)) >= 2
        assert badge.kind not in badges.COUNTED or badge.levels
    document, name = operation("BadgeCatalogue")
    answer = await ask(document, by=await a_person(), name=name, language="zh-TW")
    names = [badge["name"] for badge in answer["data"]["badges"]]
    assert {"援手", "解題高手", "達人", "暖心夥伴"} <= {*names}


def test_levels_have_to_rise_in_every_figure():

    Criteria({Level.BRONZE: Tally(3, 2), Level.GOLD: Tally(3, 3)}).check()
    with pytest.raises(LevelsNotRising):
        Criteria({Level.BRONZE: Tally(3, 2), Level.GOLD: Tally(9, 1)}).check()
