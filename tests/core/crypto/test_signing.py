from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from core import clock
from core.crypto import keys, signing
from core.crypto.signing import BadLink, LinkExpired

pytestmark = pytest.mark.once

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NAME = "0123456789abcdef0123456789abcdef.webp"


def signed(name: str = NAME, expires: datetime = NOON) -> dict[str, str]:
    return {
        field: values[0] for field, values in parse_qs(signing.sign(name, expires=expires)).items()
    }


def opens(name: str, link: dict[str, str], *, at: datetime) -> bool:
    with clock.set_to(at):
        signing.verify(name, **link)
    return True


def test_a_link_opens_what_it_names_until_it_expires():
    link = signed()
    assert opens(NAME, link, at=NOON - timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        opens(NAME, link, at=NOON)


def test_a_link_opens_nothing_else():
    with pytest.raises(BadLink):
        opens(NAME.replace("0", "1"), signed(), at=NOON - timedelta(hours=1))


def test_links_of_one_window_are_the_same_so_that_phones_find_them_in_their_cache():
    links = {
        signing.sign(NAME, expires=NOON + timedelta(seconds=seconds)) for seconds in (1, 300, 600)
    }
    assert len(links) == 1
    assert signed(expires=NOON + timedelta(seconds=1))["expires"] == str(
        int(NOON.timestamp()) + 600
    )
    assert signed(expires=NOON + timedelta(seconds=601))["expires"] == str(
        int(NOON.timestamp()) + 1200
    )


def test_what_expires_on_the_border_is_not_prolonged():
    assert signed()["expires"] == str(int(NOON.timestamp()))


def test_a_link_cannot_be_prolonged():
    link = signed() | {"expires": str(int(NOON.timestamp()) + 3600)}
    with pytest.raises(BadLink):
        opens(NAME, link, at=NOON)


@pytest.mark.parametrize("expires", ["", "soon", "-1", "9" * 400, "١٢", "\ud800", "1\n2"])
@pytest.mark.parametrize("signature", ["", "a" * 43, "é", "\ud800", "\x00"])
def test_an_invented_link_is_refused(expires, signature):
    with pytest.raises(BadLink):
        signing.verify(NAME, expires=expires, signature=signature)


def test_name_and_expiry_cannot_flow_into_each_other():
    link = signed("upload\nphoto")
    moved = link | {"expires": f"{link['expires']}\nupload"}
    with pytest.raises(BadLink):
        opens("photo", moved, at=NOON - timedelta(hours=1))


def test_a_link_is_worth_nothing_under_another_key(tmp_path, monkeypatch):
    link = signed()
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "other.json")
    with pytest.raises(BadLink):
        opens(NAME, link, at=NOON - timedelta(hours=1))
