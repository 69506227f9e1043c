"""Gateways: the channels that the operator has set up."""

from collections.abc import Callable
from functools import cache
from typing import Any

from core import settings
from core.messaging.channels import Channel
from core.messaging.console import Console
from core.messaging.dingtalk import DingTalk
from core.messaging.feishu import Feishu
from core.messaging.notice_settings import NoticeChannel
from core.messaging.web_push import WebPush
from core.messaging.wecom import WeCom


def offered() -> dict[NoticeChannel, Channel]:
    chosen, found = settings.current(), dict[NoticeChannel, Channel]()
    private = chosen.notices_private
    if contact := chosen.push_contact:
        found[NoticeChannel.WEB_PUSH] = WebPush(contact, private=private)
    elif chosen.development:
        found[NoticeChannel.WEB_PUSH] = Console()
    if corp := chosen.wecom_corp:
        known_as = (corp, chosen.wecom_agent, chosen.wecom_secret.get_secret_value())
        found[NoticeChannel.WECOM] = _kept(WeCom, chosen.wecom_url, *known_as, private=private)
    if key := chosen.dingtalk_key:
        known_as = (key, chosen.dingtalk_agent, chosen.dingtalk_secret.get_secret_value())
        url = chosen.dingtalk_url
        found[NoticeChannel.DINGTALK] = _kept(DingTalk, url, *known_as, private=private)
    if app := chosen.feishu_app:
        secret = chosen.feishu_secret.get_secret_value()
        found[NoticeChannel.FEISHU] = _kept(Feishu, chosen.feishu_url, app, secret, private=private)
    return found


@cache
def _kept(channel: Callable[..., Channel], *given: Any, private: bool) -> Channel:
    """One for all who send, with its access token."""
    return channel(*given, private=private)
