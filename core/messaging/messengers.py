"""Messengers: what WeCom, DingTalk and Feishu have in common.

An application sends to a person: it is known by a token that it renews, and every answer tells a
code, 0 if all is well.
"""

from abc import ABC, abstractmethod
from typing import Any

import orjson

from core import outbound
from core.messaging.access_tokens import AccessTokens, Granted
from core.messaging.channels import Message, Rejected, Target
from core.outbound import NotReachable


class Messenger(ABC):
    stale: frozenset[int]
    """codes of a token that is not good any more"""
    final: frozenset[int]
    """codes of what would be refused again: nobody by that name, not allowed, unfit words"""

    def __init__(self, url: str, *, private: bool) -> None:
        self.url = url.rstrip("/")
        self.private = private
        self.tokens = AccessTokens(self.grant)

    @abstractmethod
    async def grant(self) -> Granted: ...

    @abstractmethod
    async def deliver(self, token: str, user: str, message: Message) -> int:
        """The code of the answer."""

    async def send(self, target: Target, message: Message) -> None:
        code = await self._try(target["user"], message)
        if code in self.stale:
            code = await self._try(target["user"], message)
        if code in self.final:
            raise Rejected(str(code))
        if code:
            raise NotReachable(str(code))

    async def _try(self, user: str, message: Message) -> int:
        token = await self.tokens.current()
        code = await self.deliver(token, user, message)
        if code in self.stale:
            self.tokens.drop(token)
        return code

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A JSON answer, whatever its status. Raises NotReachable."""
        answer = await outbound.ask(
            method,
            f"{self.url}{path}",
            content=b"" if body is None else orjson.dumps(body),
            headers={"content-type": "application/json; charset=utf-8", **headers},
            private=self.private,
        )
        try:
            return dict(orjson.loads(answer.body))
        except (ValueError, TypeError):
            raise NotReachable(f"HTTP {answer.status}") from None


def granted(answer: Any, token: str, code: str, seconds: str) -> Granted:
    """The token of an answer that has one. Raises NotReachable."""
    if answer.get(code) or not answer.get(token):
        raise NotReachable(f"no token: {answer.get(code)}")
    return Granted(answer[token], int(answer.get(seconds, 0)))
