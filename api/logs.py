"""Logs: one JSON object a line in production, lines for people in development.

No line tells of a person. Of an error it says what it is and where it arose but not its words,
which may quote what somebody wrote; of what libraries log it keeps the sentence without the values.
"""

import asyncio
import atexit
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from itertools import islice
from traceback import walk_tb
from typing import Any, TextIO

import orjson
import structlog
from structlog.processors import ExceptionRenderer
from structlog.stdlib import ProcessorFormatter, add_logger_name
from structlog.types import EventDict, ExcInfo, Processor, WrappedLogger

COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]
CAUSES = 10
"""errors told of that led to each other"""

MOMENT = 0.1
"""seconds that a line may wait for others: to write each took as long as to answer some requests"""


def configure(*, development: bool) -> None:
    """From here on everything is logged like this, to stderr."""
    rendering = _for_people() if development else _for_machines()
    structlog.configure(
        processors=[*COMMON, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=(
            structlog.PrintLoggerFactory(sys.stderr) if development else _lines(sys.stderr)
        ),
        cache_logger_on_first_use=True,
    )
    formatter = ProcessorFormatter(
        processors=[ProcessorFormatter.remove_processors_meta, *rendering],
        foreign_pre_chain=[*COMMON, add_logger_name, *([] if development else [_without_values])],
        use_get_message=development,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.raiseExceptions = development
    if not development:
        warnings.simplefilter("ignore")  # they are for developers, and quote code


class Lines:
    """Writes at once what went wrong, and all else together, a moment later."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.held: list[str] = []

    def info(self, line: str) -> None:
        self.held.append(line)
        if len(self.held) == 1:
            self._flush_soon()

    def warning(self, line: str) -> None:
        self.held.append(line)
        self.flush()

    error = critical = warning

    def flush(self) -> None:
        if self.held:
            print(*self.held, sep="\n", file=self.file, flush=True)
            self.held.clear()

    def _flush_soon(self) -> None:
        try:
            asyncio.get_running_loop().call_later(MOMENT, self.flush)
        except RuntimeError:  # nothing runs that could come back to it
            self.flush()


def _lines(file: TextIO) -> Callable[..., Lines]:
    """The one that all loggers share; it leaves nothing unwritten."""
    lines = Lines(file)
    atexit.register(lines.flush)
    return lambda *_: lines


def _for_people() -> list[Processor]:
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def _for_machines() -> list[Processor]:
    return [ExceptionRenderer(lambda error: [*_origins(error)]), _json]


def _without_values(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    sentence = line["_record"].msg
    line["event"] = sentence.partition("\n")[0] if isinstance(sentence, str) else _kind(sentence)
    return line


def _json(logger: WrappedLogger, method: str, line: EventDict) -> str:
    return orjson.dumps(line, default=_kind).decode()


def _kind(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _origins(error: ExcInfo) -> Iterator[str]:
    """The kind of an error and of what led to it, each with the calls it came through."""
    for cause in islice(_causes(error[1]), CAUSES):
        yield _kind(cause)
        for frame, line in walk_tb(cause.__traceback__):
            yield f"  {frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
