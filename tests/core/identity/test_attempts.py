import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.errors import Conflict, Unauthenticated
from core.identity import attempts
from core.identity.attempts import Attempts, TooManyTries

START = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(**later: float):
    return clock.set_to(START + timedelta(**later))


async def refused(*, who="account", name="E1", **later: float) -> int:
    """Seconds to wait, told by a refused attempt."""
    with at(**later), pytest.raises(TooManyTries) as caught:
        await attempts.count(who, name)
    return caught.value.facts["retry_after"]


async def failing(address: str = "192.0.2.1", failure: type[Exception] = Unauthenticated) -> None:
    with pytest.raises(failure):
        async with attempts.failures(address):
            raise failure


async def test_an_account_has_ten_tries_an_hour_and_then_waits_ever_longer():
    for second in range(10):
        with at(seconds=second):
            await attempts.count("account", "E1")

    assert await refused(seconds=10) == 59
    assert await refused(seconds=68.5) == 1
    for waited, minutes in ((60, 1), (180, 2), (420, 4), (900, 8)):
        with at(seconds=9 + waited):
            await attempts.count("account", "E1")
        assert await refused(seconds=9 + waited) == minutes * 2 * 60


async def test_an_hour_later_the_account_is_free_again():
    for _ in range(10):
        with at():
            await attempts.count("account", "E1")
    with at(hours=1):
        await attempts.count("account", "E1")


async def test_a_refused_attempt_does_not_lengthen_the_wait():
    for _ in range(10):
        with at():
            await attempts.count("account", "E1")
    assert [await refused() for _ in range(5)] == [60] * 5


async def test_success_wipes_the_slate():
    with at():
        for _ in range(9):
            await attempts.count("account", "E1")
        await attempts.forget("account", "E1")
        for _ in range(10):
            await attempts.count("account", "E1")
    assert await refused() == 60


async def test_accounts_and_kinds_do_not_disturb_each_other():
    with at():
        for _ in range(10):
            await attempts.count("account", "E1")
        await attempts.count("account", "E2")
        await attempts.count("activation", "E1")


async def test_a_phone_gets_one_code_a_minute_and_five_an_hour():
    for minute in range(4):
        with at(minutes=minute):
            await attempts.count("phone", "+8613800000001")
        assert await refused(who="phone", name="+8613800000001", minutes=minute, seconds=1) == 59
    with at(minutes=4):
        await attempts.count("phone", "+8613800000001")
    assert await refused(who="phone", name="+8613800000001", minutes=5) == 55 * 60
    with at(minutes=60):
        await attempts.count("phone", "+8613800000001")


async def test_an_address_may_fail_six_times_a_minute():
    with at():
        for _ in range(6):
            await failing()
    with at(seconds=59):
        await failing(failure=TooManyTries)
    with at(seconds=60):
        await failing()


async def test_an_address_may_fail_thirty_times_in_any_hour():
    for n in range(30):
        with at(seconds=n * 11):
            await failing()
    with at(minutes=59):
        await failing(failure=TooManyTries)
        await failing("192.0.2.2")
    with at(minutes=60):
        await failing()


async def test_only_failures_count_for_an_address():
    with at():
        for _ in range(40):
            async with attempts.failures("192.0.2.1"):
                pass
            await failing(failure=Conflict)
        await failing()
    assert len((await Attempts.get()).times) == 1


async def test_addresses_of_one_subscriber_are_one():
    with at():
        for n in range(6):
            await failing(f"2001:db8:0:1::{n:x}")
        await failing("2001:db8:0:1:ffff::", failure=TooManyTries)
        await failing("2001:db8:0:2::1")


async def test_nothing_readable_is_stored():
    with at():
        await failing("192.0.2.1")
        await attempts.count("account", "E1")
    for row in await Attempts.all():
        assert len(row.key) == 64
        assert row.times == [START.timestamp()]


async def test_what_is_over_is_swept_away():
    with at():
        await attempts.count("account", "E1")
    with at(minutes=30):
        await attempts.count("account", "E2")
    with at(minutes=61):
        await attempts.sweep()
        assert await Attempts.all().count() == 1


@pytest.mark.committed
async def test_of_200_tries_at_once_ten_are_let_through():
    tries = [attempts.count("account", "E1") for _ in range(200)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert answers.count(None) == 10
    assert sum(isinstance(answer, TooManyTries) for answer in answers) == 190


@pytest.mark.committed
async def test_of_50_failures_at_once_an_address_gets_six():
    looked_at = 0

    async def fail() -> None:
        nonlocal looked_at
        async with attempts.failures("192.0.2.1"):
            looked_at += 1
            await asyncio.sleep(0)
            raise Unauthenticated

    answers = await asyncio.gather(*(fail() for _ in range(50)), return_exceptions=True)
    assert looked_at == 6
    assert sum(isinstance(answer, TooManyTries) for answer in answers) == 44
