"""Kinds of notices; how each is told is registered beside the noun that tells it."""

from dataclasses import dataclass
from enum import StrEnum

from core.text import Language, Text


class NoticeKind(StrEnum):
    COMMENT = "COMMENT"
    ACCEPTED = "ACCEPTED"
    THANKS = "THANKS"
    REACTION = "REACTION"
    BUDDY = "BUDDY"
    POINTS = "POINTS"
    GOAL_NEAR = "GOAL_NEAR"
    GOAL_REACHED = "GOAL_REACHED"
    CHEER = "CHEER"
    FIGURES = "FIGURES"
    CHALLENGE = "CHALLENGE"
    BUDGET = "BUDGET"
    BONUS = "BONUS"
    EXPIRY = "EXPIRY"
    HELD = "HELD"
    CARE = "CARE"
    BREAK_GLASS = "BREAK_GLASS"
    LISTEN = "LISTEN"
    PROMPT = "PROMPT"
    HIDDEN = "HIDDEN"
    RULING = "RULING"
    SUSPENDED = "SUSPENDED"
    APPEAL = "APPEAL"
    EXPERT = "EXPERT"
    QUESTION = "QUESTION"
    RISK = "RISK"
    CONCERN = "CONCERN"
    REPORT_UPHELD = "REPORT_UPHELD"
    REPORT_DISMISSED = "REPORT_DISMISSED"
    BULLETIN = "BULLETIN"
    IDEA = "IDEA"
    IDEA_OWNER = "IDEA_OWNER"
    ENDORSED = "ENDORSED"
    REVIEW = "REVIEW"
    BADGE = "BADGE"
    BADGE_REVOKED = "BADGE_REVOKED"
    REFERRAL = "REFERRAL"
    NO_NEWS = "NO_NEWS"
    PIPELINE = "PIPELINE"
    REDEMPTION = "REDEMPTION"
    PICKUP = "PICKUP"
    ORDERED = "ORDERED"
    WISH = "WISH"


@dataclass(frozen=True)
class Manner:
    """`plain` names nobody, `named` says {who}; both may say {amount}."""

    plain: Text
    named: Text | None = None
    is_pushed: bool = True
    """also to the phone, unless one chose otherwise"""
    is_safety: bool = False
    """breaks through the quiet, and nobody can switch it off"""


MANNERS: dict[NoticeKind, Manner] = {}

PAIR = Text("{0} and {1}", "{0}和{1}", "{0}和{1}")
ONE_MORE = Text("{0}, {1} and 1 other", "{0}、{1}等 3 人", "{0}、{1}等 3 人")
MORE = Text("{0}, {1} and {others} others", "{0}、{1}等 {count} 人", "{0}、{1}等 {count} 人")


def joined(names: list[str], count: int, language: Language) -> str:
    """One or two names of so many people, in words."""
    others = count - len(names)
    if count == 1:
        return names[0]
    text = MORE if others > 1 else ONE_MORE if others else PAIR
    return text.to(language).format(*names, others=others, count=count)
