"""What `breakroom doctor` looks at: a check says what is well, or raises what is wrong."""

from collections.abc import Awaitable, Callable

Check = Callable[[], Awaitable[str]]


class Wrong(Exception):
    """What is wrong, and the command (or the deed) that mends it."""

    def __init__(self, what: str, *, mend: str) -> None:
        super().__init__(what)
        self.mend = mend
