"""Risk rules: phrases and how soon somebody should look, as counsellors keep them.

Each change is an edition, numbered and signed, and counts from then on; what stood there before
is kept. A rule without a level is harmless and covers what it contains.
"""

import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model
from tortoise.queryset import QuerySet

from community import risk_words
from community.risk_words import Level, Words
from core import audit, clock, idempotency, pages
from core.database import inserts
from core.database.sql import Statement
from core.database.versions import KeptModel
from core.errors import Invalid, NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.search.normaliser import HANZI
from core.text import Text
from core.transactions import transaction
from core.writing import written

PHRASE, REASON = 60, 500  # characters
LEAST = re.compile(rf"[{HANZI}].*[{HANZI}]|[^\W_]{{4}}")  # what a phrase must hold
SHIPPED = Path(__file__).with_suffix(".toml")
HARMLESS = "harmless"

RULES = Listing("risk_rules", "written_at")


class RiskEdition(Model):
    """A state of all rules; the greatest number is in force."""

    id = fields.UUIDField(primary_key=True)
    number = fields.IntField(unique=True)
    changed_by: UUID | None = fields.UUIDField(null=True, description="null: shipped")
    changed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "risk_edition"


class RiskRule(KeptModel):
    id = fields.UUIDField(primary_key=True)
    form = fields.CharField(max_length=PHRASE * 2, description="by which it is found")
    phrase = fields.CharField(max_length=PHRASE)
    level: Level | None = fields.CharEnumField(Level, max_length=10, null=True)  # type: ignore[assignment]  # typed as never null
    reason = fields.CharField(max_length=REASON, default="")
    edition = fields.IntField(description="since which it is in force ...")
    retired_in: int | None = fields.IntField(null=True, description="... and since which no more")
    written_by: UUID | None = fields.UUIDField(null=True, description="null: shipped")
    written_at: datetime = fields.DatetimeField()

    class Meta:
        table = "risk_rule"
        indexes = (("written_at", "id"),)
        constraints = (
            UniqueConstraint(
                fields=("form",), name="risk_rule_in_force", condition="retired_in IS NULL"
            ),
        )


IN_FORCE = pages.Listed(
    "SELECT risk_rule.* FROM risk_rule WHERE retired_in IS NULL", RiskRule, RULES
)
LAST_EDITION = Statement(
    "SELECT risk_edition.* FROM risk_edition ORDER BY number DESC LIMIT 1", RiskEdition
)


class RiskRuleNotFound(NotFound):
    text = Text("This rule is not in force.", "这条规则不在生效中。", "這條規則未在生效中。")


class PhraseTooShort(Invalid):
    text = Text(
        "Such a short phrase would be found everywhere: at least two characters or four letters.",
        "词语太短，会到处误报：至少两个汉字或四个字母。",
        "詞語太短，會到處誤報：至少兩個漢字或四個字母。",
    )


@transaction
async def put(phrase: str, level: Level | None, *, reason: str, by: Person, key: str) -> RiskRule:
    """Put a phrase in force at a level, in place of what was said of it before."""
    rule = RiskRule(
        id=uuid4(),
        phrase=written(phrase, most=PHRASE),
        form=risk_words.form(phrase),
        level=level,
        reason=written(reason, most=REASON),
        written_by=by.id,
        written_at=clock.now(),
    )
    if not LEAST.search(rule.form):
        raise PhraseTooShort
    asked = ["risk_rule", phrase, level, reason]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=rule.id)) != rule.id:
        return await RiskRule.get(id=first)
    rule.edition = await _next_edition(by.id)
    await _in_force(form=rule.form).update(retired_in=rule.edition)
    await rule.save(force_create=True)
    await audit.record("risk_rule.put", by=by.id, rule=rule.id, level=level or HARMLESS)
    return rule


@transaction
async def retire(rule_id: UUID, *, reason: str, by: Person) -> RiskRule:
    """Let a phrase mean nothing any more."""
    reason, edition = written(reason, most=REASON), await _next_edition(by.id)
    if not await _in_force(id=rule_id).update(retired_in=edition):
        raise RiskRuleNotFound
    await audit.record("risk_rule.retired", by=by.id, rule=rule_id, reason=reason)
    return await RiskRule.get(id=rule_id)


async def ship() -> None:
    """Put phrases that come with the product in force, unless they have ever been there."""
    if await _unknown():
        await _ship()


async def words() -> Words:
    """The rules in force, compiled once for each edition."""
    last = await _last_edition()
    if last is None:
        return NOTHING
    if last.id not in _compiled:
        rules = await _in_force().values_list("form", "level")
        _compiled.clear()
        _compiled[last.id] = Words(dict(rules))
    return _compiled[last.id]


async def listed(*, page: Page) -> Connection[RiskRule]:
    """What is in force, the latest change first."""
    return await IN_FORCE.read(page)


NOTHING = Words({})

#: The words of the edition that was asked for last.
_compiled: dict[UUID, Words] = {}


def _in_force(**which: Any) -> QuerySet[RiskRule]:
    return RiskRule.filter(retired_in__isnull=True, **which)


async def _last_edition() -> RiskEdition | None:
    return next((edition for (edition,) in await LAST_EDITION.rows()), None)


async def _next_edition(by: UUID | None) -> int:
    """Whoever changes rules waits for those who do."""
    while True:
        last = await _last_edition()
        number = last.number + 1 if last else 1
        if await inserts.added(RiskEdition(number=number, changed_by=by, changed_at=clock.now())):
            return number


@transaction
async def _ship() -> None:
    edition = await _next_edition(None)
    rows = [
        RiskRule(
            id=uuid4(),
            form=form,
            phrase=phrase,
            level=level,
            edition=edition,
            written_at=clock.now(),
        )
        for form, (phrase, level) in (await _unknown()).items()
    ]
    await RiskRule.bulk_create(rows)


async def _unknown() -> dict[str, tuple[str, Level | None]]:
    """What is shipped and has never been a rule here, by its form."""
    known = {rule.form for rule in await RiskRule.all().only("form")}
    return {form: rule for form, rule in shipped().items() if form not in known}


def shipped() -> dict[str, tuple[str, Level | None]]:
    lists = tomllib.loads(SHIPPED.read_text("utf-8"))
    return {
        risk_words.form(phrase): (phrase, None if name == HARMLESS else Level(name.upper()))
        for name, phrases in lists.items()
        for phrase in phrases
    }
