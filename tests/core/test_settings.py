"""What operators decide, and what they hear when it cannot be."""

from ipaddress import ip_network

import pytest

from core import settings
from core.settings import BadSettings, Settings


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    """Settings read from an environment that says this."""

    def read(**environment: str) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(f"BREAKROOM_{name}", value)
        return settings.current.__wrapped__()

    return read


def test_lists_are_separated_by_commas_or_spaces(given):
    read = given(TRUSTED_PROXIES="10.0.0.0/8, ::2", ALLOWED_ORIGINS="https://a.example b")
    assert read.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::2/128"))
    assert read.allowed_origins == ("https://a.example", "b")
    assert given(TRUSTED_PROXIES="").trusted_proxies == ()


def test_only_this_machine_is_trusted_unless_said(given):
    loopback = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    read = given()
    assert (read.trusted_proxies, read.metrics_from, read.allowed_origins) == (
        loopback,
        loopback,
        (),
    )


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("REDIS", "http://me:secret@there", "begin it with redis:// or rediss:// or unix://"),
        ("PUBLIC_URL", "app.example.com", "begin it with https:// or http://"),
        ("TIME_ZONE", "Shanghai", "name a time zone such as Asia/Shanghai"),
        ("DOCUMENTS", "/nowhere", "there is no such file or folder"),
        ("REQUEST_SECONDS", "0", "Input should be greater than 0"),
    ],
)
def test_a_wrong_setting_is_named_with_how_it_should_be(given, name, wrong, told):
    with pytest.raises(BadSettings) as raised:
        given(**{name: wrong})
    assert str(raised.value) == f"BREAKROOM_{name}: {told}"


def test_all_wrong_settings_are_told_at_once_and_no_value_is(given):
    with pytest.raises(BadSettings) as raised:
        given(DATABASE="mysql://me:secret@there/x", TRUSTED_PROXIES="::1 10.0.0.0/40")
    assert str(raised.value).splitlines() == [
        "BREAKROOM_TRUSTED_PROXIES.1: value is not a valid IPv4 or IPv6 network",
        "BREAKROOM_DATABASE: begin it with postgres:// or postgresql:// or asyncpg:// or sqlite://",
    ]


def test_what_should_be_json_and_is_not_is_told(given):
    with pytest.raises(BadSettings, match='error parsing value for field "sms_headers"'):
        given(SMS_HEADERS="{secret")
