"""Reasons: why points move, in words."""

from enum import StrEnum

from core.text import Text


class Reason(StrEnum):
    EXPIRED = "EXPIRED"
    LEFT_BEHIND = "LEFT_BEHIND"
    RECLAIMED = "RECLAIMED"
    RESTORED = "RESTORED"
    REVERSED = "REVERSED"
    REDEEMED = "REDEEMED"
    REFUNDED = "REFUNDED"
    RELEASED = "RELEASED"
    TAKEN_BACK = "TAKEN_BACK"
    SETTLED = "SETTLED"
    EARNED = "EARNED"
    BONUS = "BONUS"


#: What rules pay.
PAID = {Reason.EARNED, Reason.BONUS}


WORDS = {
    Reason.EXPIRED: Text("These points expired.", "这些积分已过期。", "這些點數已到期。"),
    Reason.LEFT_BEHIND: Text(
        "These points lapsed 60 days after you left.",
        "这些积分在您离职 60 天后失效。",
        "這些點數在您離職 60 天後失效。",
    ),
    Reason.RECLAIMED: Text(
        "Points that you had were looked at again.",
        "您已获得的积分正在复核。",
        "您已獲得的點數正在複核。",
    ),
    Reason.RESTORED: Text(
        "Your appeal was granted: the points are yours again.",
        "您的申诉已通过，积分已恢复。",
        "您的申訴已通過，點數已恢復。",
    ),
    Reason.REVERSED: Text(
        "These points were taken back by a decision.",
        "这些积分经复核后被收回。",
        "這些點數經複核後被收回。",
    ),
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
        "你的點數現在可以使用了。",
    ),
    Reason.TAKEN_BACK: Text(
        "The thanks for your answer was taken back.",
        "对你回答的感谢被撤回了。",
        "對你回答的感謝被撤回了。",
    ),
    Reason.BONUS: Text("A bonus from HR.", "人力资源奖励的积分。", "人資獎勵的點數。"),
    Reason.EARNED: Text(
        "You earned points.",
        "你获得了积分。",
        "你獲得了點數。",
    ),
}
