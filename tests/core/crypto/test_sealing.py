import pytest

from core.crypto import keys, sealing
from core.crypto.sealing import BrokenSeal

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def keys_of_our_own(tmp_path, set_limits):
    set_limits(keys=str(tmp_path / "keys.json"))


def test_what_is_sealed_is_read_where_it_belongs():
    sealed = sealing.closed("seal", b"Ann", bound_to=b"here")
    assert b"Ann" not in sealed
    assert sealing.opened("seal", sealed, bound_to=b"here") == b"Ann"


def test_the_same_looks_different_each_time():
    assert len({sealing.closed("seal", b"Ann", bound_to=b"here") for _ in range(9)}) == 9


@pytest.mark.parametrize("purpose", ["cursor", "signing"])
def test_another_key_opens_nothing(purpose):
    sealed = sealing.closed("seal", b"Ann", bound_to=b"here")
    with pytest.raises(BrokenSeal):
        sealing.opened(purpose, sealed, bound_to=b"here")


@pytest.mark.parametrize("place", range(33))
def test_a_changed_byte_or_a_cut_is_noticed(place):
    sealed = sealing.closed("seal", b"Ann", bound_to=b"here")
    changed = bytearray(sealed)
    changed[place] ^= 1
    for broken in (bytes(changed), sealed[:place]):
        with pytest.raises(BrokenSeal):
            sealing.opened("seal", broken, bound_to=b"here")


def test_what_is_moved_elsewhere_stays_closed():
    sealed = sealing.closed("seal", b"Ann", bound_to=b"here")
    with pytest.raises(BrokenSeal):
        sealing.opened("seal", sealed, bound_to=b"there")


def test_an_old_key_still_opens_and_what_is_renewed_needs_it_no_more():
    sealed = sealing.closed("seal", b"Ann", bound_to=b"here")
    keys.rotate("seal")
    assert sealing.opened("seal", sealed, bound_to=b"here") == b"Ann"
    renewed = sealing.renewed("seal", sealed, bound_to=b"here")
    assert (sealing.version(sealed), sealing.version(renewed)) == (1, 2)
    assert sealing.opened("seal", renewed, bound_to=b"here") == b"Ann"
