import asyncio

import pytest

from community import blocks
from core.messaging import notices
from core.pages import Page
from gamify.boards import cheers
from gamify.boards.cheers import A_DAY, Cheer, EnoughCheers
from tests.makers import a_key, a_person, node, send


async def told(person) -> list[tuple[str, int]]:
    [page] = await notices.of([person.id], page=Page())
    return [(notice.kind, notice.actor_count) for notice in page.rows]


async def cheer(by, person) -> dict:
    return await send("Cheer", by=by, person=node("person", person), key=a_key())


async def test_whoever_is_cheered_on_is_told_once_a_day_by_each():
    ann, ben, cem = [await a_person() for _ in range(3)]

    for by in (ben, ben, cem):
        await cheer(by, ann)

    assert await told(ann) == [("CHEER", 2)]
    assert await Cheer.all().count() == 2


async def test_nobody_cheers_themselves_on():
    ann = await a_person()

    assert (await cheer(ann, ann))["code"] == "OWN_CHEER"
    assert not await Cheer.exists()


async def test_who_blocked_somebody_is_not_told_and_the_other_does_not_learn_of_it():
    ann, ben = await a_person(), await a_person()
    await blocks.block(ben.id, by=ann)

    assert (await cheer(ben, ann))["person"]["id"] == node("person", ann)
    assert await told(ann) == []


async def test_after_so_many_cheers_a_day_it_is_enough():
    ann = await a_person()
    for _ in range(A_DAY):
        await cheers.cheer((await a_person()).id, by=ann, key=a_key())

    assert (await cheer(ann, await a_person()))["code"] == "ENOUGH_CHEERS"
    assert await Cheer.all().count() == A_DAY


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_many_cheers_at_once_stay_within_a_day():
    ann = await a_person()
    others = [await a_person() for _ in range(A_DAY + 5)]

    done = await asyncio.gather(
        *(cheers.cheer(one.id, by=ann, key=a_key()) for one in others), return_exceptions=True
    )

    assert sum(isinstance(one, EnoughCheers) for one in done) == 5
    assert await Cheer.all().count() == A_DAY
