"""Rows that are kept: whoever asks is told what stands in the database, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import pytest
from tortoise.models import Model

from community import help_cards
from community.groups import Group
from community.help_cards import HelpCard
from community.risk_rules import RiskRule
from community.risk_words import Level
from community.tags import Tag
from core.database import sql, versions
from core.people import Grants, Person, Team
from core.transactions import transaction
from gamify import rules
from gamify.badges.badges import Badge
from gamify.badges.criteria import Level as Rank
from gamify.badges.criteria import Tally
from gamify.rules import Rule
from gamify.shop.rewards import Reward
from referrals.openings import Opening
from tests.counselling import a_counsellor, a_rule
from tests.gamify.badges.makers import a_badge
from tests.gamify.shop.makers import a_reward
from tests.makers import a_group, a_member, a_person, a_post, a_token, ask
from tests.referrals.makers import an_opening

pytestmark = pytest.mark.only("postgres")  # SQLite tells no versions

TIMES = 20


class Listed(NamedTuple):
    """What is asked, of rows of this model, and a change of them."""

    query: str
    model: type[Model]
    changed: dict[str, Any]
    made: Callable[[], Awaitable[Any]]
    to: Grants = Grants.HR


async def a_tagged_post() -> None:
    group = await a_group()
    await a_post(group, by=await a_member(group), tags=["refund"])


LISTS = {
    "rules": Listed(
        "{ rules { edges { node { name used title { en } terms { facts } points } } } }",
        Rule,
        {"texts": ["Thanks"] * 3, "points": 3},
        rules.ship,
    ),
    "risk rules": Listed(
        "{ riskRules { edges { node { phrase level reason writtenBy { name } } } } }",
        RiskRule,
        {"reason": "a joke here"},
        lambda: a_rule("so very tired", Level.AMBER),
        to=Grants.COUNSELLOR,
    ),
    "badges": Listed(
        "{ badges { name words givers deeds levels { level times } tag { name } } }",
        Badge,
        {"texts": {"name": ["Star"] * 3, "words": ["Well done"] * 3}, "givers": Grants.HR},
        lambda: a_badge({Rank.GOLD: Tally(3)}),
    ),
    "help cards": Listed(
        "{ helpCards { region message { en zhTw } lines { number name { en } } version } }",
        HelpCard,
        {"texts": {"message": ["Call"] * 3, "lines": []}},
        help_cards.ship,
        to=Grants.COUNSELLOR,
    ),
    "groups": Listed(
        "{ groups { edges { node { name about audience { members hr } viewerStanding } } } }",
        Group,
        {"member_count": 9},
        a_group,
    ),
    "shop": Listed(
        "{ shop { edges { node { name about price limitPeriod viewerWishes } } } }",
        Reward,
        {"price": 77},
        a_reward,
    ),
    "openings": Listed(
        "{ openings { edges { node { title site points { hired } state } } } }",
        Opening,
        {"title": "Another job"},
        an_opening,
    ),
    "a tag": Listed('{ tag(name: "refund") { name synonyms } }', Tag, {"name": "R"}, a_tagged_post),
}


@pytest.mark.parametrize("which", LISTS)
async def test_what_has_changed_is_told_at_once(which):
    listed, by = LISTS[which], await a_person(grants=LISTS[which].to)
    await listed.made()
    before = await told(listed, by)
    assert before == await told(listed, by)
    await listed.model.all().update(**listed.changed)
    after = await told(listed, by)
    assert after != before
    versions.forget()
    assert after == await told(listed, by)


async def told(listed: Listed, by: Person) -> Any:
    """Asked twice: what was told once is told from memory then."""
    first, second = [await ask(listed.query, by=by) for _ in range(2)]
    assert "errors" not in first
    assert first == second
    return first


async def test_who_wrote_it_is_told_by_their_name_of_today():
    ann = await a_counsellor(name="Ann")
    await a_rule("so very tired", Level.AMBER, by=ann)
    assert {"name": "Ann"} in await writers(ann)
    await Person.filter(id=ann.id).update(name="Anna")
    assert {"name": "Anna"} in await writers(ann)


async def writers(by: Person) -> list[Any]:
    answer = await ask(LISTS["risk rules"].query, by=by)
    return [edge["node"]["writtenBy"] for edge in answer["data"]["riskRules"]["edges"]]


async def test_who_asks_is_what_they_are_now():
    ann = await a_person(grants=Grants.HR)
    token, query = await a_token(ann), "{ rules { pageInfo { hasNextPage } } }"
    assert "errors" not in await ask(query, token=token)
    await Person.filter(id=ann.id).update(grants=Grants.NONE)
    [error] = (await ask(query, token=token))["errors"]
    assert error["extensions"]["code"] == "NOT_YOURS"


async def test_a_row_is_one_object_as_long_as_it_stands():
    team = await Team.create(department="Care", name="Early")
    first, again = [await one(team) for _ in range(2)]
    assert first is again
    await Team.filter(id=team.id).update(name="Late")
    assert (await one(team)).name == "Late"
    assert first.name == "Early"


async def test_what_a_transaction_saw_of_its_own_is_gone_with_it():
    team = await Team.create(department="Care", name="Early")

    @transaction
    async def renamed() -> None:
        await Team.filter(id=team.id).update(name="Late")
        assert (await one(team)).name == "Late"
        raise LookupError

    with pytest.raises(LookupError):
        await renamed()
    assert (await one(team)).name == "Early"
    kept = [row.name for row in versions.rows(Team).values.values() if row.id == team.id]
    assert kept == ["Early"]


async def test_nobody_writes_to_what_others_see():
    team = await one(await Team.create(department="Care", name="Early"))
    with pytest.raises(TypeError, match="this Team is kept for others"):
        team.name = "Late"
    assert team.name == "Early"


async def test_only_so_many_are_kept():
    rows = versions.rows(Team)
    for number in range(versions.ROOM + 5):
        rows.put((number,), Team(department="Care", name=str(number)))
    assert len(rows.values) == versions.ROOM


@pytest.mark.committed
async def test_who_changes_it_sees_it_however_many_read():
    ann = await a_counsellor()
    rule, token = await a_rule("so very tired", Level.AMBER, by=ann), await a_token(ann)
    reading = [asyncio.create_task(read_on(token)) for _ in range(3)]
    for number in range(TIMES):
        await RiskRule.filter(id=rule.id).update(reason=f"heard {number} times")
        answer = await ask(LISTS["risk rules"].query, token=token)
        assert f"heard {number} times" in str(answer)
    for task in reading:
        task.cancel()
    ended = await asyncio.gather(*reading, return_exceptions=True)
    assert [type(end) for end in ended] == [asyncio.CancelledError] * 3


async def read_on(token: str) -> None:
    while True:
        assert "errors" not in await ask(LISTS["risk rules"].query, token=token)


async def one(team: Team) -> Team:
    return (await sql.in_bulk(Team, [team.id]))[team.id]
