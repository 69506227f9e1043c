"""No request takes for ever, whoever is slow: the sender, the reader or we."""

import asyncio

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import answers
from core import settings
from core.errors import ServiceBusy


class Deadline:
    """Gives a route up after the seconds of a setting; an answer that has begun is cut off."""

    def __init__(self, app: ASGIApp, setting: str) -> None:
        self.app = app
        self.setting = setting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(getattr(settings.current(), self.setting)):
                await self.app(scope, receive, note)
        except TimeoutError:
            if begun:
                raise
            await answers.refusal(HTTPConnection(scope), ServiceBusy())(scope, receive, send)
