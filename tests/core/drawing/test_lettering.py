"""Lettering: how text is broken into lines and cut to fit; Chinese breaks between characters."""

from itertools import chain

import pytest

from core.drawing import fonts
from core.drawing.lettering import shortened, wrapped

pytestmark = pytest.mark.once

FONT = fonts.font(20)
TEN = 200  # pixels: as wide as ten Chinese characters


def test_chinese_breaks_between_characters() -> None:
    assert wrapped("热心同事热心同事热心同事", FONT, width=TEN, lines=3) == [
        "热心同事热心同事热心",
        "同事",
    ]


def test_latin_breaks_between_words() -> None:
    said = wrapped("Thank you for the kind and quick help", FONT, width=TEN, lines=3)
    assert said == ["Thank you for the", "kind and quick help"]


def test_no_line_begins_with_a_mark_that_ends_a_phrase_or_ends_with_one_that_begins_it() -> None:
    assert wrapped("热心同事热心同事热心。", FONT, width=TEN, lines=2) == [
        "热心同事热心同事热",
        "心。",
    ]
    assert wrapped("热心同事热心同事热《心》", FONT, width=TEN, lines=2) == [
        "热心同事热心同事热",
        "《心》",
    ]


def test_what_has_no_room_left_is_cut_with_an_ellipsis_of_its_script() -> None:
    assert wrapped("热心同事" * 9, FONT, width=TEN, lines=2)[1] == "同事热心同事热心同…"
    assert shortened("Thank you for the kind and quick help", FONT, TEN) == "Thank you for the k..."


def test_a_word_wider_than_a_line_is_broken_anywhere() -> None:
    said = wrapped("W" * 40, FONT, width=TEN, lines=9)
    assert "".join(said) == "W" * 40
    assert len(said) > 1


@pytest.mark.parametrize("text", ["", " "])
def test_nothing_has_no_lines(text: str) -> None:
    assert wrapped(text, FONT, width=TEN, lines=2) == []


def test_no_line_is_wider_than_it_may_be() -> None:
    text = "谢谢 Alexandra-Maria，您在《退款》里帮了我们大忙！See you tomorrow（也许）。" * 3
    for width in range(60, 400, 7):
        lines = wrapped(text, FONT, width=width, lines=5)
        assert max(map(FONT.getlength, lines)) <= width
        said = [line.removesuffix("...").removesuffix("…").split() for line in lines]
        assert "".join(text.split()).startswith("".join(chain(*said)))
