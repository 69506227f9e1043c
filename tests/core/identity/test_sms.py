import json

import pytest
from structlog.testing import capture_logs

from core import outbound
from core.identity import sms
from core.identity.sms import ConsoleSender, HttpSender, Message
from core.outbound import NotReachable
from tests.core.makers import chosen
from tests.gateway import DOWN

MESSAGE = Message("+8613800138000", "042137", "zh-CN")
TEXT = "【茶水间】验证码 042137，5 分钟内有效，请勿告诉他人。"


async def test_a_message_reaches_the_gateway(sms_gateway):
    await sms.sender().send(MESSAGE)
    assert sms_gateway.bodies == [{"phone": "+8613800138000", "text": TEXT}]
    headers, _ = sms_gateway.requests[0]
    assert headers["content-type"] == "application/json"
    assert headers["host"] == sms_gateway.url.split("/")[2]


async def test_the_operator_says_how_the_gateway_wants_it(sms_gateway):
    body = {"to": ["{phone}"], "template": {"id": 7, "params": '{"code":"{code}"}'}, "x": None}
    with chosen(
        sms_url=sms_gateway.url,
        sms_private="true",
        sms_headers='{"authorization": "Bearer gate"}',
        sms_body=json.dumps(body),
    ):
        await sms.sender().send(MESSAGE)
    params = {"id": 7, "params": '{"code":"042137"}'}
    assert sms_gateway.bodies == [{"to": ["+8613800138000"], "template": params, "x": None}]
    assert sms_gateway.requests[0][0]["authorization"] == "bearer gate"


async def test_what_the_gateway_refuses_is_tried_again(sms_gateway, monkeypatch):
    monkeypatch.setattr(sms, "PAUSE", 0.01)
    sms_gateway.answers = [DOWN, DOWN]
    with capture_logs() as logs:
        sms.send_soon(MESSAGE)
        await sms.drain()
    assert len(sms_gateway.requests) == 3
    assert [entry["tried"] for entry in logs] == [1, 2]
    assert "138" not in str(logs)
    assert "042137" not in str(logs)


async def test_a_gateway_that_answers_yes_and_means_no_is_understood(sms_gateway):
    said = {"sms_url": sms_gateway.url, "sms_private": "true"}
    with chosen(sms_accepted='"accepted": 1', **said):
        await sms.sender().send(MESSAGE)
    with chosen(sms_accepted='"accepted": 2', **said), pytest.raises(NotReachable):
        await sms.sender().send(MESSAGE)


async def test_a_redirect_is_not_followed(sms_gateway):
    to = f"location: {sms_gateway.url}/else\r\ncontent-length: 0\r\n\r\n".encode()
    sms_gateway.answers = [b"HTTP/1.1 307 Temporary Redirect\r\nconnection: close\r\n" + to]
    with pytest.raises(NotReachable, match="307"):
        await sms.sender().send(MESSAGE)
    assert len(sms_gateway.requests) == 1


async def test_the_environments_proxy_is_not_asked(sms_gateway, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    await sms.sender().send(MESSAGE)
    assert len(sms_gateway.requests) == 1


async def test_our_own_network_is_not_called_unless_said(sms_gateway):
    with chosen(sms_private="false"), pytest.raises(outbound.PrivateAddress):
        await sms.sender().send(MESSAGE)
    assert sms_gateway.requests == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104  # nobody binds it
        "[::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
    ],
)
async def test_no_private_address_passes(host):
    with pytest.raises(outbound.PrivateAddress):
        await outbound.post(f"http://{host}/", content=b"", headers={})


@pytest.mark.parametrize("url", ["http://localhost:1/", "nowhere", "http://[", "ftp://localhost/"])
async def test_what_cannot_be_reached_is_one_error(url):
    with pytest.raises(NotReachable):
        await outbound.post(url, content=b"", headers={}, private=True)


async def test_of_an_endless_answer_only_the_beginning_is_read(sms_gateway):
    endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + b"x" * 1_000_000
    sms_gateway.answers = [endless]
    answer = await outbound.post(sms_gateway.url, content=b"{}", headers={}, private=True)
    assert answer == b"x" * 65_536


async def test_in_development_the_console_shows_the_code(capsys):
    with chosen(development="true"):
        assert isinstance(sms.sender(), ConsoleSender)
        await sms.sender().send(MESSAGE)
    assert capsys.readouterr().out == f"SMS to +8613800138000: {TEXT}\n"


def test_without_a_gateway_nothing_is_sent():
    with chosen(), pytest.raises(sms.SmsNotOffered):
        sms.sender()


def test_a_gateway_wins_over_the_console():
    with chosen(development="true", sms_url="https://sms.example/"):
        assert isinstance(sms.sender(), HttpSender)


def test_no_phone_or_code_shows_when_a_message_is_printed():
    assert "138" not in repr(MESSAGE)
    assert "042137" not in repr(MESSAGE)
