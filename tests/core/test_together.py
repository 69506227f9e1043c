"""Together: those who ask while others wait for the same go as one."""

import asyncio

import pytest

from core.together import MOST, Together
from core.transactions import transaction


class Asked:
    """Squares, as slowly as one lets it; what it was asked at once."""

    def __init__(self, *, again: bool = False, patience: float = 60) -> None:
        self.turns: list[list[int]] = []
        self.open = asyncio.Event()
        self.together = Together(self.squares, again=again, patience=patience)

    async def squares(self, numbers: list[int]) -> list[int]:
        self.turns.append([*numbers])
        await self.open.wait()
        if 13 in numbers:
            raise ValueError("13")
        return [number**2 for number in numbers]


async def begun(asked: Asked, numbers: list[int]) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(asked.together.ask(number)) for number in numbers]
    await asyncio.sleep(0)
    return tasks


async def test_the_first_goes_at_once_and_who_comes_meanwhile_together():
    asked = Asked()
    tasks = await begun(asked, [2, 3, 4])
    assert asked.turns == [[2]]
    asked.open.set()
    assert await asyncio.gather(*tasks) == [4, 9, 16]
    assert asked.turns == [[2], [3, 4]]
    assert await asked.together.ask(5) == 25
    assert asked.turns[2:] == [[5]]


async def test_who_comes_while_many_are_under_way_is_told_what_stood_later():
    asked = Asked()
    tasks = await begun(asked, [1, 2, 3])
    asked.open.set()
    await tasks[0]
    asked.open.clear()
    await asyncio.sleep(0)
    assert asked.turns == [[1], [2, 3]]
    tasks += await begun(asked, [2])
    asked.open.set()
    assert await asyncio.gather(*tasks) == [1, 4, 9, 4]
    assert asked.turns == [[1], [2, 3], [2]]


async def test_nobody_waits_for_long_for_those_who_are_kept_waiting():
    asked = Asked(patience=0)
    tasks = await begun(asked, [1, 2])
    await asyncio.sleep(0)
    tasks += await begun(asked, [3])
    await asyncio.sleep(0)
    assert asked.turns == [[1], [2], [3]]
    asked.open.set()
    assert await asyncio.gather(*tasks) == [1, 4, 9]


async def test_no_more_than_so_many_go_together():
    asked = Asked()
    numbers = range(20, 20 + MOST + 3)
    tasks = await begun(asked, [*numbers])
    asked.open.set()
    assert await asyncio.gather(*tasks) == [number**2 for number in numbers]
    assert [*map(len, asked.turns)] == [1, MOST, 2]


async def test_what_fails_is_told_to_all_of_them_and_to_nobody_else():
    asked = Asked()
    tasks = await begun(asked, [1, 13, 2])
    asked.open.set()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [*map(repr, told)] == ["1", "ValueError('13')", "ValueError('13')"]
    assert await asked.together.ask(3) == 9


async def test_what_fails_for_many_can_be_asked_again_for_each():
    asked = Asked(again=True)
    tasks = await begun(asked, [1, 13, 2])
    asked.open.set()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [*map(repr, told)] == ["1", "ValueError('13')", "4"]
    assert asked.turns == [[1], [13, 2], [13], [2]]


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_whoever_gives_up_takes_nobody_along(gone):
    asked = Asked()
    tasks = await begun(asked, [1, 2, 3])
    tasks[gone].cancel()
    await asyncio.sleep(0)
    asked.open.set()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    rest = [square for number, square in enumerate([1, 4, 9]) if number != gone]
    assert [one for one in told if isinstance(one, int)] == rest
    assert await asked.together.ask(4) == 16


async def test_when_all_give_up_the_next_one_goes_at_once():
    asked = Asked()
    for task in await begun(asked, [1, 2, 3]):
        task.cancel()
    await asyncio.sleep(0)
    await begun(asked, [4])
    assert asked.turns[-1] == [4]


async def test_in_a_transaction_one_goes_alone():
    asked = Asked()
    [before] = await begun(asked, [1])

    @transaction
    async def whole() -> int:
        asked.open.set()
        return await asked.together.ask(2)

    assert await whole() == 4
    assert await before == 1
    assert asked.turns == [[1], [2]]


def test_what_another_loop_has_left_behind_keeps_nobody_waiting():
    asked = Asked()

    async def left_behind() -> None:
        await begun(asked, [1, 2])

    async def later() -> int:
        asked.open.set()
        return await asked.together.ask(3)

    asyncio.run(left_behind())
    assert asyncio.run(later()) == 9
