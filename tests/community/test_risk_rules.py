import asyncio

import pytest

from community import risk_rules
from community.risk_rules import RiskEdition, RiskRule
from community.risk_words import Level
from core.audit import AuditEntry
from core.people import Grants
from tests.counselling import a_counsellor
from tests.makers import a_key, a_person, ask, node, send


async def put(by, phrase="躺平到底", level="AMBER", reason="heard it in a case", key=None):
    key = key or a_key()
    return await send("PutRiskRule", by=by, phrase=phrase, level=level, reason=reason, key=key)


async def level(text: str) -> Level | None:
    return (await risk_rules.words()).level(text)


async def test_a_counsellor_puts_a_phrase_in_force_at_once():
    shen = await a_counsellor()
    assert await level("我要躺平到底") is None

    rule = (await put(shen))["riskRule"]

    assert await level("我要躺平到底") is Level.AMBER
    assert (rule["phrase"], rule["level"], rule["edition"]) == ("躺平到底", "AMBER", 1)
    assert rule["writtenBy"]["name"] == shen.name
    entry = await AuditEntry.get(name="risk_rule.put")
    assert (entry.by_id, entry.facts["level"]) == (shen.id, "AMBER")


async def test_a_phrase_has_one_meaning_and_what_it_meant_before_is_kept():
    shen = await a_counsellor()
    await put(shen, "躺平 到底", "RED")
    await put(shen, "躺平到底", None)

    assert await level("躺平到底") is None
    data = await send("RiskRules", by=shen)
    assert [edge["node"]["level"] for edge in data["edges"]] == [None]
    kept = await RiskRule.all().order_by("edition").values_list("level", "edition", "retired_in")
    assert kept == [(Level.RED, 1, 2), (None, 2, None)]


async def test_a_retired_rule_means_nothing_and_is_retired_once():
    shen = await a_counsellor()
    rule = (await put(shen))["riskRule"]["id"]

    data = await send("RetireRiskRule", by=shen, rule=rule, reason="too many jokes")
    assert data["riskRule"]["id"] == rule
    assert await level("躺平到底") is None
    again = await send("RetireRiskRule", by=shen, rule=rule, reason="again")

    assert again["code"] == "RISK_RULE_NOT_FOUND"
    assert await AuditEntry.filter(name="risk_rule.retired").count() == 1


async def test_the_same_key_puts_a_rule_once():
    shen, key = await a_counsellor(), a_key()
    first, second = await put(shen, key=key), await put(shen, key=key)
    assert first == second
    assert await RiskRule.all().count() == await RiskEdition.all().count() == 1


@pytest.mark.parametrize("phrase", ["死", "die", "a b", "!!!!", " 死 "])
async def test_what_would_be_found_everywhere_is_refused(phrase):
    data = await put(await a_counsellor(), phrase)
    assert data["code"] == "PHRASE_TOO_SHORT"
    assert not await RiskRule.exists()
    assert not await RiskEdition.exists()


@pytest.mark.parametrize(
    "grants",
    [
        Grants.NONE,
        Grants.MODERATOR,
        Grants.HR,
        Grants.ADMIN,
        Grants.COUNSELLOR | Grants.HR,
        Grants.COUNSELLOR | Grants.SUPERVISOR,
    ],
)
async def test_nobody_else_reads_or_changes_the_rules(grants):
    outsider = await a_person(grants=grants)
    assert (await put(outsider))["code"] == "NOT_YOURS"
    answer = await ask("{ riskRules { edges { node { phrase } } } }", by=outsider)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_YOURS"
    assert not await RiskRule.exists()


async def test_a_counsellor_tries_what_a_text_would_mean():
    await risk_rules.ship()
    hits = await send("RiskHits", by=await a_counsellor(), text="想死你了，我撑不下去了")
    assert hits == [{"form": "想死你", "level": None}, {"form": "撑不下去", "level": "GREEN"}]


async def test_what_is_shipped_comes_once_and_what_was_retired_stays_so():
    shen = await a_counsellor()
    await risk_rules.ship()
    count = await RiskRule.all().count()
    rule = await RiskRule.get(form="绝望")
    await send("RetireRiskRule", by=shen, rule=node("riskrule", rule), reason="a common word here")

    await risk_rules.ship()

    assert await RiskRule.all().count() == count == len(risk_rules.shipped())
    assert await level("绝望") is None
    assert await level("我想自殺") is Level.RED


async def test_a_later_release_brings_what_it_knows_besides():
    await risk_rules.ship()
    await RiskRule.filter(form="绝望").delete()
    await risk_rules.ship()
    assert await level("绝望") is Level.GREEN
    assert (await RiskRule.get(form="绝望")).edition == 2


@pytest.mark.committed
async def test_counsellors_who_change_rules_at_once_make_an_edition_each():
    shen = await a_counsellor()
    levels = [*Level, None] * 3

    await asyncio.gather(
        risk_rules.ship(),
        risk_rules.ship(),
        *(
            risk_rules.put("躺平到底", level, reason="tried", by=shen, key=a_key())
            for level in levels
        ),
    )

    numbers = await RiskEdition.all().order_by("number").values_list("number", flat=True)
    assert numbers == [*range(1, len(numbers) + 1)]
    assert len(numbers) in {13, 14}
    assert await RiskRule.filter(form="躺平到底", retired_in=None).count() == 1
    assert await RiskRule.all().count() == len(risk_rules.shipped()) + 12
