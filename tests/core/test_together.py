"""Together: those who ask while others wait for the same go as one."""

import asyncio
from collections.abc import Sequence

import pytest

from core.together import MOST, Together, together
from core.transactions import transaction


class Asked:
    """Squares, as slowly as one lets it; what it is asked at once is a turn."""

    def __init__(self, *, again: bool = False, patience: float = 60) -> None:
        self.turns = asyncio.Queue[list[int]]()
        self.open = asyncio.Event()
        self.together = Together(self.squares, again=again, patience=patience)

    async def squares(self, numbers: list[int]) -> list[int]:
        self.turns.put_nowait([*numbers])
        await self.open.wait()
        if 13 in numbers:
            raise ValueError("13")
        return [number**2 for number in numbers]

    def of(self, *numbers: int) -> list[asyncio.Task[int]]:
        return [asyncio.create_task(self.together.ask(number)) for number in numbers]

    async def turn(self) -> list[int]:
        async with asyncio.timeout(10):
            return await self.turns.get()

    async def begun(self) -> None:
        """Whatever was to begin before this task has begun."""


async def ended(tasks: list[asyncio.Task[int]]) -> list[int | type[BaseException]]:
    told = await asyncio.gather(*tasks, return_exceptions=True)
    return [one if isinstance(one, int) else type(one) for one in told]


async def test_those_of_one_moment_go_together_and_who_comes_meanwhile_next():
    asked = Asked()
    tasks = asked.of(2, 3)
    assert await asked.turn() == [2, 3]
    tasks += asked.of(4, 5)
    asked.open.set()
    assert await asked.turn() == [4, 5]
    assert await asyncio.gather(*tasks) == [4, 9, 16, 25]
    assert await asked.together.ask(6) == 36
    assert await asked.turn() == [6]
    assert asked.turns.empty()


async def test_who_asks_what_is_under_way_is_told_what_stood_later():
    asked = Asked()
    tasks = asked.of(1, 2)
    assert await asked.turn() == [1, 2]
    tasks += asked.of(2)
    asked.open.set()
    assert await asked.turn() == [2]
    assert await asyncio.gather(*tasks) == [1, 4, 4]


async def test_nobody_waits_for_long_for_those_who_are_kept_waiting():
    asked = Asked(patience=0.01)
    tasks = []
    for number in (1, 2, 3):
        tasks += asked.of(number)
        assert await asked.turn() == [number]
    asked.open.set()
    assert await asyncio.gather(*tasks) == [1, 4, 9]


async def test_no_more_than_so_many_go_together():
    asked = Asked()
    numbers = range(20, 20 + MOST + 3)
    tasks = asked.of(*numbers)
    asked.open.set()
    assert await asyncio.gather(*tasks) == [number**2 for number in numbers]
    assert [len(await asked.turn()) for _ in range(2)] == [MOST, 3]


async def test_what_fails_is_told_to_all_of_them_and_to_nobody_else():
    asked = Asked()
    tasks = asked.of(1, 13)
    assert await asked.turn() == [1, 13]
    tasks += asked.of(2)
    asked.open.set()
    assert await ended(tasks) == [ValueError, ValueError, 4]


async def test_what_fails_for_many_can_be_asked_again_for_each():
    asked = Asked(again=True)
    tasks = asked.of(1, 13, 2)
    asked.open.set()
    assert await ended(tasks) == [1, ValueError, 4]
    assert [await asked.turn() for _ in range(4)] == [[1, 13, 2], [1], [13], [2]]


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_whoever_gives_up_takes_nobody_along(gone):
    asked = Asked()
    tasks = asked.of(1, 2, 3)
    assert await asked.turn() == [1, 2, 3]
    tasks[gone].cancel()
    asked.open.set()
    told = await ended(tasks)
    assert told.pop(gone) is asyncio.CancelledError
    assert told == [square for number, square in enumerate([1, 4, 9]) if number != gone]
    assert await asked.together.ask(4) == 16


async def test_whoever_gives_up_before_their_turn_is_not_asked_for():
    asked = Asked()
    tasks = asked.of(1)
    assert await asked.turn() == [1]
    tasks += asked.of(2, 3)
    await asyncio.create_task(asked.begun())
    tasks[1].cancel()
    asked.open.set()
    assert await asked.turn() == [3]
    assert await ended(tasks) == [1, asyncio.CancelledError, 9]


async def test_when_all_give_up_nobody_waits_for_them_for_long():
    asked = Asked(patience=0.01)
    tasks = asked.of(1, 2, 3)
    assert await asked.turn() == [1, 2, 3]
    for task in tasks:
        task.cancel()
    assert await ended(tasks) == [asyncio.CancelledError] * 3
    [next_] = asked.of(4)
    assert await asked.turn() == [4]
    asked.open.set()
    assert await next_ == 16


async def test_a_batch_gives_each_the_values_of_their_own_keys():
    turns = []

    @together
    async def squares(numbers: Sequence[int]) -> list[int]:
        turns.append([*numbers])
        return [number**2 for number in numbers]

    told = await asyncio.gather(squares([1, 2]), squares([]), squares([3, 1]))
    assert told == [[1, 4], [], [9, 1]]
    assert turns == [[1, 2, 3, 1]]


async def test_in_a_transaction_one_goes_alone():
    asked = Asked()
    [before] = asked.of(1)
    assert await asked.turn() == [1]

    @transaction
    async def whole() -> int:
        asked.open.set()
        return await asked.together.ask(2)

    assert await whole() == 4
    assert await before == 1
    assert await asked.turn() == [2]


def test_what_another_loop_has_left_behind_keeps_nobody_waiting():
    asked = Asked()

    async def left_behind() -> None:
        asked.of(1, 2)
        assert await asked.turn() == [1, 2]

    async def later() -> int:
        asked.open.set()
        return await asked.together.ask(3)

    asyncio.run(left_behind())
    assert asyncio.run(later()) == 9
