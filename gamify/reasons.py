"""Reasons: why points move, in words."""

from enum import StrEnum

from core.text import Text


class Reason(StrEnum):
    RELEASED = "RELEASED"
    TAKEN_BACK = "TAKEN_BACK"
    THANKED = "THANKED"


WORDS = {
    Reason.RELEASED: Text(
        "Your points can be spent now.",
        "你的积分现在可以使用了。",
        "你的積分現在可以使用了。",
    ),
    Reason.TAKEN_BACK: Text(
        "The thanks for your answer was taken back.",
        "对你回答的采纳被撤回了。",
        "對你回答的採納被撤回了。",
    ),
    Reason.THANKED: Text(
        "Your answer was accepted.",
        "你的回答被采纳了。",
        "你的回答被採納了。",
    ),
}
