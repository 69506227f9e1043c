"""What leaves the server together, and what may not wait."""

import asyncio
from typing import Any

from api.corks import Cork


class Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.is_open = True

    def write(self, data: Any) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.is_open = False

    def is_closing(self) -> bool:
        return not self.is_open


def test_a_head_goes_out_with_its_body_and_the_rest_at_once():
    transport = Transport()
    cork = Cork(transport)
    cork.write(b"head ")
    assert transport.written == []
    cork.write(b"body")
    cork.write(b"more")
    assert transport.written == [b"head body", b"more"]


def test_an_answer_that_breaks_off_still_has_its_head():
    transport = Transport()
    cork = Cork(transport)
    cork.write(b"head")
    cork.close()
    assert (transport.written, cork.is_closing()) == ([b"head"], True)
