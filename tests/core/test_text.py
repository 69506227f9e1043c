import pytest

from core.text import Text, negotiate


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-Hans-SG", "zh-CN"),
        ("zh-TW", "zh-TW"),
        ("zh-Hant-HK", "zh-TW"),
        ("zh-HK;q=0.9, en;q=0.8", "zh-TW"),
        ("en;q=0.5, zh-CN;q=0.9", "zh-CN"),
        ("fr, de;q=0.9, zh-TW;q=0.1", "zh-TW"),
        ("fr", "en"),
        ("en;q=abc, zh;q=0.1", "zh-CN"),
        ("zh;q=0, en", "en"),
        ("," * 5000, "en"),
    ],
)
def test_the_reader_gets_the_language_they_ask_for_first(header, language):
    assert negotiate(header) == language


def test_blanks_are_filled_and_braces_without_facts_stay():
    assert Text("At most {n}.", "最多 {n}。", "最多 {n}。").to("zh-CN", n=3) == "最多 3。"
    assert Text("{}", "{}", "{}").to("en") == "{}"
