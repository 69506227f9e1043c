"""Noto Sans CJK: one font for Latin and Chinese, with the strokes that each region writes."""

from core.drawing import fonts
from core.drawing.fonts import BOLD, REGULAR
from core.text import Language

SIMPLIFIED = "热心同事 感谢 积分"
TRADITIONAL = "熱心同事 感謝 點數 夥伴"


def test_the_font_has_latin_and_both_chinese_scripts() -> None:
    for text in ("Thank you, José!", SIMPLIFIED, TRADITIONAL, "（《“茶水间”》）"):
        assert fonts.drawable(text) == text


def test_what_the_font_lacks_is_left_out() -> None:
    assert fonts.drawable("好样的 👍🏽\u200b!") == "好样的 !"
    assert fonts.drawable("👍") == ""
    assert fonts.drawable(" one\n\ttwo ") == "one two"


def test_taiwan_writes_some_characters_with_other_strokes() -> None:
    assert _drawn("骨", "zh-TW") != _drawn("骨", "zh-CN")
    assert _drawn("心", "zh-TW") == _drawn("心", "zh-CN")


def test_a_weight_stays_with_the_font_it_was_asked_of() -> None:
    bold = fonts.font(40, BOLD).getlength("Thanks")
    assert fonts.font(40, REGULAR).getlength("Thanks") < bold
    assert fonts.font(40, BOLD).getlength("Thanks") == bold


def _drawn(text: str, language: Language) -> bytes:
    return bytes(fonts.font(40, REGULAR, language).getmask(text))
