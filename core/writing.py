"""What people write: trimmed, not empty, not endless."""

from unicodedata import category, normalize

from core.errors import Invalid
from core.text import Text


class NothingWritten(Invalid):
    text = Text("Write something first.", "请先写点什么。", "請先寫點什麼。")


class TooLong(Invalid):
    text = Text(
        "This is too long: at most {most} characters.",
        "内容太长了，最多 {most} 个字符。",
        "內容太長了，最多 {most} 個字元。",
    )


def written(words: str, *, most: int) -> str:
    """The words as they are kept (NFC). Raises NothingWritten, TooLong."""
    words = normalize("NFC", words).strip()
    if not is_visible(words):
        raise NothingWritten
    if len(words) > most:
        raise TooLong(most=most)
    return words


def is_visible(words: str) -> bool:
    """Whether there is more than blanks and invisible characters."""
    return any(category(character)[0] not in "CZ" for character in words)
