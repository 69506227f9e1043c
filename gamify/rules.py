"""Rules: which event pays whom how much, kept by HR; a change is a version and applies forward."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

from core import audit, clock, idempotency, pages
from core.database import inserts
from core.database.sql import Statement
from core.database.versions import KeptModel
from core.errors import Conflict, Invalid, NotFound
from core.events import Event
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written
from gamify.drafts import MOST_BUDGET, Draft, NoSuchTerm, check, check_figure
from gamify.event_kinds import KNOWN, EventKind, Gesture
from gamify.shipped_rules import DRAFTS, SINCE
from gamify.terms import Terms

NAME, TITLE = 40, 120  # characters
RULES = Listing("rules", "written_at")


class Rule(KeptModel):
    """One version. Where a column names a key, it is one of the event's payload."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=NAME)
    version = fields.IntField()
    effective_from = fields.DatetimeField()
    retired_at: datetime | None = fields.DatetimeField(null=True, description="pays no more")
    texts: list[str] = fields.JSONField(description="what one is paid for, in every language")
    event = fields.CharField(max_length=60, description="what is paid for")
    payee = fields.CharField(max_length=20, description="key: who is paid")
    kept_terms: dict[str, Any] = fields.JSONField(description="Terms")
    points = fields.IntField(description="for each payment; the most, if the event says how many")
    budget: int = fields.BigIntField(description="points")
    used: int = fields.BigIntField(default=0, db_default=0, description="points")
    is_spent = fields.BooleanField(default=False, description="the budget, and that was told")
    written_by: UUID | None = fields.UUIDField(null=True, description="null: shipped")
    written_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "rule"
        unique_together = ("name", "version")
        indexes = (("event", "effective_from"),)
        constraints = (CheckConstraint("used BETWEEN 0 AND budget", "rule_within_budget"),)

    @property
    def title(self) -> Text:
        return Text(*self.texts)

    @property
    def terms(self) -> Terms:
        return Terms.read(self.kept_terms)

    @property
    def kind(self) -> EventKind:
        return KNOWN[self.event]

    def worth(self, gesture: Gesture) -> int:
        """In points."""
        return self.points if gesture.amount is None else min(self.points, gesture.amount)


VERSIONS = pages.Listed("SELECT rule.* FROM rule WHERE TRUE", Rule, RULES)
ABOUT = Statement(
    "SELECT rule.* FROM rule WHERE event = :event AND effective_from <= :at ORDER BY version", Rule
)


class RuleNotFound(NotFound):
    text = Text("This rule is not there.", "找不到这条规则。", "找不到這條規則。")


class RuleChanged(Conflict):
    text = Text(
        "Somebody has just changed this rule. Look at it again.",
        "有人刚刚修改了这条规则，请重新查看。",
        "有人剛剛修改了這條規則，請重新查看。",
    )


class NeverRetroactive(Invalid):
    text = Text(
        "A rule applies from now or from a later moment, never to the past.",
        "规则只能从现在或以后开始生效，不能追溯过去。",
        "規則只能從現在或以後開始生效，不能追溯過去。",
    )


class BudgetUsed(Conflict):
    text = Text(
        "{used} points of this budget are already paid.",
        "该预算中已有 {used} 积分发放出去。",
        "這筆預算中已有 {used} 點發放出去。",
    )


async def ship() -> None:
    """Put the rules that come with the product in force, where they have never been."""
    known = {rule.name for rule in await Rule.filter(version=1).only("name")}
    for draft in DRAFTS:
        if draft.name not in known:
            rule = made(draft, 1, None)
            rule.effective_from = SINCE
            await inserts.added(rule)


@transaction
async def save(draft: Draft, *, after: int, by: Person, key: str) -> Rule:
    """A rule from now on or later, in place of version `after`; of a new one there is none: 0."""
    rule = made(draft, after + 1, by.id)
    asked = ["rule", draft, after]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=rule.id)) != rule.id:
        return await Rule.get(id=first)
    last = await Rule.filter(name=rule.name).order_by("-version").first()
    if after != (last.version if last else 0) or not await inserts.added(rule):
        raise RuleChanged
    if last and last.event != rule.event:
        raise NoSuchTerm(term=rule.event)
    await audit.record("rule.saved", by=by.id, rule=rule.id, version=rule.version)
    return rule


@transaction
async def retire(rule_id: UUID, *, by: Person) -> Rule:
    """Let a rule pay no more, whatever its version, for what happens from now on."""
    rule = await found(rule_id)
    standing = Rule.filter(name=rule.name, retired_at__isnull=True)
    if await standing.update(retired_at=clock.now()):
        await audit.record("rule.retired", by=by.id, rule=rule.id)
    return await found(rule_id)


@transaction
async def change_budget(rule_id: UUID, budget: int, *, by: Person) -> Rule:
    """Raise or lower what a version may pay in all. Raises BudgetUsed."""
    rule = await found(rule_id)
    check_figure("budget", budget, rule.points, MOST_BUDGET)
    bearable = Rule.filter(id=rule.id, used__lte=budget)
    if not await bearable.update(budget=budget, is_spent=False):
        raise BudgetUsed(used=(await found(rule_id)).used)
    await audit.record(
        "rule.budget_changed", by=by.id, rule=rule.id, before=rule.budget, after=budget
    )
    return await found(rule_id)


async def found(rule_id: UUID) -> Rule:
    rule = await Rule.get_or_none(id=rule_id)
    if rule is None:
        raise RuleNotFound
    return rule


async def listed(*, page: Page) -> Connection[Rule]:
    """Every version, the latest change first."""
    return await VERSIONS.read(page)


async def in_force(event: str, *, at: datetime) -> list[Rule]:
    """Of every rule about such events the version that decides on what happened at that moment."""
    rules = await known(event, at=at)
    return [rule for rule in rules if rule.retired_at is None or rule.retired_at > at]


async def known(event: str, *, at: datetime) -> list[Rule]:
    """As `in_force`, with those that pay no more."""
    versions = await ABOUT.rows(event=event, at=at)
    return list({rule.name: rule for (rule,) in versions}.values())


def made(draft: Draft, version: int, by: UUID | None) -> Rule:
    """The row of a draft, as far as it can be one. Raises Invalid."""
    now = clock.now()
    if (starts := draft.effective_from or now) < now:
        raise NeverRetroactive
    check(draft)
    return Rule(
        id=uuid4(),
        name=written(draft.name, most=NAME),
        version=version,
        effective_from=starts,
        texts=[written(words, most=TITLE) for words in draft.title],
        event=draft.event,
        payee=draft.payee,
        kept_terms=draft.terms.kept(),
        points=draft.points,
        budget=draft.budget,
        used=0,
        written_by=by,
        written_at=now,
    )


async def follow_merge(event: Event) -> None:
    """Subscriber: a rule about a tag is about the one that it was merged into."""
    about_tags = [name for name, kind in KNOWN.items() if kind.has_tags]
    for rule in await Rule.filter(event__in=about_tags):
        if rule.terms.tag_id == UUID(event.payload["tag"]):
            terms = rule.terms._replace(tag_id=UUID(event.payload["into"]))
            await Rule.filter(id=rule.id).update(kept_terms=terms.kept())
