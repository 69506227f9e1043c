"""Drafts: a rule as HR writes it, and whether it makes sense."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from core.errors import Invalid
from core.text import Text
from gamify.event_kinds import KNOWN
from gamify.terms import Terms

MOST, MOST_BUDGET, MOST_TURNS = 10_000, 1_000_000_000, 100


class Draft(NamedTuple):
    """A rule as HR writes it."""

    name: str
    title: Text
    event: str
    payee: str
    points: int
    budget: int
    terms: Terms = Terms()
    effective_from: datetime | None = None


class NoSuchTerm(Invalid):
    text = Text(
        "“{term}” does not fit this event. Look at what its kind knows.",
        "“{term}”不适用于该事件，请查看这类事件支持的内容。",
        "「{term}」不適用於該事件，請查看這類事件支援的內容。",
    )


class FigureOutOfBounds(Invalid):
    text = Text(
        "“{figure}” goes from {least} to {most}.",
        "“{figure}”的取值范围是 {least} 到 {most}。",
        "「{figure}」的取值範圍是 {least} 到 {most}。",
    )


def facts(pairs: Sequence[str]) -> dict[str, str]:
    """Of `key=value`. Raises NoSuchTerm."""
    found = {
        key: value for key, is_pair, value in (pair.partition("=") for pair in pairs) if is_pair
    }
    if len(found) < len(pairs):
        raise NoSuchTerm(term=", ".join(pairs))
    return found


def check(draft: Draft) -> None:
    """Raises Invalid where it fits no event, or makes no sense."""
    kind = KNOWN.get(draft.event)
    if kind is None:
        raise NoSuchTerm(term=draft.event)
    terms = draft.terms
    by_pairs = (terms.pair_cap or terms.threshold) and not kind.by_colleague
    fitting, wanted = {*kind.pairs}, {*terms.facts}
    fits = {
        draft.payee: draft.payee in kind.payees,
        "tag": terms.tag_id is None or kind.has_tags,
        "pairs": not by_pairs,
        ", ".join(sorted(wanted - fitting)): wanted <= fitting,
    }
    for term, is_known in fits.items():
        if not is_known:
            raise NoSuchTerm(term=term)
    _check_figures(draft)


def _check_figures(draft: Draft) -> None:
    check_figure("points", draft.points, 1, MOST)
    check_figure("budget", draft.budget, draft.points, MOST_BUDGET)
    for cap in filter(None, (draft.terms.pair_cap, draft.terms.payee_cap)):
        check_figure("most", cap.most, 1, MOST_TURNS)
    if threshold := draft.terms.threshold:
        check_figure("times", threshold.times, 1, MOST)
        check_figure("colleagues", threshold.colleagues, 1, threshold.times)


def check_figure(figure: str, given: int, least: int, most: int) -> None:
    if not least <= given <= most:
        raise FigureOutOfBounds(figure=figure, least=least, most=most)
