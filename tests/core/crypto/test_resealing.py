from datetime import timedelta

import pytest

from api.composition import SEALED
from community import breakglass, care_messages, carelines, seals
from community.breakglass import Grounds
from community.breakglass_requests import BreakGlassRequest
from community.care_messages import CareMessage
from community.groups import GroupKind
from community.seals import Seal
from core import clock
from core.crypto import keys, resealing, sealing
from core.people import Grants
from tests.makers import a_crowd, a_group, a_key, a_member, a_person, a_post, send


@pytest.fixture(autouse=True)
def keys_of_our_own(tmp_path, set_limits):
    set_limits(keys=str(tmp_path / "keys.json"))


async def renewed(purpose: str) -> int:
    return sum([await resealing.renew(one) for one in SEALED if one.purpose == purpose])


async def test_after_a_rotation_seals_care_lines_and_reasons_need_the_old_key_no_more():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    ann, counsellor = await a_member(shelter), await a_person(grants=Grants.COUNSELLOR)
    with clock.set_to(clock.now() - timedelta(minutes=6)):
        vent = await a_post(shelter, by=ann, anonymous=True)
    line = await carelines.open_to(vent, by=counsellor)
    await care_messages.write(line.id, "How are you?", by=counsellor, key=a_key())
    await breakglass.ask(vent, Grounds("She said farewell"), by=counsellor, key=a_key())

    for purpose in ("seal", "care"):
        keys.rotate(purpose)
    assert await renewed("seal") == 1
    assert await renewed("care") == 2  # the message, the reason; there is no note yet
    assert (await renewed("seal"), await renewed("care")) == (0, 0)
    assert [keys.retire("seal"), keys.retire("care")] == [[1], [1]]

    assert await seals.opened([vent.handle]) == [ann.id]
    [edge] = (await send("MyCareLines", by=ann))["careLines"]["edges"]
    line = await send("CareLine", by=ann, id=edge["node"]["id"])
    assert line["messages"]["edges"][0]["node"]["text"] == "How are you?"
    [edge] = (await send("BreakGlassRequests", by=counsellor))["edges"]
    assert edge["node"]["reason"] == "She said farewell"


async def test_a_rotated_handle_key_still_tells_whose_an_old_thread_is():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    ann = await a_member(shelter)
    old = await a_post(shelter, by=ann, anonymous=True)
    keys.rotate("handle")
    new = await a_post(shelter, by=ann, anonymous=True)
    assert (old.key_version, new.key_version) == (1, 2)
    feed = await send("Feed", by=ann)
    assert [edge["node"]["viewerIsAuthor"] for edge in feed["edges"]] == [True, True]


async def test_many_rows_are_closed_anew_in_pieces(monkeypatch):
    monkeypatch.setattr(resealing, "AT_ONCE", 2)
    shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    for _ in range(5):
        await a_post(shelter, anonymous=True)
    keys.rotate("seal")
    assert await renewed("seal") == 5
    assert {sealing.version(seal.sealed) for seal in await Seal.all()} == {2}


def test_whatever_is_sealed_in_a_table_is_known_to_be():
    columns = {(one.model, one.column) for one in SEALED}
    assert {
        (Seal, "sealed"),
        (CareMessage, "sealed"),
        (BreakGlassRequest, "reason"),
        (BreakGlassRequest, "note"),
    } <= columns
    binary = {
        (model, name)
        for model in {one.model for one in SEALED}
        for name, field in model._meta.fields_map.items()  # noqa: SLF001  # its columns
        if type(field).__name__ == "BinaryField"
    }
    assert binary == columns
