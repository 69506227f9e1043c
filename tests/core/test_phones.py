import pytest

from core import phones
from core.phones import NotAPhone


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("18481736050", "+8618481736050"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("0086 138 0013 8000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("15469305501", "+8615469305501"),
        ("010-6552 9988", "+861065529988"),
        ("+886 912 345 678", "+886912345678"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_a_phone_has_one_spelling(typed, spelled):
    assert phones.e164(typed) == spelled


@pytest.mark.parametrize(
    "typed",
    [
        "12345",
        "110",
        "",
        "张伟",
        "1.38E+10",
        "13800138000 / 13900139000",
        "13800138000 转 5",
        "9" * 400,
    ],
)
def test_what_nobody_can_call_is_refused(typed):
    with pytest.raises(NotAPhone):
        phones.e164(typed)
