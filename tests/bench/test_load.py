"""The load: what is sent, and that every answer is looked at."""

from collections.abc import AsyncIterator

import pytest

from bench.load import limits, making
from bench.load.job import Job, Refused
from bench.load.own import is_whole
from bench.processes import Server, serving


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving(limits.SERVER, {}) as server:
        yield server


async def test_what_may_be_sent_once_is_sent_once(server):
    done = await making.make(Job(server.port, [limits.REQUEST] * 300, seconds=30, once=True))
    assert (done.answered, done.refused) == (300, "")
    assert 0 < done.p99 <= done.seconds < 30


async def test_the_load_goes_on_for_its_time(server):
    done = await making.make(Job(server.port, [limits.REQUEST], seconds=0.2))
    assert done.answered > 100
    assert 0.2 <= done.seconds < 5


async def test_an_answer_that_holds_what_it_must_not_ends_it(server):
    with pytest.raises(Refused, match=r"200 OK[\s\S]*xxxx"):
        await making.run(Job(server.port, [limits.REQUEST] * 20, 1, once=True, unwanted=b"xxxx"))


def test_an_answer_has_come_when_all_of_its_body_has():
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntea"
    assert [is_whole(answer[:size]) for size in (10, 38, len(answer) - 1)] == [False] * 3
    assert is_whole(answer)
    with pytest.raises(ValueError, match="200 OK"):
        is_whole(b"HTTP/1.1 200 OK\r\n\r\ntea")
