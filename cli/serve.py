"""`breakroom serve`: answers requests until it is told to stop, then finishes what is under way."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable
from math import ceil
from types import FrameType

import click
import structlog
import uvicorn

from api import limits, logs
from api.app import app
from api.composition import MODELS
from api.dawdlers import HangingUp
from core import health, settings
from core.crypto import keys
from core.database import db
from core.settings import Settings

PORT = click.IntRange(0, 65535)  # 0 takes a free one

COLLECTED = 50_000, 20, 20
"""objects made, and young and middle collections, before each collection: as shipped it is 700 of
them, which a feed makes several times, and next to nothing of what requests make is cyclic"""

log = structlog.get_logger(__name__)


@click.command()
@click.option("--host", default="127.0.0.1", envvar="BREAKROOM_HOST", show_default=True)
@click.option("--port", default=8000, envvar="BREAKROOM_PORT", show_default=True, type=PORT)
def serve(host: str, port: int) -> None:
    """Answer requests; on SIGTERM or Ctrl+C finish what is under way, and stop."""
    with opened(host, port) as door:
        run(door, ready=lambda url: log.info("listening", url=url))


def run(door: socket.socket, *, ready: Callable[[str], object]) -> None:
    """Serve at an open door; `ready` is told its URL. Raises ClickException if that cannot be."""
    chosen = settings.current()
    _check()
    logs.configure(development=chosen.development)
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _stopped)
    Server(_options(chosen), ready).run(sockets=[door])


class Server(uvicorn.Server):
    def __init__(self, options: uvicorn.Config, ready: Callable[[str], object]) -> None:
        super().__init__(options)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        collect_seldom()
        for door in sockets if sockets and self.started else ():
            self._ready(_url(door))


def collect_seldom() -> None:
    gc.freeze()  # what is loaded stays; each full collection would look at it for 60 ms
    gc.set_threshold(*COLLECTED)


def _options(chosen: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app(),
        lifespan="on",
        loop="uvloop",
        http=HangingUp,
        ws="websockets-sansio",
        ws_max_size=limits.BODY,
        reset_contextvars=True,  # or requests would inherit what the start and each other bound
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in chosen.trusted_proxies],
        timeout_graceful_shutdown=ceil(chosen.request_seconds) + 1,
        access_log=False,  # ours tells less
        log_config=None,
        server_header=False,
    )


def opened(host: str, port: int) -> socket.socket:
    """Whoever connects from now on waits until we serve."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as failure:
        raise click.ClickException(
            f"cannot listen on {host}:{port}, choose another --host or --port ({failure})"
        ) from None


def _url(door: socket.socket) -> str:
    host, port, *_ = door.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _check() -> None:
    try:
        keys.ring("token")
        problem = asyncio.run(_database_problem())
    except (keys.BadKeyFile, OSError) as failure:
        raise click.ClickException(str(failure)) from None
    if problem:
        raise click.ClickException(f"the database {problem}")


async def _database_problem() -> str | None:
    try:
        await db.connect(settings.current().database_url, MODELS)
        return (await health.problems()).get("database")
    except Exception as failure:  # noqa: BLE001  # whatever keeps us from reaching it
        return f"{health.NO_DATABASE} ({failure})"
    finally:
        await db.disconnect()


def _stopped(signal_: int, frame: FrameType | None) -> None:
    raise SystemExit(0)  # as it was told to; uvicorn comes here when all is done
