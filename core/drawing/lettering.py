"""Lettering: how text is broken into lines and cut to fit; Chinese breaks between characters."""

import re

from PIL.ImageFont import FreeTypeFont

OPENING = "（《「『【〈〔“‘"
CLOSING = "）》」』】〉〕”’，。！？；：、…％"

# What stays together: a Latin word or one character, with the marks that belong to it.
PIECE = re.compile(rf"\s+|[{OPENING}]*(?:[!-\u2e7f]+|\S)[{CLOSING}]*")


def wrapped(text: str, font: FreeTypeFont, *, width: float, lines: int) -> list[str]:
    """At most so many lines, each at most so many pixels wide; the last one is cut to fit."""
    begun = [""]
    for piece in _pieces(text, font, width):
        if begun[-1] and font.getlength(begun[-1] + piece.rstrip()) > width:
            begun.append("")
        begun[-1] += piece
    rest = "".join(begun[lines - 1 :])
    said = [*map(str.rstrip, begun[: lines - 1]), shortened(rest, font, width)]
    return [line for line in said if line]


def shortened(text: str, font: FreeTypeFont, width: float) -> str:
    """The text, or as much of its beginning as is so many pixels wide, with an ellipsis."""
    text = text.rstrip()
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(_cut(text)) > width:
        text = text[:-1].rstrip()
    return _cut(text)


def _cut(text: str) -> str:
    """Chinese dots stand in the middle of the line, Latin ones at its foot."""
    return text + ("..." if text[-1:].isascii() else "…")


def _pieces(text: str, font: FreeTypeFont, width: float) -> list[str]:
    """What is wider than a line is broken anywhere."""
    return [
        part
        for piece in PIECE.findall(text)
        for part in ([piece] if font.getlength(piece.rstrip()) <= width else piece)
    ]
