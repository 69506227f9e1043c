import asyncio
import sys

import pytest
import structlog
from asyncpg import SerializationError
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from core import events, transactions
from core.errors import Conflict, ServiceBusy
from core.events import Event
from core.people import Team
from core.text import Text
from core.transactions import Stray, after_commit, transaction


class Unwanted(Conflict):
    text = Text("Not this one.", "不要这个。", "不要這個。")


@transaction
async def add(name: str) -> Team:
    return await Team.create(department="Care", name=name)


@transaction
async def add_and_refuse(name: str) -> None:
    await add(name)
    raise Unwanted


async def names() -> list[str]:
    return await Team.all().order_by("name").values_list("name", flat=True)


async def test_an_action_is_one_transaction(statements):
    await add("North")
    assert [sql.split()[0] for sql in statements()] == ["SAVEPOINT", "INSERT", "RELEASE"]


@pytest.mark.committed
async def test_an_action_is_committed(statements):
    await add("North")
    assert [sql.strip(";").split()[0] for sql in statements()] == ["BEGIN", "INSERT", "COMMIT"]


async def test_a_refusal_rolls_the_whole_action_back():
    with pytest.raises(Unwanted):
        await add_and_refuse("North")
    assert await names() == []


async def test_an_action_within_another_is_a_savepoint():
    @transaction
    async def add_two() -> None:
        await add("North")
        with pytest.raises(Unwanted):
            await add_and_refuse("East")
        await add("South")

    await add_two()
    assert await names() == ["North", "South"]


async def test_a_broken_constraint_may_be_caught_outside_the_savepoint():
    @transaction
    async def add_twice() -> None:
        await add("North")
        with pytest.raises(IntegrityError):
            await add("North")
        await add("South")

    await add_twice()
    assert await names() == ["North", "South"]


@pytest.mark.committed
async def test_cancelled_requests_are_carried_out_and_hang_nobody(set_limits):
    set_limits(waiting_writes=240, database_wait=60)
    for n in range(8):
        calls = [asyncio.create_task(add(f"{n}-{i}")) for i in range(30)]
        for _ in range(n + 1):
            await asyncio.sleep(0)
        for call in calls:
            call.cancel()
        assert {type(end) for end in await asyncio.gather(*calls, return_exceptions=True)} == {
            asyncio.CancelledError
        }
    await transactions.drain()
    assert await Team.all().count() == 240
    await add("and another")
    assert await Team.all().count() == 241


@pytest.mark.committed
async def test_a_transaction_cancelled_at_any_step_gives_its_connection_back(set_limits):
    async def write() -> None:
        async with in_transaction():
            await Team.create(department="Care", name="North")
            raise Unwanted

    set_limits(database_wait=2)
    await asyncio.gather(*(add(f"before {n}") for n in range(20)))
    for steps in [*range(12)] * 10:
        writing = asyncio.create_task(write())
        for _ in range(steps):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await asyncio.gather(*(add(f"after {n}") for n in range(20)))
    assert await Team.all().count() == 40


@pytest.mark.parametrize("committed", [False, pytest.param(True, marks=pytest.mark.committed)])
async def test_a_task_started_inside_may_not_write(committed):
    @transaction
    async def delegate() -> None:
        with pytest.raises(Stray):
            await asyncio.create_task(add("North"))
        with pytest.raises(Stray):
            await asyncio.create_task(Team.create(department="Care", name="East"))

    await delegate()
    assert await names() == []


@pytest.mark.committed
async def test_a_task_that_outlives_its_transaction_may_not_write():
    over = asyncio.Event()

    async def linger() -> None:
        await over.wait()
        await Team.create(department="Care", name="lost")

    @transaction
    async def start() -> asyncio.Task[None]:
        await add("North")
        return asyncio.create_task(linger())

    task = await start()
    over.set()
    with pytest.raises(Stray):
        await task
    assert await names() == ["North"]


async def test_what_follows_a_commit_is_called_once_and_after_it():
    told: list[str] = []

    @transaction
    async def add_two() -> None:
        after_commit(lambda: told.append("outer"))
        await add_and_tell("North")
        assert told == []

    @transaction
    async def add_and_tell(name: str) -> None:
        after_commit(lambda: told.append(name))
        await add(name)

    await add_two()
    assert told == ["outer", "North"]


