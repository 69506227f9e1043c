"""Rules, for HR: what activity is worth, tried out before it is switched on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import strawberry

from api.connections import Connection
from api.people import Person as PersonView
from api.roots import mutation, payload, query
from api.texts import Texts, TextsInput
from api.views import ROW, Node, batch, id_of, view
from core import pages, people
from core.pages import Page
from core.people import Person
from gamify import drafts, dry_runs, event_kinds, rules, terms
from gamify.terms import Per, Period

strawberry.enum(Period, description="Of the business calendar.")
strawberry.enum(Per, description="Whether confirmations of a person or of one thing are added up.")


@view(event_kinds.Described)
class RuleEvent:
    """What a rule may pay for; `facts` are what it may ask for, as `key=value`."""

    name: str
    payees: list[str]
    facts: list[str]
    has_tags: bool
    by_colleague: bool


@view(terms.Cap)
class RuleCap:
    """At most so many payments in a period."""

    steady: ClassVar = True

    most: int
    period: Period


@view(terms.Threshold)
class RuleThreshold:
    """Pays once, as soon as there are so many confirmations by so many colleagues."""

    steady: ClassVar = True

    times: int
    colleagues: int
    per: Per


@view(terms.Terms)
class RuleTerms:
    """Under which conditions a rule pays; `facts` are `key=value`."""

    steady: ClassVar = True

    facts: list[str]
    tag_id: UUID | None = id_of("tag", key="tag_id")
    once_per_object: bool
    pair_cap: RuleCap | None
    payee_cap: RuleCap | None
    threshold: RuleThreshold | None


@view(rules.Rule)
class Rule(Node):
    """One version; the latest that has begun decides."""

    steady: ClassVar = True

    name: str
    version: int
    title: Texts
    event: str
    payee: str
    points: int
    budget: int
    used: int
    terms: RuleTerms
    effective_from: datetime
    retired_at: datetime | None
    written_at: datetime
    written_by: PersonView | None = batch(people.by_id, key="written_by")


@view(dry_runs.Share)
class RuleShare:
    person: PersonView = batch(people.named, key="person_id")
    payments: int
    points: int


@view(dry_runs.DryRun)
class RuleDryRun:
    """What a rule would have paid; stopped if its budget would not have borne all of it."""

    points: int
    payments: int
    people: int
    is_stopped: bool
    most_affected: list[RuleShare]
    csv: str = batch(dry_runs.csv, key=ROW)


@strawberry.input
class RuleCapInput:
    most: int
    period: Period

    @property
    def cap(self) -> terms.Cap:
        return terms.Cap(self.most, self.period)


@strawberry.input
class RuleThresholdInput:
    times: int
    colleagues: int
    per: Per = Per.PERSON

    @property
    def threshold(self) -> terms.Threshold:
        return terms.Threshold(self.times, self.colleagues, self.per)


@strawberry.input
class RuleTermsInput:
    facts: list[str] = strawberry.field(default_factory=list, description="as `key=value`")
    tag_id: UUID | None = None
    once_per_object: bool = False
    pair_cap: RuleCapInput | None = None
    payee_cap: RuleCapInput | None = None
    threshold: RuleThresholdInput | None = None

    @property
    def terms(self) -> terms.Terms:
        return terms.Terms(
            where=drafts.facts(self.facts),
            tag_id=self.tag_id,
            once_per_object=self.once_per_object,
            pair_cap=self.pair_cap.cap if self.pair_cap else None,
            payee_cap=self.payee_cap.cap if self.payee_cap else None,
            threshold=self.threshold.threshold if self.threshold else None,
        )


@strawberry.input
class RuleDraft:
    """`title` is what people read beside their points."""

    name: str
    title: TextsInput
    event: str
    payee: str
    points: int
    budget: int
    terms: RuleTermsInput
    effective_from: datetime | None = strawberry.field(default=None, description="if not at once")

    @property
    def draft(self) -> drafts.Draft:
        return drafts.Draft(
            name=self.name,
            title=self.title.text,
            event=self.event,
            payee=self.payee,
            points=self.points,
            budget=self.budget,
            terms=self.terms.terms,
            effective_from=self.effective_from,
        )


@query(Connection[Rule])
async def rules_(viewer: Person, page: Page) -> pages.Connection[rules.Rule]:
    """Every version of every rule, the latest change first."""
    return await rules.listed(page=page)


@query(list[RuleEvent])
async def rule_events(viewer: Person) -> Sequence[event_kinds.Described]:
    """What rules may pay for, and what they may ask for."""
    return event_kinds.described()


@query(RuleDryRun)
async def rule_dry_run(
    viewer: Person, draft: RuleDraft, since: date, until: date
) -> dry_runs.DryRun:
    """What a rule would have paid on these days, both included; nothing is kept or paid."""
    return await dry_runs.run(draft.draft, since, until)


@mutation(payload("RuleSaved", Rule))
async def save_rule(
    viewer: Person, draft: RuleDraft, after_version: int, idempotency_key: str
) -> rules.Rule:
    """A rule, or its next version, from now on or later; `afterVersion` of a new rule is 0."""
    return await rules.save(draft.draft, after=after_version, by=viewer, key=idempotency_key)


@mutation(payload("RuleRetired", Rule))
async def retire_rule(viewer: Person, rule_id: UUID) -> rules.Rule:
    """From now on a rule pays no more; what it has paid stays."""
    return await rules.retire(rule_id, by=viewer)


@mutation(payload("RuleBudgetChanged", Rule))
async def change_rule_budget(viewer: Person, rule_id: UUID, budget: int) -> rules.Rule:
    """What a version may pay in all."""
    return await rules.change_budget(rule_id, budget, by=viewer)
