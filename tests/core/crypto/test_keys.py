import json
import subprocess
import sys
from pathlib import Path

import pytest

from core import files, settings
from core.crypto import keys

pytestmark = pytest.mark.once

ASK = "from core.crypto import keys; print(keys.secret('signing').hex())"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BREAKROOM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("BREAKROOM_KEYS", raising=False)
    settings.current.cache_clear()
    yield tmp_path / "home"
    settings.current.cache_clear()


def test_each_purpose_has_a_key_of_its_own():
    secrets = {keys.secret(purpose) for purpose in keys.PURPOSES}
    assert len(secrets) == len(keys.PURPOSES)
    assert {len(secret) for secret in secrets} == {32}


def test_keys_outlive_the_process(home):
    first = keys.secret("seal")
    keys.forget()
    assert keys.secret("seal") == first


def test_only_the_owner_may_read_the_file(home):
    keys.secret("seal")
    assert keys.path() == home / "keys.json"
    assert keys.path().stat().st_mode & 0o777 == 0o600
    assert [file.name for file in home.iterdir()] == ["keys.json"]


def test_processes_that_start_together_agree(home):
    started = [
        subprocess.Popen(  # our own interpreter and words
            [sys.executable, "-c", ASK], stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    said = {process.communicate(timeout=60)[0].strip() for process in started}
    assert said == {keys.secret("signing").hex()}


def test_a_rotated_key_still_opens_what_it_closed(home):
    old = keys.secret("seal")
    ring = keys.rotate("seal")
    keys.forget()
    assert ring == keys.ring("seal")
    assert ring.current_version == 2
    assert ring.key(1) == old
    assert ring.key() == ring.key(2) != old
    with pytest.raises(KeyError):
        ring.key(3)


def test_what_another_process_closed_with_a_newer_key_is_opened(home):
    ring = keys.ring("seal")
    other = json.loads(keys.path().read_bytes())
    other["seal"]["2"] = "ab" * 32
    files.write(keys.path(), json.dumps(other).encode())
    assert ring.key(2) == bytes.fromhex("ab" * 32)
    assert keys.ring("seal").current_version == 2


def test_retired_keys_are_gone_and_the_present_one_stays(home):
    first, second = keys.secret("seal"), keys.rotate("seal").key()
    assert keys.retire("seal") == [1]
    assert keys.ring("seal").keys == {2: second}
    assert first.hex() not in keys.path().read_text()
    assert keys.retire("seal") == []
    assert keys.rotate("seal").current_version == 3


def test_rotating_one_purpose_leaves_the_others(home):
    before = keys.secret("handle")
    keys.rotate("seal")
    assert keys.secret("handle") == before


def test_an_upgrade_adds_the_purposes_that_are_missing(home):
    seal = keys.secret("seal")
    kept = {"seal": json.loads(keys.path().read_bytes())["seal"], "later": {"1": "00" * 32}}
    files.write(keys.path(), json.dumps(kept).encode())
    keys.forget()
    assert keys.secret("seal") == seal
    assert len(keys.secret("cursor")) == 32
    assert json.loads(keys.path().read_bytes()).keys() == {*keys.PURPOSES, "later"}


def test_another_file_can_be_named(home, tmp_path, monkeypatch):
    monkeypatch.setenv("BREAKROOM_KEYS", str(tmp_path / "vault" / "breakroom.json"))
    settings.current.cache_clear()
    keys.secret("seal")
    assert (tmp_path / "vault" / "breakroom.json").exists()
    assert not home.exists()


@pytest.mark.parametrize(
    "content", ["", "[]", "null", '{"seal": {}}', '{"seal": {"1": "00"}}', '{"seal": "abc"}']
)
def test_a_damaged_file_is_never_replaced(home, content):
    files.write(keys.path(), content.encode())
    with pytest.raises(keys.BadKeyFile) as caught:
        keys.secret("seal")
    assert caught.value.__cause__ is None
    assert keys.path().read_text() == content


def test_no_key_shows_when_a_ring_is_printed(home):
    ring = keys.ring("seal")
    assert repr(ring) == "Ring(purpose='seal')"