async def test_what_is_rolled_back_is_not_followed():
    told: list[str] = []

    @transaction
    async def tell_and_refuse() -> None:
        after_commit(lambda: told.append("never"))
        raise Unwanted

    @transaction
    async def outer() -> None:
        after_commit(lambda: told.append("outer"))
        with pytest.raises(Unwanted):
            await tell_and_refuse()

    with pytest.raises(Unwanted):
        await tell_and_refuse()
    await outer()
    assert told == ["outer"]


async def test_what_fails_after_the_commit_does_not_undo_it():
    told: list[str] = []

    @transaction
    async def act() -> Team:
        after_commit(lambda: 1 // 0)
        after_commit(lambda: told.append("the next"))
        return await add("North")

    assert (await act()).name == "North"
    assert told == ["the next"]


async def test_without_a_transaction_what_follows_is_called_at_once():
    told: list[str] = []
    after_commit(lambda: told.append("now"))
    assert told == ["now"]


@pytest.mark.committed
async def test_shutting_down_waits_for_what_cancelled_callers_left_behind():
    go = asyncio.Event()

    @transaction
    async def slow() -> None:
        await go.wait()
        await add("North")

    call = asyncio.create_task(slow())
    await asyncio.sleep(0)
    call.cancel()
    draining = asyncio.create_task(transactions.drain())
    await asyncio.sleep(0)
    assert not draining.done()
    go.set()
    await draining
    assert await names() == ["North"]


@pytest.mark.committed
async def test_a_fault_that_nobody_waits_for_is_logged():
    go = asyncio.Event()

    @transaction
    async def break_down() -> None:
        await go.wait()
        raise ZeroDivisionError

    call = asyncio.create_task(break_down())
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    go.set()
    with structlog.testing.capture_logs() as logs:
        await transactions.drain()
        await asyncio.sleep(0)
    assert [log["event"] for log in logs] == ["abandoned_transaction_failed"]


@pytest.mark.committed
async def test_more_writes_than_may_wait_are_refused(set_limits):
    go = asyncio.Event()

    @transaction
    async def add_later(name: str) -> None:
        await go.wait()
        await add(name)

    set_limits(waiting_writes=3)
    calls = [asyncio.create_task(add_later(name)) for name in ("North", "East", "South")]
    await asyncio.sleep(0)
    with pytest.raises(ServiceBusy):
        await add("West")
    go.set()
    await asyncio.gather(*calls)
    assert await names() == ["East", "North", "South"]


@pytest.mark.committed
async def test_what_could_not_be_put_in_order_is_tried_again():
    tries: list[int] = []
    told: list[str] = []

    @transaction
    async def act() -> None:
        tries.append(len(tries))
        after_commit(lambda: told.append("once"))
        await add("North")
        if len(tries) < 3:
            raise SerializationError

    await act()
    assert tries == [0, 1, 2]
    assert told == ["once"]
    assert await names() == ["North"]


@pytest.mark.committed
async def test_what_can_never_be_put_in_order_is_refused():
    @transaction
    async def act() -> None:
        await add("North")
        raise SerializationError

    with pytest.raises(ServiceBusy):
        await act()
    assert await names() == []


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_deadlock_ends_with_both_transactions_committed():
    north, south = await add("North"), await add("South")
    both = asyncio.Barrier(2)
    met: list[int] = []

    @transaction
    async def rename(one: Team, other: Team) -> None:
        await Team.filter(id=one.id).update(department=other.name)
        if len(met) < 2:
            met.append(1)
            await both.wait()
        await Team.filter(id=other.id).update(department=one.name)

    await asyncio.gather(rename(north, south), rename(south, north))
    found = await Team.all().order_by("name").values_list("department", flat=True)
    assert found == ["South", "North"]


@pytest.mark.committed
async def test_three_processes_that_read_and_then_write_lose_nothing(database_url):
    event = await events.record("counted")
    command = ("-m", "tests.core.incrementing", database_url, str(event.id), "50")
    running = [await asyncio.create_subprocess_exec(sys.executable, *command) for _ in range(3)]
    assert [await process.wait() for process in running] == [0, 0, 0]
    assert (await Event.get(id=event.id)).attempts == 150
