from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

import pytest

from core.sheets import encodings
from core.sheets.encodings import Encoding, UnknownEncoding

pytestmark = pytest.mark.once

MAINLAND = "A1,张伟,客服一部\n"
TAIWAN = "A1,陳志明,客服一部\n"
WESTERN = "A1;René Müller;Qualité\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (MAINLAND, Encoding.UTF_8),
        (MAINLAND, Encoding.GB18030),
        (TAIWAN, Encoding.UTF_8),
        (TAIWAN, Encoding.BIG5),
        (WESTERN, Encoding.UTF_8),
        (WESTERN, Encoding.WINDOWS_1252),
    ],
)
def test_one_line_tells_its_encoding(text, encoding):
    assert encodings.guessed(text.encode(encoding.codec)) is encoding


@pytest.mark.parametrize("name", ["张伟", "王芳", "陈静", "欧阳娜娜", "刘洋", "赵磊"])
def test_one_simplified_name_is_enough(name):
    assert encodings.guessed(name.encode("gb18030")) is Encoding.GB18030


@pytest.mark.parametrize("name", ["陳志明", "林淑芬", "黃雅婷", "張家豪", "李美玲", "吳建宏"])
def test_one_traditional_name_is_enough(name):
    assert encodings.guessed(name.encode("big5")) is Encoding.BIG5


def test_a_damaged_byte_does_not_hide_the_encoding_of_the_rest():
    sample = (MAINLAND * 20).encode() + b"\xff" + (MAINLAND * 20).encode()
    assert encodings.guessed(sample) is Encoding.UTF_8


def test_plain_letters_are_utf_8():
    assert encodings.guessed(b"") is Encoding.UTF_8


def test_characters_that_make_sense_nowhere_are_refused():
    with pytest.raises(UnknownEncoding):
        encodings.guessed(b"\x80\x81\x8d\x8f\xff\xff\x90\x9d\x81\x81\xff" * 9)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (BOM_UTF8 + MAINLAND.encode(), Encoding.UTF_8),
        (BOM_UTF16_LE + MAINLAND.encode("utf-16-le"), Encoding.UTF_16_LE),
        (BOM_UTF16_BE + MAINLAND.encode("utf-16-be"), Encoding.UTF_16_BE),
        (MAINLAND.encode("utf-16-le"), Encoding.UTF_16_LE),
        (MAINLAND.encode("utf-16-be"), Encoding.UTF_16_BE),
        (MAINLAND.encode("gb18030"), None),
        (b"", None),
    ],
)
def test_marks_and_zero_bytes_give_unicode_away(head, encoding):
    assert encodings.marked(head) is encoding
