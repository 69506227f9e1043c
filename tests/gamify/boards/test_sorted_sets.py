"""Redis and the database give the same answer."""

import asyncio
from random import Random

import pytest

from core import clock, pauses
from core.database import versions
from core.people import Person
from gamify.boards import hidden_names, places, players, rebuilding, sorted_sets, tallies
from gamify.boards.boards import Board, Kind, Measure, Scope
from gamify.boards.scores import Level, Score
from gamify.boards.spans import Span
from tests.core.makers import chosen
from tests.gamify.boards.makers import a_team, deliver, people_with, scored
from tests.gamify.boards.test_tallies import findings
from tests.makers import a_person

WEEKLY = Kind(Measure.POINTS, Scope.PEOPLE, Span.WEEK)


@pytest.fixture
async def redis(redis_url):
    with chosen(redis=redis_url):
        yield sorted_sets._redis()  # noqa: SLF001  # as the service has it
        await sorted_sets._redis().flushall()  # noqa: SLF001
        await sorted_sets._redis().aclose()  # noqa: SLF001
        sorted_sets._connected.cache_clear()  # noqa: SLF001


async def both(viewer, kind=WEEKLY, first=10):
    """As Redis says, and as the database does."""
    board = await Board.get(id=kind.on(clock.business_date()).id)
    owner = viewer.id if kind.scope is Scope.PEOPLE else viewer.team_id
    assert await sorted_sets.read(board, {}, first=first, beside=3) is not None
    asked = kind, board.period, first, [owner, (await a_person()).id, owner]
    by_redis = await places.of(*asked)
    versions.forget()
    with chosen(redis=""):
        by_database = await places.of(*asked)
    assert by_redis[0] == by_redis[2]
    return by_redis, by_database


async def test_any_board_reads_the_same_from_both(redis):
    random = Random(7)  # noqa: S311  # the same each time
    people = await people_with(*(random.choice([0, 10, 10, 20, 30, 50]) for _ in range(40)))
    await sorted_sets.fill()
    for person in people:
        by_redis, by_database = await both(person, first=random.choice([1, 5, 50]))
        assert by_redis == by_database


@pytest.mark.parametrize("amounts", [[], [10], [10, 10], [20, 10], [30, 20, 20, 10, 10]])
async def test_short_boards_read_the_same_from_both(redis, amounts):
    ann, *others = [*await people_with(*amounts), await a_person()]
    await scored(await a_person(), 0 if amounts else 5)
    await sorted_sets.fill()
    for viewer in (ann, *others):
        by_redis, by_database = await both(viewer)
        assert by_redis == by_database


async def test_a_set_follows_what_changes_after_it_was_filled(redis):
    team = await a_team()
    people = await people_with(50, 40, 30, 20, 10, team=team)
    await deliver()
    await sorted_sets.fill()

    more = await scored(people[4], 100)
    await tallies.take_out(await scored(people[0], 5))
    await pauses.pause(clock.business_date().replace(year=2027), by=people[1])
    await players.review()
    await deliver()
    for viewer in people:
        by_redis, by_database = await both(viewer)
        assert by_redis == by_database
    by_redis, by_database = await both(people[0], Kind(Measure.POINTS, Scope.TEAMS, Span.WEEK))
    assert by_redis == by_database
    await tallies.take_out(more)
    await deliver()
    by_redis, by_database = await both(people[4])
    assert by_redis == by_database


async def test_people_are_shown_as_they_are_now_from_both(redis):
    ann, ben, *_ = await people_with(40, 30, 20, 10)
    await sorted_sets.fill()
    assert await both_name(ben) == [ann.name, ben.name]
    await hidden_names.hide(by=ann)
    assert await both_name(ben) == [None, ben.name]
    assert await both_name(ann) == [ann.name, ben.name]
    await hidden_names.show(by=ann)
    await Person.filter(id=ann.id).update(name="Somebody else")
    assert await both_name(ben) == ["Somebody else", ben.name]
    await Person.filter(id=ann.id).update(left_on=clock.business_date())
    assert await both_name(ben) == [None, ben.name]


async def both_name(viewer):
    """The first two."""
    told = [
        [one.person and one.person.name for one in seen.places] for seen, *_ in await both(viewer)
    ]
    assert told[0] == told[1]
    return told[0][:2]


async def test_without_redis_the_database_answers_and_the_set_is_filled_anew(redis):
    ann, *_ = await people_with(30, 20, 10)
    await sorted_sets.fill()
    with chosen(redis="redis://127.0.0.1:1/0"):
        await scored(ann, 5)
        await deliver()
    board = await Board.get(id=WEEKLY.on(clock.business_date()).id)
    assert board.is_mirrored is False
    assert (await places.standing(WEEKLY, None, first=10, viewer=ann)).viewer_place.score == 35

    await sorted_sets.fill()

    by_redis, by_database = await both(ann)
    assert by_redis == by_database


async def test_a_redis_that_lost_everything_is_filled_anew(redis):
    ann, *_ = await people_with(30, 20, 10)
    await sorted_sets.fill()
    await redis.flushall()
    board = await Board.get(id=WEEKLY.on(clock.business_date()).id)
    assert await sorted_sets.read(board, {}, first=10, beside=3) is None
    assert (await places.standing(WEEKLY, None, first=10, viewer=ann)).viewer_place.score == 30

    await sorted_sets.fill()

    by_redis, by_database = await both(ann)
    assert by_redis == by_database


async def test_rebuilding_makes_boards_as_what_happened_says():
    team = await a_team()
    people = await people_with(50, 40, 30, 20, 10, team=team)
    await deliver()
    kind = Kind(Measure.POINTS, Scope.TEAMS, Span.WEEK)
    right = (await places.standing(kind, None, first=10, viewer=people[0]))[1:]
    await Score.filter(owner_id=people[0].id).delete()
    await Score.filter(owner_id=people[1].id).update(value=777)
    await Level.all().delete()
    assert await findings() != []

    await rebuilding.rebuild()

    assert await findings() == []
    assert (await places.standing(kind, None, first=10, viewer=people[0]))[1:] == right
    standing = await places.standing(WEEKLY, None, first=10, viewer=people[0])
    assert [place.score for place in standing.places] == [50, 40, 30, 20]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_set_that_is_filled_while_scores_come_in_is_right_in_the_end(redis):
    people = await people_with(*range(10, 30))

    await asyncio.gather(
        *(scored(person, 100) for person in people), sorted_sets.fill(), sorted_sets.fill()
    )
    await asyncio.gather(deliver(), deliver())
    await sorted_sets.fill()

    for viewer in people[::5]:
        by_redis, by_database = await both(viewer, first=50)
        assert by_redis == by_database
