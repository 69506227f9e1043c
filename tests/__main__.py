"""The suite on both databases at once; what the one run prints never mixes with the other's."""

import os
import re
import shutil
import signal
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from subprocess import DEVNULL, PIPE, STDOUT, Popen
from threading import Thread
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
DATABASES = ("sqlite", "postgres")
ORNAMENT = re.compile(r"\x1b\[[\d;]*m|^=+ | =+$", re.MULTILINE)


class Suite:
    """One run of pytest; what it prints waits until it is shown."""

    def __init__(self, database: str, arguments: list[str]) -> None:
        self.database = database
        self.printed = SimpleQueue[bytes]()
        self.last = b""
        # In a session of its own: Ctrl-C reaches pytest once, through __exit__, and it cleans up.
        self.process = Popen(
            command(database, arguments),
            bufsize=0,
            env=os.environ | {"COLUMNS": str(shutil.get_terminal_size().columns)},
            start_new_session=True,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
        )
        Thread(target=self.collect).start()

    def collect(self) -> None:
        assert self.process.stdout
        with self.process.stdout as pipe:
            for chunk in iter(partial(pipe.read, 65536), b""):
                self.printed.put(chunk)
        self.printed.put(b"")

    def show(self) -> Self:
        """Print what is there, then what comes, up to the end of the run."""
        for chunk in iter(self.printed.get, b""):
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            self.last = (self.last + chunk)[-1000:]
        self.process.wait()
        return self

    def __str__(self) -> str:
        closing = ORNAMENT.sub("", self.last.decode(errors="replace")).strip().rpartition("\n")[-1]
        return f"{'✗' if self.process.returncode else '✓'} {self.database:<9} {closing}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()


def command(database: str, arguments: list[str]) -> list[str]:
    pytest = [sys.executable, "-m", "pytest", "--database", database]
    cache = ["-o", f"cache_dir=.pytest_cache/{database}"]
    colour = ["--color=yes"] if sys.stdout.isatty() and "NO_COLOR" not in os.environ else []
    return [*pytest, *cache, *colour, *arguments]


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    if any(argument.startswith("--database") for argument in arguments):
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    with ExitStack() as running:
        suites = (running.enter_context(Suite(name, arguments)) for name in DATABASES)
        at_once = suites if os.cpu_count() == 1 else list(suites)
        shown = [suite.show() for suite in at_once]
    print("", *shown, sep="\n")
    return int(any(suite.process.returncode for suite in shown))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
