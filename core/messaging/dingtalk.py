"""DingTalk (钉钉): work notifications of an application to a person."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from core import clock, settings
from core.messaging.access_tokens import Granted
from core.messaging.channels import Message
from core.messaging.messengers import Messenger, granted


class DingTalk(Messenger):
    stale = frozenset({40014, 41001, 42001})
    final = frozenset({33012, 60121, 143105, 143106, 1430000, 1430002})

    def __init__(self, url: str, key: str, agent: int, secret: str, *, private: bool) -> None:
        super().__init__(url, private=private)
        self.agent = agent
        self.known_as = urlencode({"appkey": key, "appsecret": secret})

    async def grant(self) -> Granted:
        answer = await self.call("GET", f"/gettoken?{self.known_as}")
        return granted(answer, "access_token", "errcode", "expires_in")

    async def deliver(self, token: str, user: str, message: Message) -> int:
        answer = await self.call(
            "POST",
            "/topapi/message/corpconversation/asyncsend_v2?" + urlencode({"access_token": token}),
            {
                "agent_id": self.agent,
                "userid_list": user,
                "msg": {"msgtype": "text", "text": {"content": _unlike(message.text)}},
            },
        )
        return int(answer.get("errcode", -1))


def _unlike(text: str) -> str:
    """DingTalk takes the same words for the same person once a day; the time makes them others."""
    now = clock.now().astimezone(ZoneInfo(settings.current().time_zone))
    return f"{text} ({now:%H:%M})"
