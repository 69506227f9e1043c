import json

import pytest
from tortoise.connection import get_connection

from core import clock
from gamify.boards import listings, tallies
from gamify.boards.boards import Kind, Measure, Scope
from gamify.boards.scores import Level
from gamify.boards.spans import Span
from tests.gamify.boards.makers import board, names, people_with, ranks, scored
from tests.makers import a_person, ask, operation, send


async def test_who_has_as_much_shares_a_rank_and_the_next_one_is_skipped():
    ann, *_ = await people_with(30, 30, 20, 10)

    seen = await board(ann)

    assert ranks(seen["places"]) == [(1, 30), (1, 30), (3, 20)]
    assert seen["isClosed"] is False
    assert seen["viewerPlace"] == {"rank": 1, "score": 30}


async def test_whoever_has_least_is_on_no_list_but_their_own():
    ann, ben, *_, zoe = await people_with(50, 40, 30, 10, 10)

    assert ranks((await board(ann))["places"]) == [(1, 50), (2, 40), (3, 30)]
    assert ranks((await board(ben))["viewerPlaces"]) == [(1, 50), (2, 40), (3, 30)]
    own = await board(zoe)
    assert ranks(own["places"]) == [(1, 50), (2, 40), (3, 30)]
    assert own["viewerPlace"] == {"rank": 4, "score": 10}
    assert own["viewerPlaces"][-1]["isViewers"] is True


async def test_where_all_have_as_much_nobody_is_last():
    ann, ben = await people_with(10, 10)

    seen = await board(ann)

    assert {*names(seen["places"])} == {ann.name, ben.name}
    assert ranks(seen["places"]) == [(1, 10), (1, 10)]


async def test_one_sees_three_places_above_and_below_with_their_ranks():
    people = await people_with(100, 90, 90, 80, 70, 60, 60, 50, 40, 30)

    around = (await board(people[4], first=1))["viewerPlaces"]

    assert ranks(around) == [(2, 90), (2, 90), (4, 80), (5, 70), (6, 60), (6, 60), (8, 50)]
    assert [place["isViewers"] for place in around].index(True) == 3


async def test_who_did_nothing_has_no_place_and_no_neighbours():
    await people_with(30, 20, 10)

    seen = await board(await a_person())

    assert (seen["viewerPlace"], seen["viewerPlaces"]) == (None, [])
    assert ranks(seen["places"]) == [(1, 30), (2, 20)]


CROWD = """
    INSERT INTO board_score (id, board_id, owner_id, value, is_out)
    SELECT gen_random_uuid(), $1, gen_random_uuid(), 100 * (n % 20 + 1), FALSE
    FROM generate_series(1, 10000) AS n;
"""
LEVELS = """
    INSERT INTO board_level (id, board_id, value, count)
    SELECT gen_random_uuid(), board_id, value, COUNT(*) FROM board_score GROUP BY board_id, value
"""


@pytest.mark.only("postgres")
async def test_a_place_far_up_is_read_as_quickly_as_one_far_down():
    first, last = await people_with(21, 2)
    board = Kind(Measure.POINTS, Scope.PEOPLE, Span.WEEK).on(clock.business_date())
    database = get_connection("default")
    await Level.all().delete()
    await database.execute_query(CROWD, [board.id])
    await database.execute_script(f"{LEVELS}; ANALYZE board_score; ANALYZE board_level")

    up, down = [await pages_read(board.id, owner.id) for owner in (first, last)]

    assert abs(up - down) < 20


async def pages_read(board_id, owner_id) -> int:
    sql = listings.LISTED[Scope.PEOPLE]._prepare("postgres", (10, None)).sql  # noqa: SLF001  # as it is sent
    run = get_connection("default").execute_query_dict
    [told] = await run(
        f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}",
        [board_id, [owner_id], clock.business_date()],
    )
    return json.loads(told["QUERY PLAN"])[0]["Plan"]["Shared Hit Blocks"]


async def test_the_order_is_the_same_each_time_and_a_page_is_its_beginning():
    ann, *_ = await people_with(*[20] * 8, 10)

    whole = names((await board(ann, first=100))["places"])

    assert len(whole) == 8
    assert names((await board(ann, first=3))["places"]) == whole[:3]
    refused = await ask(
        operation("Boards")[0], by=ann, name="Boards", measure="POINTS", span="WEEK", first=101
    )
    assert refused["errors"][0]["extensions"]["code"] == "BAD_PAGE_SIZE"


async def test_who_opts_out_is_not_named_but_counts_and_sees_their_own_place():
    ann, ben, _ = await people_with(30, 20, 10)

    await send("HideNameOnBoards", by=ann)

    seen = (await board(ben))["places"]
    assert ranks(seen) == [(1, 30), (2, 20)]
    assert names(seen) == [None, ben.name]
    assert names((await board(ann))["places"]) == [ann.name, ben.name]
    await send("ShowNameOnBoards", by=ann)
    assert names((await board(ben))["places"]) == [ann.name, ben.name]


async def test_a_day_that_has_yet_to_come_has_no_board():
    refused = await ask(
        operation("Boards")[0],
        by=await a_person(),
        name="Boards",
        measure="POINTS",
        span="DAY",
        on="2100-01-01",
    )

    assert refused["errors"][0]["extensions"]["code"] == "NOT_YET"


async def test_ten_places_cost_as_many_statements_as_one(statements):
    ann, *_ = await people_with(20, 10)
    statements()
    await board(ann)
    few = len(statements())
    await people_with(*range(30, 40))
    statements()
    await board(ann)

    assert len(statements()) == few


async def test_what_is_withdrawn_lowers_the_score_and_the_rank():
    ann, ben, _ = await people_with(20, 30, 10)
    more = await scored(ann, 20)
    assert (await board(ann))["viewerPlace"] == {"rank": 1, "score": 40}

    await tallies.take_out(more)

    assert (await board(ann))["viewerPlace"] == {"rank": 2, "score": 20}
    assert (await board(ben))["viewerPlace"] == {"rank": 1, "score": 30}
