"""The digest: what the agent was told on shift, and was not rung for, comes now as one message."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.identity import sessions
from core.messaging import addresses, deliveries
from core.messaging.notice_settings import NoticeChannel
from core.messaging.notices import Notice
from core.messaging.web_push import CURVE, Subscription, text_of
from demo.personas import Persona

ROLE = "agent"
ENDPOINT = "https://phone.example/agent"  # nothing is sent there


async def keep(people: list[Persona]) -> None:
    [token] = [one.token for one in people if one.role == ROLE]
    if known := await sessions.by_token(token):
        session, agent = known
        await addresses.register(session, _subscription(), language="zh-CN")
        for notice in await Notice.filter(person_id=agent.id, is_read=False).only("id"):
            channels = {NoticeChannel.WEB_PUSH}
            await deliveries.add(notice.id, agent.id, channels, is_urgent=False)


def _subscription() -> Subscription:
    key = ec.generate_private_key(CURVE).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Subscription(ENDPOINT, text_of(point), text_of(bytes(16)))
