"""Devices: phones and browsers that are rung when there is something new."""

from typing import cast

from api.context import Context
from api.roots import mutation, payload, query
from api.sessions import Session
from core.identity import sessions
from core.messaging import addresses, web_push
from core.messaging.gateways import offered
from core.messaging.notice_settings import NoticeChannel
from core.messaging.web_push import Subscription
from core.people import Person


@query(str | None)
async def push_key(viewer: Person) -> str | None:
    """What browsers subscribe with (`applicationServerKey`); null without Web Push."""
    return web_push.public_key() if NoticeChannel.WEB_PUSH in offered() else None


@mutation(payload("DeviceRegistered", Session))
async def register_device(
    context: Context, endpoint: str, key: str, secret: str
) -> sessions.Session:
    """Ring the device that asks: its push subscription's endpoint, p256dh and auth."""
    subscription = Subscription(endpoint, key, secret)
    return await addresses.register(_asking(context), subscription, language=context.language)


@mutation(payload("DeviceRemoved", Session))
async def remove_device(context: Context) -> sessions.Session:
    """Ring the device that asks no more."""
    return await addresses.remove(_asking(context))


def _asking(context: Context) -> sessions.Session:
    return cast("sessions.Session", context.session)  # which the viewer came by
