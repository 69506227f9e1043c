"""Drafts: a badge as HR writes it, and those that come with the product."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.people import Grants
from core.text import Text
from core.writing import written
from gamify.badges.badges import COUNTED, GIVEN, UNSEEN, BadgeKind
from gamify.badges.criteria import Criteria, Level, Tally
from gamify.badges.deeds import DeedKind
from gamify.badges.emblems import Icon

NAME, WORDS = 40, 200  # characters
MOST_GIFTS = 100  # a month
NO_CRITERIA = Criteria({})
SHIPPED = Path(__file__).with_name("badges.toml")


@dataclass(frozen=True, slots=True)
class Draft:
    """A badge as HR writes it."""

    kind: BadgeKind
    icon: Icon
    name: Text
    words: Text
    criteria: Criteria = NO_CRITERIA
    givers: Grants = Grants.NONE
    monthly_gifts: int = 0
    is_active: bool = True


class NotCountable(Invalid):
    text = Text(
        "Help in support groups is counted in times alone, whatever it was about.",
        "互助小组里的帮助只按次数统计，不区分内容。",
        "互助小組裡的幫助只按次數統計，不區分內容。",
    )


class GiftsNeeded(Invalid):
    text = Text(
        f"Say how often a month each may give it: from 1 to {MOST_GIFTS}.",
        f"请设置每人每月可颁发的次数：1 到 {MOST_GIFTS}。",
        f"請設定每人每月可頒發的次數：1 到 {MOST_GIFTS}。",
    )


def columns(draft: Draft) -> dict[str, Any]:
    """Raises NothingWritten, TooLong, LevelsNotRising, NotCountable, GiftsNeeded."""
    if draft.kind in COUNTED:
        draft.criteria.check()
    if draft.kind is UNSEEN and not _is_times_alone(draft.criteria):
        raise NotCountable
    if draft.kind is GIVEN and not 0 < draft.monthly_gifts <= MOST_GIFTS:
        raise GiftsNeeded
    return {
        "kind": draft.kind,
        "icon": draft.icon,
        "texts": {
            "name": [written(said, most=NAME) for said in draft.name],
            "words": [written(said, most=WORDS) for said in draft.words],
        },
        "conditions": draft.criteria.plain(),
        "givers": int(draft.givers),
        "monthly_gifts": draft.monthly_gifts,
        "is_active": draft.is_active,
    }


def _is_times_alone(criteria: Criteria) -> bool:
    levels = criteria.levels.values()
    plain = all(figures == Tally(figures.times) for figures in levels)
    return plain and not criteria.deeds and criteria.tag_id is None


def shipped() -> Iterator[tuple[str, Draft]]:
    """With the codes by which they stay the same."""
    for code, plain in tomllib.loads(SHIPPED.read_text("utf-8")).items():
        yield code, _shipped(plain)


def _shipped(plain: dict[str, Any]) -> Draft:
    levels = {Level(level): Tally(**figures) for level, figures in plain.get("levels", {}).items()}
    return Draft(
        BadgeKind(plain["kind"]),
        Icon(plain["icon"]),
        Text(*plain["name"]),
        Text(*plain["words"]),
        Criteria(levels, [DeedKind(kind) for kind in plain.get("deeds", ())]),
        Grants[plain.get("givers", "NONE")],
        plain.get("monthly_gifts", 0),
    )
