from datetime import timedelta
from uuid import uuid4

import pytest

from community import authors, seals
from community.groups import Group, GroupKind
from community.seals import Seal
from core import clock
from core.crypto import keys
from core.crypto.sealing import BrokenSeal
from tests.makers import a_crowd, a_group, a_member, a_post


@pytest.fixture
async def shelter() -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


async def test_a_seal_tells_whose_a_handle_is(shelter):
    ann, ben = await a_member(shelter), await a_member(shelter)
    handles = [(await a_post(shelter, by=one, anonymous=True)).handle for one in (ann, ben)]
    assert await seals.opened([*reversed(handles), "nobody's"]) == [ben.id, ann.id, None]


async def test_the_seal_is_destroyed_after_180_days(shelter):
    ann = await a_member(shelter)
    post = await a_post(shelter, by=ann, anonymous=True)
    with clock.set_to(clock.now() + timedelta(days=179)):
        await seals.destroy()
        assert await seals.opened([post.handle]) == [ann.id]
    with clock.set_to(clock.now() + timedelta(days=180)):
        assert await seals.opened([post.handle]) == [None]
        await seals.destroy()
        assert not await Seal.exists()
        assert authors.wrote(ann, post)


async def test_a_seal_put_beside_another_handle_opens_nothing(shelter):
    ann, ben = [(await a_post(shelter, anonymous=True)).handle for _ in range(2)]
    swapped = (await Seal.get(handle=ann)).sealed
    await Seal.filter(handle=ben).update(sealed=swapped)
    with pytest.raises(BrokenSeal):
        await seals.opened([ben])


async def test_a_seal_stays_closed_without_its_key(shelter, tmp_path, set_limits):
    post = await a_post(shelter, anonymous=True)
    set_limits(keys=str(tmp_path / "keys.json"))
    keys.forget()
    with pytest.raises(BrokenSeal):
        await seals.opened([post.handle])


async def test_the_first_seal_of_a_handle_stays():
    ann, ben = uuid4(), uuid4()
    for person in (ann, ben):
        await seals.put(person, handle="a handle", thread_id=uuid4())
    assert await seals.opened(["a handle"]) == [ann]
