"""Places that are kept: whoever asks is shown what stands in the database, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from core import clock, pauses
from core.database import versions
from core.people import Grants, Person, Team
from gamify.badges import awards
from gamify.boards import hidden_names, players, tallies
from gamify.boards.boards import Board
from gamify.boards.tallies import Tally
from tests.community.test_kept_posts import honoured
from tests.gamify.boards.makers import a_team, deliver, people_with, scored
from tests.gamify.makers import an_event
from tests.makers import a_person, a_token, ask, node

pytestmark = pytest.mark.only("postgres")  # SQLite tells no versions

TIMES = 12

BOARD = """
query Board($scope: BoardScope!) {
  board(measure: POINTS, span: WEEK, scope: $scope, first: 3) {
    isClosed beginsOn
    places { ...Place }
    viewerPlace { rank score }
    viewerPlaces { ...Place }
  }
}
fragment Place on Place {
  rank score isViewers
  person { id name badges { id level } }
  team { name department }
}
"""


class Week(NamedTuple):
    """Ann, Ben and Cy come first, and Di before Ed, who has the least; Fay did nothing."""

    ann: Person
    ben: Person
    cy: Person
    di: Person
    ed: Person
    fay: Person
    bens: Tally
    """the half of what Ben has"""
    team: Team


@pytest.fixture
async def week() -> Week:
    team = await a_team()
    people = await people_with(50, 20, 30, 20, 10, team=team)
    tally = await scored(people[1], 20)
    await deliver()
    return Week(*people, await a_person(team=team), tally, team)


async def changed(person: Person, **given: Any) -> None:
    await Person.filter(id=person.id).update(**given)


async def left(person: Person) -> None:
    await changed(person, left_on=clock.business_date())
    await players.leave(await an_event("person.left", person=person.id))


async def away(person: Person) -> None:
    await pauses.pause(clock.business_date() + timedelta(days=3), by=person)
    await players.review()


CHANGES: dict[str, Callable[[Week], Awaitable[Any]]] = {
    "points": lambda at: scored(at.ann, 5),
    "points of somebody else": lambda at: scored(at.di, 5),
    "points of the last": lambda at: scored(at.ed, 5),
    "points of who had none": lambda at: scored(at.fay, 45),
    "as many points": lambda at: scored(at.cy, 10),
    "points are taken back": lambda at: tallies.take_out(at.bens),
    "a name is hidden": lambda at: hidden_names.hide(by=at.ann),
    "a name further down is hidden": lambda at: hidden_names.hide(by=at.di),
    "another name": lambda at: changed(at.ben, name="Somebody else"),
    "a badge": lambda at: honoured(at.cy),
    "a badge further down": lambda at: honoured(at.di),
    "somebody leaves": lambda at: left(at.ben),
    "today is their last day": lambda at: changed(at.ben, left_on=clock.business_date()),
    "somebody is away": lambda at: away(at.cy),
    "somebody is erased": lambda at: changed(at.ann, name="", phone=None),
    "the board is closed": lambda _: Board.all().update(closed_at=clock.now()),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_has_changed_is_shown_to_everybody_at_once(week, change):
    tokens = [await a_token(reader) for reader in week[:6]]
    before = await shown(tokens)
    await CHANGES[change](week)
    after = await shown(tokens)
    assert after != before
    versions.forget()
    assert after == await shown(tokens)


async def test_who_is_named_again_is_shown_as_before(week):
    tokens = [await a_token(reader) for reader in week[:6]]
    before = await shown(tokens)
    await hidden_names.hide(by=week.ann)
    hidden = await shown(tokens)
    assert hidden[0] == before[0]  # her own
    assert [board["places"][0]["person"] for board in hidden[1:]] == [None] * 5
    await hidden_names.show(by=week.ann)
    assert await shown(tokens) == before


async def test_a_team_with_another_name_is_shown_with_it(week):
    token = await a_token(week.ann)
    before = await board_of(token, "TEAMS")
    assert before["places"][0]["team"]["name"] == week.team.name
    await Team.filter(id=week.team.id).update(name="Night")
    after = await board_of(token, "TEAMS")
    assert after["places"][0]["team"]["name"] == "Night"


async def test_what_has_not_changed_is_not_read_again(week, statements):
    tokens = [await a_token(reader) for reader in (week.di, week.ed)]
    first = await shown(tokens)
    statements()
    assert await shown(tokens) == first
    assert len(statements()) == 4  # each time who asks, and which places


async def test_each_is_told_in_their_language_of_who_is_no_longer_known(week):
    await changed(week.ann, name="")
    token, told = await a_token(week.di), []
    for language in ("en", "zh-CN", "zh-TW", "en"):
        board = await board_of(token, language=language)
        told.append(board["places"][0]["person"]["name"])
    assert told == ["Former colleague", "已离职的同事", "已離職的同事", "Former colleague"]


@pytest.mark.committed
async def test_who_writes_sees_it_however_many_read_at_the_same_moment(week):
    ann, ben, cy = [await a_token(person) for person in (week.ann, week.ben, week.cy)]
    others = [await a_token(person) for person in (week.di, week.ed, week.fay)]
    reading = [asyncio.create_task(read_on(token)) for token in others]
    await asyncio.gather(score(week, ben), hide(week, ann), rename(week, cy), honour(week, cy))
    for task in reading:
        task.cancel()
    ended = await asyncio.gather(*reading, return_exceptions=True)
    assert [type(end) for end in ended] == [asyncio.CancelledError] * 3


async def read_on(token: str) -> None:
    while True:
        ranks = [place["rank"] for place in (await board_of(token))["places"]]
        assert ranks == [1, 2, 3]


async def score(week: Week, token: str) -> None:
    for number in range(TIMES // 2):
        await scored(week.di, 1)
        await scored(week.ben, 1)
        assert (await board_of(token))["viewerPlace"] == {"rank": 2, "score": 41 + number}


async def hide(week: Week, token: str) -> None:
    other = await a_token(await a_person())
    for _ in range(TIMES // 2):
        await hidden_names.hide(by=week.ann)
        assert (await board_of(other))["places"][0]["person"] is None
        assert (await board_of(token))["places"][0]["person"]["id"] == node("person", week.ann)
        await hidden_names.show(by=week.ann)
        assert (await board_of(other))["places"][0]["person"]["id"] == node("person", week.ann)


async def rename(week: Week, token: str) -> None:
    for number in range(TIMES):
        await changed(week.cy, name=f"Cy {number}")
        assert (await board_of(token))["places"][2]["person"]["name"] == f"Cy {number}"


async def honour(week: Week, token: str) -> None:
    hr = await a_person(grants=Grants.HR)
    for _ in range(TIMES // 3):
        award = await honoured(week.ben)
        badges = [{"id": node("award", award), "level": "GOLD"}]
        assert (await board_of(token))["places"][1]["person"]["badges"] == badges
        await awards.revoke(award.id, "A mistake", by=hr)
        assert (await board_of(token))["places"][1]["person"]["badges"] == []


async def shown(tokens: list[str]) -> list[Any]:
    """Nothing to who has left."""
    answers = [await ask(BOARD, token=token, scope="PEOPLE") for token in tokens]
    return [answer["data"] and answer["data"]["board"] for answer in answers]


async def board_of(token: str, scope: str = "PEOPLE", language: str = "en") -> dict[str, Any]:
    answer = await ask(BOARD, token=token, language=language, scope=scope)
    board: dict[str, Any] = answer["data"]["board"]
    return board
