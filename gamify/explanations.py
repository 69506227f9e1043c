"""Explanations: why somebody has the points they have, line by line, in words."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from core import clock
from core.database import sql
from core.people import Person
from core.text import Language, Text
from gamify import reasons, reviews
from gamify.bonuses import Bonus
from gamify.holds import Hold
from gamify.ledger import Transfer
from gamify.reasons import Reason
from gamify.reviews import Review, State
from gamify.rules import Rule

GAIN = Text("+{points} points.", "+{points} 积分。", "+{points} 點。")
LOSS = Text("−{points} points.", "−{points} 积分。", "−{points} 點。")
BY = Text("It was {name}.", "来自{name}。", "來自{name}。")
RULE = Text(
    "By the rule “{rule}”, version {version}.",
    "依据规则“{rule}”第 {version} 版。",
    "依據規則「{rule}」第 {version} 版。",
)
WORDS = Text("They wrote: “{words}”", "附言：“{words}”", "附言：「{words}」")
PENDING = Text("You can spend it from {day} on.", "{day} 起可以使用。", "{day} 起可以使用。")
WAITING = Text(
    "It waits until somebody has looked: {why}", "正在等待复核：{why}", "正在等待複核：{why}"
)


class Known(NamedTuple):
    """What belongs to some lines."""

    rules: dict[UUID, Rule]
    people: dict[UUID, Person]
    holds: dict[UUID, Hold]
    reviews: dict[UUID, Review]
    bonuses: dict[UUID, Bonus]


async def of(lines: Sequence[Transfer], *, language: Language) -> list[str]:
    """What each line is for, who caused it where that was public, by which rule, and from when."""
    known = await _known(lines)
    blank = " " if language == "en" else ""
    return [blank.join(_said(line, known, language)) for line in lines]


async def reason(lines: Sequence[Transfer], *, language: Language) -> list[str]:
    """What each line is for, in short."""
    earned = {line.rule_id for line in lines if line.reason is Reason.EARNED}
    rules = await sql.in_bulk(Rule, filter(None, earned))
    return [_title(line, rules, language) for line in lines]


async def _known(lines: Sequence[Transfer]) -> Known:
    ids = [line.id for line in lines]
    return Known(
        await sql.in_bulk(Rule, filter(None, {line.rule_id for line in lines})),
        await sql.in_bulk(Person, filter(None, {line.caused_by for line in lines})),
        {hold.transfer_id: hold for hold in await Hold.filter(transfer_id__in=ids)},
        {one.transfer_id: one for one in await Review.filter(transfer_id__in=ids)},
        await _bonuses(lines),
    )


async def _bonuses(lines: Sequence[Transfer]) -> dict[UUID, Bonus]:
    by_event = {line.event_id: line.id for line in lines if line.reason is Reason.BONUS}
    if not by_event:
        return {}
    return {by_event[row.event_id]: row for row in await Bonus.filter(event_id__in=by_event)}


def _said(line: Transfer, known: Known, language: Language) -> list[str]:
    amount = (GAIN if line.points > 0 else LOSS).to(language, points=abs(line.points))
    said = [_title(line, known.rules, language), amount]
    if causer := known.people.get(line.caused_by) if line.caused_by else None:
        said.append(BY.to(language, name=causer.called(language)))
    if bonus := known.bonuses.get(line.id):
        said.append(WORDS.to(language, words=bonus.words))
    if rule := known.rules.get(line.rule_id) if line.rule_id else None:
        said.append(RULE.to(language, rule=rule.name, version=rule.version))
    if hold := known.holds.get(line.id):
        said.append(_until(hold, known.reviews.get(line.id), language))
    return said


def _title(line: Transfer, rules: dict[UUID, Rule], language: Language) -> str:
    rule = rules.get(line.rule_id) if line.rule_id and line.reason is Reason.EARNED else None
    return (rule.title if rule else reasons.WORDS[line.reason]).to(language)


def _until(hold: Hold, review: Review | None, language: Language) -> str:
    if review and review.state is State.OPEN:
        return WAITING.to(language, why=reviews.WHY[review.pattern].to(language))
    return PENDING.to(language, day=clock.business_date(hold.available_at).isoformat())
