"""WeCom (企业微信): messages of an application to a person."""

from urllib.parse import urlencode

from core.messaging.access_tokens import Granted
from core.messaging.channels import Message
from core.messaging.messengers import Messenger, granted


class WeCom(Messenger):
    stale = frozenset({40014, 41001, 42001})
    final = frozenset({40003, 60011, 60111, 81013})

    def __init__(self, url: str, corp: str, agent: int, secret: str, *, private: bool) -> None:
        super().__init__(url, private=private)
        self.agent = agent
        self.known_as = urlencode({"corpid": corp, "corpsecret": secret})

    async def grant(self) -> Granted:
        answer = await self.call("GET", f"/cgi-bin/gettoken?{self.known_as}")
        return granted(answer, "access_token", "errcode", "expires_in")

    async def deliver(self, token: str, user: str, message: Message) -> int:
        answer = await self.call(
            "POST",
            f"/cgi-bin/message/send?{urlencode({'access_token': token})}",
            {
                "touser": user,
                "msgtype": "text",
                "agentid": self.agent,
                "text": {"content": message.text},
            },
        )
        return int(answer.get("errcode", -1))
