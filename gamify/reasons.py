"""Reasons: why points move, in words."""

from enum import StrEnum

from core.text import Text


class Reason(StrEnum):
    REDEEMED = "REDEEMED"
    REFUNDED = "REFUNDED"
    RELEASED = "RELEASED"
    TAKEN_BACK = "TAKEN_BACK"
    SETTLED = "SETTLED"
    EARNED = "EARNED"


WORDS = {
    Reason.REDEEMED: Text(
        "You redeemed a reward.",
        "你兑换了一份奖品。",
        "你兌換了一份獎品。",
    ),
    Reason.REFUNDED: Text(
        "The points of your order came back to you.",
        "你的订单积分已退回。",
        "你的訂單點數已退回。",
    ),
    Reason.SETTLED: Text(
        "Your reward was handed over.",
        "你的奖品已经交付。",
        "你的獎品已經交付。",
    ),
    Reason.RELEASED: Text(
        "Your points can be spent now.",
        "你的积分现在可以使用了。",
        "你的積分現在可以使用了。",
    ),
    Reason.TAKEN_BACK: Text(
        "The thanks for your answer was taken back.",
        "对你回答的感谢被撤回了。",
        "對你回答的感謝被撤回了。",
    ),
    Reason.EARNED: Text(
        "You earned points.",
        "你获得了积分。",
        "你獲得了點數。",
    ),
}
