"""A server that does nothing but answer, to see how much load can be made."""

import asyncio

import uvloop

from bench.load.own import is_whole

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 14000\r\n\r\n" + b"x" * 14_000  # as long as a feed


class Line(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self) -> None:
        self.received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # of a stream, it is a stream's

    def data_received(self, data: bytes) -> None:
        self.received += data
        if is_whole(self.received):
            self.received.clear()
            self.transport.write(ANSWER)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Line, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201  # for who started it
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
