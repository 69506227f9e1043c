"""Robots: what a group in a messenger may hear by web hook: announcements, that name nobody.

https://developer.work.weixin.qq.com/document/path/91770
https://open.dingtalk.com/document/robots/custom-robot-access
https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import hmac
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import orjson

from core import clock, outbound, settings
from core.messaging.channels import Rejected
from core.outbound import NotReachable


class RobotKind(StrEnum):
    WECOM = "WECOM"
    DINGTALK = "DINGTALK"
    FEISHU = "FEISHU"


#: Answers that would be the same again: a key that is not known, words that are not allowed.
FINAL = {
    RobotKind.WECOM: {93000, 40058, 44004},
    RobotKind.DINGTALK: {300001, 310000, 400101},
    RobotKind.FEISHU: {9499, 19021, 19022, 19024, 19001},
}


@dataclass(frozen=True)
class Robot:
    kind: RobotKind
    url: str
    secret: str

    async def say(self, words: str) -> None:
        """Raises NotReachable if it may be tried again, Rejected if not."""
        url, body = self._asked(words)
        answer = await outbound.ask(
            "POST",
            url,
            content=orjson.dumps(body),
            headers={"content-type": "application/json; charset=utf-8"},
            private=settings.current().notices_private,
        )
        self._check(answer)

    def _asked(self, words: str) -> tuple[str, dict[str, Any]]:
        """Where to send what; signed with the moment, where the robot has a secret."""
        now = clock.now().timestamp()
        if self.kind is RobotKind.FEISHU:
            body = {"msg_type": "text", "content": {"text": words}}
            key = f"{int(now)}\n{self.secret}"
            signed = {"timestamp": str(int(now)), "sign": _signed(key, "")}
            return self.url, body | signed if self.secret else body
        body = {"msgtype": "text", "text": {"content": words}}
        if self.kind is RobotKind.WECOM or not self.secret:
            return self.url, body
        at = str(int(now * 1000))
        sign = _signed(self.secret, f"{at}\n{self.secret}")
        return f"{self.url}&{urlencode({'timestamp': at, 'sign': sign})}", body

    def _check(self, answer: outbound.Answer) -> None:
        try:
            told = dict(orjson.loads(answer.body))
            code = int(told["errcode"] if "errcode" in told else told["code"])
        except (KeyError, TypeError, ValueError):
            raise NotReachable(f"HTTP {answer.status}") from None
        if code in FINAL[self.kind]:
            raise Rejected(str(code))
        if code:
            raise NotReachable(str(code))


def configured() -> dict[RobotKind, Robot]:
    return {robot.kind: robot for robot in _configured()}


def _configured() -> Iterator[Robot]:
    chosen = settings.current()
    if url := chosen.wecom_robot.get_secret_value():
        yield Robot(RobotKind.WECOM, url, "")
    if url := chosen.dingtalk_robot.get_secret_value():
        secret = chosen.dingtalk_robot_secret.get_secret_value()
        yield Robot(RobotKind.DINGTALK, url, secret)
    if url := chosen.feishu_robot.get_secret_value():
        yield Robot(RobotKind.FEISHU, url, chosen.feishu_robot_secret.get_secret_value())


def _signed(key: str, content: str) -> str:
    return b64encode(hmac.new(key.encode(), content.encode(), sha256).digest()).decode()
