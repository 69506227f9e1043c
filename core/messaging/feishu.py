"""Feishu (飞书): messages of an application to a person."""

import orjson

from core.messaging.access_tokens import Granted
from core.messaging.channels import Message
from core.messaging.messengers import Messenger, granted


class Feishu(Messenger):
    stale = frozenset({99991661, 99991663, 99991668})
    final = frozenset({230001, 230013, 99992351, 99992361, 99992402})

    def __init__(self, url: str, app: str, secret: str, *, private: bool) -> None:
        super().__init__(url, private=private)
        self.known_as = {"app_id": app, "app_secret": secret}

    async def grant(self) -> Granted:
        path = "/open-apis/auth/v3/tenant_access_token/internal"
        answer = await self.call("POST", path, self.known_as)
        return granted(answer, "tenant_access_token", "code", "expire")

    async def deliver(self, token: str, user: str, message: Message) -> int:
        answer = await self.call(
            "POST",
            "/open-apis/im/v1/messages?receive_id_type=user_id",
            {
                "receive_id": user,
                "msg_type": "text",
                "content": orjson.dumps({"text": message.text}).decode(),
                "uuid": str(message.id),  # sent again within an hour, it arrives once
            },
            authorization=f"Bearer {token}",
        )
        return int(answer.get("code", -1))
