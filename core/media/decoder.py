"""A process that decodes what strangers send: started when needed, replaced when it has died."""

import json
import os
import subprocess
import sys
from pathlib import Path
from socket import send_fds, socket, socketpair
from typing import Any, BinaryIO

import structlog

CONFINED, SCRIPT = (Path(__file__).with_name(name) for name in ("confined.py", "decoding.py"))
DEADLINE = 20  # seconds for one file

log = structlog.get_logger(__name__)


class DecoderDied(Exception):
    pass


class Decoder:
    """One file at a time: to be used from one thread."""

    def __init__(self, script: Path | None = None) -> None:
        self.script = script or SCRIPT
        self.process: subprocess.Popen[bytes] | None = None
        self._line: socket

    def ask(self, wish: dict[str, Any], file: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
        """What the script answers, and what follows it. Raises DecoderDied."""
        if self.process is None or self.process.poll() is not None:
            self._start()
        try:
            send_fds(self._line, [json.dumps(wish).encode()], [file.fileno()])
            return self._answer()
        except (OSError, EOFError, ValueError):
            self.stop()
            log.warning(
                "decoder died",
                script=self.script.name,
                status=self.process and self.process.returncode,
            )
            raise DecoderDied from None

    def _answer(self) -> tuple[dict[str, Any], list[bytes]]:
        with self._line.makefile("rb") as reader:
            about = json.loads(reader.readline())
            pictures = [reader.read(size) for size in about["sizes"]]
        if [len(picture) for picture in pictures] != about["sizes"]:
            raise EOFError
        return about, pictures

    def _start(self) -> None:
        self.stop()
        self._line, theirs = socketpair()
        self._line.settimeout(DEADLINE)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-W", "ignore", CONFINED, self.script],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for us alone; it ends when we hang up
            )

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self._line.close()


def _environment() -> dict[str, str]:
    """Nothing of ours, and memory that is given back as soon as it is free."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return kept | {"MALLOC_MMAP_THRESHOLD_": "1048576"}
