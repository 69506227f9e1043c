"""HR keeps the rules: tried out, versioned, never retroactive, within a budget."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core import clock, events
from core.audit import AuditEntry
from core.messaging import notices
from core.messaging.notice_kinds import NoticeKind
from core.pages import Page
from core.people import Grants, Person
from gamify import budgets, payments, rules
from gamify.ledger import Transfer
from gamify.rules import Rule
from tests.gamify.makers import an_event, pending
from tests.makers import a_key, a_person, ask, node, operation, send
from tests.rulebook import TEN_TIMES

NOW = datetime(2026, 11, 16, 4, tzinfo=UTC)
BUDGET_NEWS = {"rule.budget_low": [budgets.tell], "rule.budget_spent": [budgets.tell]}


@pytest.fixture
async def hr() -> Person:
    return await a_person(grants=Grants.HR, name="Mei")


async def save(hr: Person, *, after: int = 0, key: str | None = None, **changes: Any) -> Any:
    draft = TEN_TIMES | changes
    saved = await send("SaveRule", by=hr, draft=draft, after=after, key=key or a_key())
    return saved.get("rule") or saved["code"]


async def test_hr_saves_a_rule_that_pays_who_was_thanked_ten_times_by_five_colleagues(hr):
    with clock.set_to(NOW):
        saved = await save(hr)
        ann = (await a_person()).id
        for asker in [await a_person() for _ in range(5)] * 2:
            event = await an_event(asker=asker.id, answerer=ann)
            assert await pending(event) == 0
            await payments.pay(event)

    assert await pending(event) == 50
    assert saved == {
        "id": node("rule", await Rule.get()),
        "name": "thanked-ten-times",
        "version": 1,
        "title": TEN_TIMES["title"],
        "event": "answer.accepted",
        "payee": "answerer",
        "points": 50,
        "budget": 5000,
        "used": 0,
        "terms": {
            "facts": [],
            "tagId": None,
            "oncePerObject": False,
            "pairCap": None,
            "payeeCap": None,
            "threshold": {"times": 10, "colleagues": 5, "per": "PERSON"},
        },
        "effectiveFrom": NOW.isoformat(),
        "retiredAt": None,
        "writtenAt": NOW.isoformat(),
        "writtenBy": {"id": node("person", hr), "name": "Mei"},
    }


async def test_the_rule_that_the_handbook_shows_is_that_one():
    text = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
    shown = re.search(r"```json\n(.*?)```", text[text.index("## Points") :], re.DOTALL)

    assert shown
    assert json.loads(shown[1]) == TEN_TIMES


async def test_a_line_says_in_the_readers_language_what_the_rule_paid_for(hr):
    ann = await a_person()
    await save(hr, terms={})
    await payments.pay(await an_event(answerer=ann.id))

    document, name = operation("MyPoints")
    answer = await ask(document, by=ann, name=name, language="zh-TW")

    [edge] = answer["data"]["viewer"]["points"]["history"]["edges"]
    assert (edge["node"]["reason"], edge["node"]["points"]) == ("被感謝十次。", 50)


async def test_the_same_key_saves_one_rule(hr):
    key = a_key()

    first, again = await save(hr, key=key), await save(hr, key=key)

    assert first == again
    assert await save(hr, key=key, points=3) == "KEY_REUSED"
    assert await Rule.all().count() == await AuditEntry.filter(name="rule.saved").count() == 1


async def test_a_version_follows_the_one_that_was_looked_at(hr):
    await save(hr)

    assert await save(hr) == "RULE_CHANGED"
    assert (await save(hr, after=1, points=60))["version"] == 2
    assert await save(hr, after=1) == "RULE_CHANGED"
    assert await Rule.all().order_by("version").values_list("points", flat=True) == [50, 60]


async def test_a_rule_begins_now_or_later_and_never_pays_for_the_past(hr):
    past, later = NOW - timedelta(seconds=1), NOW + timedelta(days=1)
    with clock.set_to(NOW):
        assert await save(hr, effectiveFrom=past.isoformat()) == "NEVER_RETROACTIVE"
        await save(hr, terms={}, effectiveFrom=later.isoformat())

    before = await an_event(at=later - timedelta(seconds=1))
    after = await an_event(at=later)
    for event in (before, after):
        await payments.pay(event)

    assert (await pending(before), await pending(after)) == (0, 50)


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": "reaction.added"},
        {"payee": "asker"},
        {"event": "challenge.won", "payee": "winner", "terms": {"tagId": "tag_" + "0" * 32}},
        {"event": "challenge.won", "payee": "winner"},
        {"terms": {"facts": ["group_kind=SUPPORT"]}},
        {"terms": {"facts": ["weather=fine"]}},
        {"terms": {"facts": ["nonsense"]}},
    ],
)
async def test_what_no_event_knows_is_refused(hr, wrong):
    assert await save(hr, **wrong) == "NO_SUCH_TERM"
    assert not await Rule.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": 0},
        {"points": 10_001},
        {"budget": 49},
        {"terms": {"pairCap": {"most": 0, "period": "DAY"}}},
        {"terms": {"payeeCap": {"most": 101, "period": "DAY"}}},
        {"terms": {"threshold": {"times": 0, "colleagues": 0}}},
        {"terms": {"threshold": {"times": 2, "colleagues": 3}}},
    ],
)
async def test_figures_that_make_no_sense_are_refused(hr, wrong):
    assert await save(hr, **wrong) == "FIGURE_OUT_OF_BOUNDS"
    assert not await Rule.exists()


async def test_a_rule_stays_about_its_event(hr):
    await save(hr)

    assert await save(hr, after=1, event="answer.adopted") == "NO_SUCH_TERM"
    assert await Rule.all().count() == 1


async def test_a_retired_rule_pays_no_more_and_what_it_paid_can_still_be_taken_back(hr):
    with clock.set_to(NOW):
        rule = await save(hr, terms={})
        paid = await an_event()
        await payments.pay(paid)
    with clock.set_to(NOW + timedelta(hours=1)):
        retired = await send("RetireRule", by=hr, rule=rule["id"])
        await payments.pay(unpaid := await an_event())
        assert (await pending(paid), await pending(unpaid)) == (50, 0)

        back = await an_event("answer.unaccepted", **paid.payload)
        await payments.withdraw(back)

    assert retired["rule"]["retiredAt"] == (NOW + timedelta(hours=1)).isoformat()
    assert await pending(paid) == 0


async def test_a_budget_may_be_changed_but_not_below_what_is_paid(hr):
    rule = await save(hr, terms={})
    for _ in range(2):
        await payments.pay(await an_event())
    document, name = operation("ChangeRuleBudget")

    answer = await ask(document, by=hr, name=name, rule=rule["id"], budget=99)
    changed = await send("ChangeRuleBudget", by=hr, rule=rule["id"], budget=100)

    assert answer["data"]["changeRuleBudget"]["message"] == (
        "100 points of this budget are already paid."
    )
    assert (changed["rule"]["budget"], changed["rule"]["used"]) == (100, 100)
    entry = await AuditEntry.get(name="rule.budget_changed")
    assert (entry.by_id, entry.facts["before"], entry.facts["after"]) == (hr.id, 5000, 100)


async def test_hr_is_told_once_when_a_budget_is_nearly_used_and_once_when_it_is(hr):
    await a_person()
    await save(hr, terms={}, budget=250)
    told = []
    for _ in range(7):
        await payments.pay(await an_event())
        while await events.deliver(BUDGET_NEWS):
            pass
        [listed] = await notices.of([hr.id], page=Page())
        told.append([len(notice.content.sources) for notice in listed.rows])

    assert told == [[], [], [], [1], [1], [2], [2]]
    assert [notice.kind for notice in listed.rows] == [NoticeKind.BUDGET]
    assert (await Rule.get()).used == 250


async def test_a_rule_is_tried_out_before_it_is_saved(hr):
    ann = await a_person(name="Ann")
    with clock.set_to(NOW):
        for _ in range(3):
            await an_event(answerer=ann.id)
    draft = TEN_TIMES | {"terms": {"payeeCap": {"most": 2, "period": "DAY"}}}

    tried = await send("RuleDryRun", by=hr, draft=draft, since="2026-11-16", until="2026-11-16")

    assert tried == {
        "points": 100,
        "payments": 2,
        "people": 1,
        "isStopped": False,
        "mostAffected": [
            {"points": 100, "payments": 2, "person": {"id": node("person", ann), "name": "Ann"}}
        ],
        "csv": f"\ufeffemployee number,name,payments,points\r\n{ann.number},Ann,2,100\r\n",
    }
    assert not await Rule.exists()
    assert not await Transfer.exists()


async def test_hr_reads_which_events_there_are_and_which_rules(hr):
    await rules.ship()

    events_ = await send("RuleEvents", by=hr)
    listed = await send("Rules", by=hr)

    assert {"answer.accepted", "referral.milestone_reached"} <= {one["name"] for one in events_}
    assert {edge["node"]["name"] for edge in listed["edges"]} >= {"thanked", "me-too", "challenge"}


@pytest.mark.parametrize("grants", [Grants.NONE, Grants.SUPERVISOR | Grants.MODERATOR])
async def test_nobody_but_hr_keeps_rules(grants):
    ann = await a_person(grants=grants)

    assert await save(ann) == "NOT_YOURS"
    document, name = operation("Rules")
    answer = await ask(document, by=ann, name=name)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_YOURS"
    assert not await Rule.exists()
