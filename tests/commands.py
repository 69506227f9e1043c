"""Programs in processes of their own, forked from one that has imported the product already.

To start Python and import all of it takes longer than most commands do.
"""

import atexit
import multiprocessing
import os
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from multiprocessing.context import ForkServerProcess as Process
from multiprocessing.reduction import DupFd
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["cli.serve", __name__])

NAMES = {"cli": "breakroom"}


class Lent:
    """An open file of this process, for another."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __reduce__(self) -> tuple[Callable[[Any], "Lent"], tuple[Any]]:
        return _taken, (DupFd(self.descriptor),)


def _taken(there: Any) -> Lent:
    return Lent(there.detach())


def start(program: str, *arguments: str, files: list[int], **chosen: str) -> Process:
    """As `python -m` does it, with these settings; the files are 0, 1, 2 and so on to it."""
    settings = {f"BREAKROOM_{name.upper()}": value for name, value in chosen.items()}
    given = (
        program,
        arguments,
        os.environ | settings | {"COLUMNS": "200"},
        resource.getrlimit(resource.RLIMIT_NOFILE),
        [Lent(file) for file in files],
    )
    process = FORKS.Process(target=_run, args=given)
    process.start()
    return process


def _run(
    program: str,
    arguments: list[str],
    environment: dict[str, str],
    limit: tuple[int, int],
    files: list[Lent],
) -> None:
    for place, file in enumerate(files):
        os.dup2(file.descriptor, place)
        os.close(file.descriptor)
    sys.stdin = os.fdopen(0)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace")
    resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    os.environ.clear()
    os.environ.update(environment)
    try:
        import_module(program).main(arguments, prog_name=NAMES.get(program, program))
    finally:
        atexit._run_exitfuncs()  # noqa: SLF001  # multiprocessing leaves them out


def breakroom(*arguments: str | Path, given: bytes = b"", **chosen: str) -> CompletedProcess[bytes]:
    """The command from its start to its end, with pipes to all sides."""
    (stdin, feed), (out, stdout), (err, stderr) = (os.pipe() for _ in range(3))
    process = start("cli", *map(str, arguments), files=[stdin, stdout, stderr], **chosen)
    for file in (stdin, stdout, stderr):
        os.close(file)
    with (
        ThreadPoolExecutor() as pool,
        os.fdopen(out, "rb") as printed,
        os.fdopen(err, "rb") as told,
    ):
        read = pool.submit(printed.read), pool.submit(told.read)
        with suppress(BrokenPipeError), os.fdopen(feed, "wb") as feeding:
            feeding.write(given)
    process.join()
    assert process.exitcode is not None
    return CompletedProcess(arguments, process.exitcode, *(one.result() for one in read))
