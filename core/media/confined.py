"""The process in which untrusted bytes are decoded: it has nothing to lose.

`core.media.decoder` starts this file as a script, with the file of whoever decodes. It imports
nothing of ours, knows no secret and can write no file; what it holds is bounded. By a socket it
gets a wish (JSON) with an open file, and answers with a line of JSON followed by what was decoded;
until nobody asks any more.
"""

import json
import resource
import sys
from os import fdopen
from runpy import run_path
from socket import recv_fds, socket

MEMORY = 224 * 2**20  # bytes


def main() -> None:
    decoded = run_path(sys.argv[1])["answer"]
    confine()
    caller = socket(fileno=sys.stdin.fileno())
    while True:
        wish, files, _, _ = recv_fds(caller, 4096, 1)
        if not wish:
            break
        with fdopen(files[0], "rb") as file:
            about, contents = decoded(json.loads(wish), file)
        caller.sendall(b"".join([json.dumps(about).encode(), b"\n", *contents]))


def confine() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
