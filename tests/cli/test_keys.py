import json

import pytest

from community.groups import GroupKind
from core.crypto import keys
from core.crypto.keys import PURPOSES
from tests.makers import a_crowd, a_group, a_post

pytestmark = pytest.mark.committed


async def test_a_new_key_closes_every_seal_and_the_old_one_can_be_forgotten(command, tmp_path):
    before = keys.ring("seal").current_version
    (tmp_path / "keys.json").write_bytes(keys.content())
    shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    for _ in range(3):
        await a_post(shelter, anonymous=True)

    rotated = command("keys", "rotate", "seal").stdout.splitlines()
    retired = command("keys", "retire", "seal").stdout.splitlines()
    listed = command("keys", "list").stdout

    assert rotated == [f"seal has key {before + 1}", "sealed anew: 3"]
    assert retired[:2] == ["sealed anew: 0", f"seal has key {before + 1}"]
    assert str(before) in retired[2].removeprefix("forgotten: ").split(", ")
    assert [line.partition(":")[0] for line in listed.splitlines()] == [*PURPOSES]
    assert f"seal: {before + 1}" in listed.splitlines()
    stored = json.loads((tmp_path / "keys.json").read_bytes())
    assert not [key for versions in stored.values() for key in versions.values() if key in listed]


async def test_what_ends_with_a_key_is_said(command):
    told = command("keys", "rotate", "token").stdout
    assert "activation codes and SMS codes that wait are void" in told


async def test_keys_that_old_rows_need_are_not_forgotten(command):
    refused = command("keys", "retire", "handle", code=2)
    assert "'handle' is not one of" in refused.stderr
