"""Short messages: codes on their way to a phone."""

import asyncio
import json
from dataclasses import dataclass
from random import uniform
from typing import Any, Protocol

import structlog

from core import outbound, settings
from core.errors import Conflict
from core.outbound import NotReachable
from core.settings import Settings
from core.text import Language, Text

log = structlog.get_logger(__name__)

TRIES = 4
PAUSE = 1.0  # seconds, doubled after each try
AT_ONCE = 10

CODE = Text(
    "Breakroom: your code is {code}. It is good for 5 minutes. Do not give it to anybody.",
    "【茶水间】验证码 {code}，5 分钟内有效，请勿告诉他人。",
    "【茶水間】驗證碼 {code}，5 分鐘內有效，請勿告訴他人。",
)


class SmsNotOffered(Conflict):
    text = Text(
        "Codes by SMS are not set up here. Please ask HR for an activation code.",
        "这里没有开通短信验证码，请向人事领取激活码。",
        "這裡沒有開通簡訊驗證碼，請向人事領取啟用碼。",
    )


@dataclass(frozen=True, repr=False)
class Message:
    """Who it is for and what it says stand in no log."""

    phone: str
    code: str
    language: Language

    @property
    def text(self) -> str:
        return CODE.to(self.language, code=self.code)


class Sender(Protocol):
    async def send(self, message: Message) -> None:
        """Raises NotReachable."""


class ConsoleSender:
    """For development: whoever started the service reads the code on the screen."""

    def __init__(self, chosen: Settings) -> None:
        if not chosen.development:
            raise SmsNotOffered

    async def send(self, message: Message) -> None:
        print(f"SMS to {message.phone}: {message.text}", flush=True)  # noqa: T201  # its purpose


class HttpSender:
    """A gateway that takes JSON, as nearly all do."""

    def __init__(self, chosen: Settings) -> None:
        self.settings = chosen

    async def send(self, message: Message) -> None:
        answer = await outbound.post(
            self.settings.sms_url,
            content=json.dumps(_filled(self.settings.sms_body, message)).encode(),
            headers={"content-type": "application/json", **self.settings.sms_headers},
            private=self.settings.sms_private,
        )
        if self.settings.sms_accepted.encode() not in answer:
            raise NotReachable("not accepted")


_under_way: set[asyncio.Task[None]] = set()
_lines = asyncio.Semaphore(AT_ONCE)


def sender() -> Sender:
    """Raises SmsNotOffered where there is none."""
    chosen = settings.current()
    return HttpSender(chosen) if chosen.sms_url else ConsoleSender(chosen)


def send_soon(message: Message) -> None:
    """Send while others go on, several times if need be; who gets nothing asks for a new code."""
    task = asyncio.create_task(_send(sender(), message))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)


async def drain() -> None:
    """Waits for what is still to be sent; for shutdown."""
    while _under_way:
        await asyncio.wait(_under_way)


async def _send(sender: Sender, message: Message) -> None:
    for tried in range(1, TRIES + 1):
        try:
            async with _lines:
                return await sender.send(message)
        except NotReachable as failure:
            log.warning("sms_not_sent", tried=tried, why=repr(failure))
        if tried < TRIES:
            await asyncio.sleep(uniform(0.5, 1) * PAUSE * 2 ** (tried - 1))  # noqa: S311  # jitter
    return None


def _filled(template: Any, message: Message) -> Any:
    if isinstance(template, dict):
        return {key: _filled(value, message) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, message) for value in template]
    if isinstance(template, str):
        template = template.replace("{phone}", message.phone).replace("{code}", message.code)
        return template.replace("{text}", message.text)
    return template
