import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.normaliser import LONGEST, normal, tokens

pytestmark = pytest.mark.once

SAME = [
    ("積分", "积分"),
    ("客戶投訴", "客户投诉"),
    ("帳號", "账号"),
    ("甚麼", "什么"),
    ("看著妳", "看着你"),
    ("乾淨", "干净"),
    ("乾隆", "干隆"),  # whatever stands beside it
    ("ＲＥＦＵＮＤ １２", "refund 12"),
    ("ﬁne Ⅳ", "fine iv"),
    ("Straße", "STRASSE"),
    ("Café", "cafe"),
    ("İstanbul", "istanbul"),
    ("自\u200b殺\u2060", "自杀"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_means_the_same_is_spelt_the_same(one, other):
    assert normal(one) == normal(other)


def test_each_hanzi_is_a_token_and_so_is_each_other_word():
    assert tokens("我的積分 went to 0, why？2026年") == [
        *("我", "的", "积", "分", "went", "to", "0", "why", "2026", "年")
    ]
    assert tokens("don't 한국어 がぎ 𠮷野家") == ["don", "t", "한국어", "がぎ", "𠮷", "野", "家"]


def test_where_there_is_no_word_there_is_no_token():
    assert tokens('"*() AND-_ 👨‍👩‍👧 \u200b！') == ["and"]


def test_an_endless_word_counts_by_its_beginning():
    assert tokens("a" * 5000) == ["a" * LONGEST]


def test_a_second_time_changes_no_character():
    once = [normal(chr(code)) for code in range(sys.maxunicode) if not 0xD800 <= code < 0xE000]
    assert [text for text in once if normal(text) != text] == []


@given(st.text(), st.text())
def test_a_part_is_spelt_as_in_the_whole(left, right):
    assert tokens(f"{left} {right}") == tokens(left) + tokens(right)
