import asyncio
from uuid import uuid4

import pytest
from tortoise.connection import get_connection

from core import audit, clock
from core.audit import AuditEntry, AuditHead
from core.crypto import keys
from core.errors import Conflict, Refused
from core.text import Text
from core.transactions import transaction


class TooLate(Conflict):
    text = Text("Too late.", "太迟了。", "太遲了。")


async def entries(count: int) -> list[AuditEntry]:
    return [await audit.record("door.opened", by=uuid4(), about=uuid4(), n=n) for n in range(count)]


async def change(sql: str) -> None:
    await get_connection("default").execute_script(sql)


async def test_an_entry_says_who_did_what_and_follows_the_one_before():
    ann, door, key = uuid4(), uuid4(), uuid4()
    with clock.set_to(moment := clock.now()):
        first = await audit.record("door.opened", by=ann, about=door, key=key, forced=True, tries=2)
        await audit.record("door.closed", by=None)

    one, two = await AuditEntry.all().order_by("number")
    assert (one.number, one.name, one.by_id, one.about_id) == (1, "door.opened", ann, door)
    assert one.facts == {"key": str(key), "forced": True, "tries": 2}
    assert (one.at, one.before, one.hash) == (moment, "0" * 64, first.hash)
    assert (two.number, two.by_id, two.about_id, two.before) == (2, None, None, one.hash)
    assert await audit.chain_is_whole() == []


async def test_an_empty_trail_is_whole():
    assert await audit.chain_is_whole() == []


async def test_what_is_rolled_back_leaves_no_gap():
    await entries(1)

    @transaction
    async def refused() -> None:
        await audit.record("door.opened", by=None)
        raise TooLate

    with pytest.raises(TooLate):
        await refused()
    [entry] = await entries(1)

    assert entry.number == 2
    assert await audit.chain_is_whole() == []


async def test_a_refused_attempt_is_kept_though_its_action_is_rolled_back():
    ann, door = uuid4(), uuid4()

    @transaction
    async def open_door() -> None:
        await audit.record("door.opened", by=ann, about=door)
        raise TooLate

    with pytest.raises(Refused):
        async with audit.refusals("door.refused", by=ann, about=door, floor=3):
            await open_door()

    entry = await AuditEntry.get()
    assert (entry.name, entry.by_id, entry.about_id) == ("door.refused", ann, door)
    assert entry.facts == {"floor": 3, "refused": "TOO_LATE"}


async def test_what_succeeds_is_no_refusal():
    async with audit.refusals("door.refused", by=uuid4()):
        pass
    assert not await AuditEntry.exists()


@pytest.mark.parametrize(
    ("harm", "findings"),
    [
        (
            "UPDATE audit_entry SET name = 'door.shut' WHERE number = 2",
            ["entry 2 was changed"],
        ),
        (
            "UPDATE audit_entry SET by_id = about_id WHERE number = 2",
            ["entry 2 was changed"],
        ),
        (
            "UPDATE audit_entry SET key_version = 7 WHERE number = 2",
            ["entry 2 was changed"],
        ),
        ("DELETE FROM audit_entry WHERE number = 1", ["entry 1 is missing"]),
        ("DELETE FROM audit_entry WHERE number = 3", ["entry 3 is missing"]),
        (
            "DELETE FROM audit_entry WHERE number = 4",
            ["the trail ends with entry 3, it should with 4"],
        ),
        (
            "DELETE FROM audit_head",
            ["the trail ends with entry 4, it should with 0"],
        ),
        (
            """
            UPDATE audit_entry SET number = 9 WHERE number = 2;
            UPDATE audit_entry SET number = 2 WHERE number = 3;
            UPDATE audit_entry SET number = 3 WHERE number = 9
            """,
            [
                "entry 2 does not follow the one before",
                "entry 2 was changed",
                "entry 3 does not follow the one before",
                "entry 3 was changed",
                "entry 4 does not follow the one before",
            ],
        ),
    ],
)
async def test_a_changed_missing_or_swapped_entry_is_found(harm, findings):
    await entries(4)
    await change(harm)
    assert await audit.chain_is_whole() == findings


async def test_who_can_write_to_the_database_alone_cannot_forge_an_entry():
    """Every value can be made to fit but the hash, whose key is not there."""
    [first] = await entries(1)
    forged = AuditEntry(
        number=2,
        name="door.opened",
        facts={},
        at=clock.now(),
        key_version=1,
        before=first.hash,
        hash="ab" * 32,
    )
    await forged.save(force_create=True)
    await AuditHead.all().update(number=2, hash=forged.hash)
    assert await audit.chain_is_whole() == ["entry 2 was changed"]


async def test_the_chain_goes_on_under_a_new_key(tmp_path, set_limits):
    set_limits(keys=str(tmp_path / "keys.json"))
    await entries(2)
    keys.rotate("audit")
    await entries(2)
    assert await AuditEntry.all().order_by("number").values_list("key_version", flat=True) == [
        1,
        1,
        2,
        2,
    ]
    assert await audit.chain_is_whole() == []


async def test_a_long_trail_is_proven_in_pieces(monkeypatch, statements):
    monkeypatch.setattr(audit, "AT_ONCE", 3)
    await entries(7)
    statements()
    assert await audit.chain_is_whole() == []
    assert len(statements()) == 5


@pytest.mark.committed
async def test_entries_written_at_once_are_one_chain():
    await asyncio.gather(*(audit.record("door.opened", by=uuid4(), n=n) for n in range(20)))
    numbers = await AuditEntry.all().order_by("number").values_list("number", flat=True)
    assert numbers == list(range(1, 21))
    assert await audit.chain_is_whole() == []
