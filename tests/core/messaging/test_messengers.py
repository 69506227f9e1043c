import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from core import clock, settings
from core.messaging.channels import Channel, Message, Rejected
from core.messaging.gateways import offered
from core.messaging.notice_settings import NoticeChannel
from core.outbound import NotReachable
from tests.core.makers import chosen
from tests.receivers import DINGTALK, FEISHU, PUSH, WECOM, receiving

MESSAGE = Message(UUID(int=1), "There is something new for you.")
ALL = [
    (NoticeChannel.WECOM, WECOM, 42001, 60111),
    (NoticeChannel.DINGTALK, DINGTALK, 40014, 33012),
    (NoticeChannel.FEISHU, FEISHU, 99991663, 230013),
]
EACH = pytest.mark.parametrize(("name", "chosen_for", "stale", "final"), ALL)


def channel(name: NoticeChannel) -> Channel:
    return offered()[name]


async def test_wecom_sends_to_the_person():
    async with receiving(**WECOM) as receiver:
        await channel(NoticeChannel.WECOM).send({"user": "zhang"}, MESSAGE)
    [grant], [sent] = receiver.grants, receiver.messages
    assert (grant.method, grant.path) == ("GET", "/cgi-bin/gettoken")
    assert grant.query == {"corpid": "ww1", "corpsecret": "s3cret"}
    assert (sent.method, sent.path) == ("POST", "/cgi-bin/message/send")
    assert sent.query == {"access_token": "token-1"}
    assert sent.json == {
        "touser": "zhang",
        "msgtype": "text",
        "agentid": 7,
        "text": {"content": "There is something new for you."},
    }


async def test_dingtalk_sends_to_the_person_and_never_the_same_words():
    async with receiving(**DINGTALK) as receiver:
        at = clock.now().replace(hour=1, minute=5)
        with clock.set_to(at):
            await channel(NoticeChannel.DINGTALK).send({"user": "zhang"}, MESSAGE)
    [grant], [sent] = receiver.grants, receiver.messages
    assert (grant.path, grant.query) == ("/gettoken", {"appkey": "ding1", "appsecret": "s3cret"})
    assert sent.path == "/topapi/message/corpconversation/asyncsend_v2"
    content = "There is something new for you. (09:05)"
    assert sent.json == {
        "agent_id": 8,
        "userid_list": "zhang",
        "msg": {"msgtype": "text", "text": {"content": content}},
    }


async def test_feishu_sends_to_the_person_once_however_often_it_is_tried():
    async with receiving(**FEISHU) as receiver:
        await channel(NoticeChannel.FEISHU).send({"user": "zhang"}, MESSAGE)
    [grant], [sent] = receiver.grants, receiver.messages
    assert grant.json == {"app_id": "cli1", "app_secret": "s3cret"}
    assert (sent.path, sent.query) == ("/open-apis/im/v1/messages", {"receive_id_type": "user_id"})
    assert sent.headers["authorization"] == "Bearer token-1"
    assert sent.json == {
        "receive_id": "zhang",
        "msg_type": "text",
        "content": '{"text":"There is something new for you."}',
        "uuid": str(MESSAGE.id),
    }


@EACH
async def test_one_token_serves_many_until_it_ends(name, chosen_for, stale, final):
    async with receiving(**chosen_for) as receiver:
        messenger = channel(name)
        await asyncio.gather(*[messenger.send({"user": "a"}, MESSAGE) for _ in range(5)])
        assert (len(receiver.grants), len(receiver.messages)) == (1, 5)
        with clock.set_to(clock.now() + timedelta(minutes=116)):
            await messenger.send({"user": "a"}, MESSAGE)
        assert len(receiver.grants) == 2


@EACH
async def test_a_token_that_is_not_accepted_is_renewed_once(name, chosen_for, stale, final):
    async with receiving(**chosen_for) as receiver:
        messenger = channel(name)
        receiver.answers = [(200, {"errcode": stale, "code": stale})]
        await messenger.send({"user": "a"}, MESSAGE)
        assert (len(receiver.grants), len(receiver.messages)) == (2, 2)
        receiver.answers = [(200, {"errcode": stale, "code": stale})] * 2
        with pytest.raises(NotReachable, match=str(stale)):
            await messenger.send({"user": "a"}, MESSAGE)
        assert (len(receiver.grants), len(receiver.messages)) == (3, 4)


@EACH
async def test_what_is_refused_for_good_is_told_from_what_may_work(name, chosen_for, stale, final):
    async with receiving(**chosen_for) as receiver:
        messenger = channel(name)
        for code, failure in ((final, Rejected), (-1, NotReachable), (99, NotReachable)):
            receiver.answers = [(400, {"errcode": code, "code": code})]
            with pytest.raises(failure, match=str(code)):
                await messenger.send({"user": "a"}, MESSAGE)
        receiver.answers = [(502, b"<html>Bad Gateway</html>")]
        with pytest.raises(NotReachable, match="502"):
            await messenger.send({"user": "a"}, MESSAGE)


@EACH
async def test_no_token_is_no_message(name, chosen_for, stale, final, monkeypatch):
    async with receiving(**chosen_for) as receiver:
        refused = {"errcode": 40001, "code": 10014}
        monkeypatch.setattr(receiver, "_answer", lambda received: (200, refused))
        with pytest.raises(NotReachable, match=r"no token: (40001|10014)"):
            await channel(name).send({"user": "a"}, MESSAGE)


def test_what_is_not_set_up_is_not_offered():
    with chosen():
        assert offered() == {}
    with chosen(development="true"):
        assert set(offered()) == {NoticeChannel.WEB_PUSH}
    with chosen(**PUSH, wecom_corp="ww1", feishu_app="cli1"):
        assert set(offered()) == {
            NoticeChannel.WEB_PUSH,
            NoticeChannel.WECOM,
            NoticeChannel.FEISHU,
        }


def test_no_secret_shows_when_settings_are_printed():
    with chosen(wecom_corp="ww1", wecom_secret="s3cret", feishu_secret="s3cret"):  # noqa: S106
        assert "s3cret" not in repr(settings.current())
