import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from api.composition import SUBSCRIBERS
from community import (
    counsellors,
    escalations,
    memberships,
    posts,
    reports,
    risk_care,
    worries,
)
from community.groups import GroupKind
from community.moderation_cases import ReportReason
from community.posts import Post
from community.reports import Charge
from community.risk_cases import Cause, Outcome, RiskCase
from community.risk_steps import RiskStep, StepKind
from community.risk_words import Level
from community.subjects import SubjectKind
from core import clock, events
from core.audit import AuditEntry
from core.errors import Refused
from core.events import Event
from core.messaging.notice_kinds import MANNERS, NoticeKind
from core.messaging.notices import Notice
from core.people import Grants, Person
from tests.counselling import RED, a_case, a_counsellor, a_red_case, on_call, rules
from tests.makers import a_crowd, a_group, a_key, a_member, a_person, a_post, ask, node, send
from tests.test_anonymity import SENTINEL, crawled


async def step(name: str, case: RiskCase, by: Person, **given):
    return await send(name, by=by, case=node("riskcase", case), **given)


async def inbox(by: Person, **given) -> list:
    return [edge["node"] for edge in (await send("SafetyInbox", by=by, **given))["edges"]]


async def kinds(case: RiskCase) -> list[StepKind]:
    steps = await RiskStep.filter(case=case).order_by("at", "id")
    return [step.kind for step in steps]


async def test_a_case_is_acknowledged_noted_handed_over_and_closed():
    shen, du = await a_counsellor(name="Shen"), await a_counsellor(name="Du")
    case = await a_case()

    taken = (await step("AcknowledgeCase", case, shen))["riskCase"]
    assert (taken["holder"]["name"], taken["isOverdue"]) == ("Shen", False)
    noted = (await step("NoteCase", case, shen, words="We talked", key=a_key()))["riskStep"]
    assert (noted["kind"], noted["words"], noted["by"]["name"]) == ("NOTED", "We talked", "Shen")
    given = {"to": node("person", du), "words": "My shift is over"}
    over = (await step("HandOverCase", case, shen, **given))["riskCase"]
    assert (over["holder"], over["called"]["name"]) == (None, "Du")
    await step("AcknowledgeCase", case, du)
    closed = await step("CloseCase", case, du, outcome="SUPPORTED", words="Better now")

    assert closed["riskCase"]["outcome"] == "SUPPORTED"
    assert await inbox(shen) == []
    assert [one["id"] for one in await inbox(du, closed=True)] == [node("riskcase", case)]
    told = (await send("StepCase", by=du, id=node("riskcase", case)))["steps"]["edges"]
    assert [edge["node"]["kind"] for edge in told] == [
        "OPENED",
        "ACKNOWLEDGED",
        "NOTED",
        "HANDED_OVER",
        "ACKNOWLEDGED",
        "CLOSED",
    ]
    audited = await AuditEntry.filter(name__startswith="risk_case.").order_by("number")
    assert [entry.name for entry in audited] == [
        f"risk_case.{edge['node']['kind'].lower()}" for edge in told
    ]


async def test_a_closed_case_stays_closed_and_the_next_hit_opens_another():
    shen, ann = await a_counsellor(), await a_member(group := await a_group())
    case = await a_case(group=group, by=ann)
    await risk_care.acknowledge(case.id, by=shen)
    await risk_care.close(case.id, Outcome.UNFOUNDED, "A quote", by=shen)

    for name, given in (
        ("AcknowledgeCase", {}),
        ("ReleaseCase", {}),
        ("SetCaseLevel", {"level": "RED", "reason": "worse"}),
        ("CloseCase", {"outcome": "REFERRED", "words": "again"}),
        ("HandOverCase", {"to": node("person", await a_counsellor()), "words": "yours"}),
    ):
        assert (await step(name, case, shen, **given))["code"] == "CASE_CLOSED", name

    await posts.edit(case.post_id, f"{RED}, really", by=ann)
    assert await RiskCase.filter(subject_id=case.post_id).count() == 2
    assert await kinds(case) == [StepKind.OPENED, StepKind.ACKNOWLEDGED, StepKind.CLOSED]


async def test_who_does_not_hold_a_case_cannot_step_it():
    shen, du = await a_counsellor(), await a_counsellor()
    case = await a_case()
    to = {"to": node("person", du), "words": "yours"}
    done = {"outcome": "SUPPORTED", "words": "fine"}
    assert (await step("HandOverCase", case, shen, **to))["code"] == "NOT_HOLDER"
    await step("AcknowledgeCase", case, du)
    assert (await step("AcknowledgeCase", case, shen))["code"] == "CASE_TAKEN"
    assert (await step("CloseCase", case, shen, **done))["code"] == "NOT_HOLDER"
    assert (await step("ReleaseCase", case, shen))["code"] == "NOT_HOLDER"
    assert await kinds(case) == [StepKind.OPENED, StepKind.ACKNOWLEDGED]


async def test_a_case_goes_to_no_one_who_must_not_see_it():
    shen = await a_counsellor()
    ann = await a_member(group := await a_group(), grants=Grants.COUNSELLOR)
    case = await a_case(group=group, by=ann)
    await step("AcknowledgeCase", case, shen)
    for other, code in (
        (shen, "NOT_THEIRS"),
        (ann, "NOT_THEIRS"),
        (await a_person(grants=Grants.HR), "COUNSELLOR_NOT_FOUND"),
    ):
        data = await step("HandOverCase", case, shen, to=node("person", other), words="yours")
        assert data["code"] == code
    assert (await RiskCase.get()).holder_id == shen.id


async def test_what_is_held_back_is_released_before_its_case_is_closed():
    group = await a_group(kind=GroupKind.SUPPORT)
    shen, case = await a_counsellor(), await a_red_case(group=group)
    await step("AcknowledgeCase", case, shen)
    done = {"outcome": "SUPPORTED", "words": "We talked"}
    assert (await step("CloseCase", case, shen, **done))["code"] == "STILL_HELD_BACK"

    for _ in range(2):
        await step("ReleaseCase", case, shen)
    assert "riskCase" in await step("CloseCase", case, shen, **done)
    assert (await Post.get(id=case.post_id)).hidden_at is None
    assert (await kinds(case)).count(StepKind.RELEASED) == 1


async def test_what_its_author_deleted_waits_for_nobody():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, shen = await a_member(group), await a_counsellor()
    case = await a_red_case(group=group, by=ann)
    await posts.delete(case.post_id, by=ann)
    await step("AcknowledgeCase", case, shen)
    done = {"outcome": "UNREACHABLE", "words": "Gone, no answer"}
    assert "riskCase" in await step("CloseCase", case, shen, **done)


async def test_a_raised_case_is_due_sooner_and_a_lowered_one_later():
    shen, case = await a_counsellor(), await a_case()
    worse = await step("SetCaseLevel", case, shen, level="RED", reason="A plan")
    raised = await RiskCase.get()
    assert worse["riskCase"]["level"] == "RED"
    assert raised.acknowledge_by < case.acknowledge_by
    assert await Event.filter(name="risk_case.raised").count() == 1
    again = await step("SetCaseLevel", case, shen, level="RED", reason="A plan")
    assert again["code"] == "SAME_LEVEL"

    await step("SetCaseLevel", case, shen, level="GREEN", reason="A song")
    assert (await RiskCase.get()).acknowledge_by > case.acknowledge_by + timedelta(hours=20)
    assert await kinds(case) == [StepKind.OPENED, StepKind.RAISED, StepKind.LOWERED]


async def test_a_note_is_written_once_however_often_it_is_sent():
    shen, case, key = await a_counsellor(), await a_case(), a_key()
    first, again = [await step("NoteCase", case, shen, words="Hm", key=key) for _ in range(2)]
    assert first == again
    assert await kinds(case) == [StepKind.OPENED, StepKind.NOTED]


@pytest.mark.parametrize(
    "grants",
    [
        Grants.NONE,
        Grants.MODERATOR,
        Grants.HR,
        Grants.SUPERVISOR,
        Grants.ADMIN,
        Grants.COUNSELLOR | Grants.HR,
        Grants.COUNSELLOR | Grants.SUPERVISOR,
    ],
)
async def test_nobody_but_counsellors_has_a_way_there(grants):
    case, other = await a_case(), await a_person(grants=grants)
    assert (await step("AcknowledgeCase", case, other))["code"] == "NOT_YOURS"
    for document in ("{ riskCases { edges { node { id } } } }", "{ riskCase(id: %s) { id } }"):
        asked = document.replace("%s", f'"{node("riskcase", case)}"')
        answer = await ask(asked, by=other)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_YOURS"
    assert (await RiskCase.get()).holder_id is None


async def test_nobody_sees_a_case_of_their_own_or_of_their_reporting_line():
    boss = await a_counsellor()
    between = await a_person(manager_id=boss.id)
    ann = await a_counsellor(manager_id=between.id)
    below = await a_counsellor(manager_id=ann.id)
    group = await a_group()
    await memberships.join(group.id, by=ann)
    case = await a_case(group=group, by=ann)

    for one in (boss, ann, below):
        assert await inbox(one) == []
        assert await send("StepCase", by=one, id=node("riskcase", case)) is None
        assert (await step("AcknowledgeCase", case, one))["code"] == "RISK_CASE_NOT_FOUND"
    assert len(await inbox(await a_counsellor())) == 1


async def test_nobody_sees_the_case_of_their_own_alias_and_no_line_gives_it_away():
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    boss = await a_counsellor()
    ann = await a_member(group, grants=Grants.COUNSELLOR, manager_id=boss.id)
    case = await a_case(group=group, by=ann, anonymous=True)
    assert await inbox(ann) == []
    assert (await step("AcknowledgeCase", case, ann))["code"] == "RISK_CASE_NOT_FOUND"
    assert len(await inbox(boss)) == 1


async def test_counsellors_are_told_nothing_that_leads_to_an_anonymous_author():
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    sentinel = await a_person(**SENTINEL)
    await memberships.join(group.id, by=sentinel)
    case = await a_red_case(group=group, by=sentinel, anonymous=True)
    ids = [node("riskcase", case), node("post", await Post.get(id=case.post_id))]

    told = " ".join((await crawled(await a_counsellor(), ids)).values())

    assert f'"words":"{RED}"' in told
    for secret in (*SENTINEL.values(), sentinel.id.hex, str(sentinel.id)):
        assert secret not in told


async def test_ten_cases_cost_as_many_statements_as_one(statements):
    shen, taken = await a_counsellor(), []
    await on_call(await a_counsellor())
    for count in (1, 10):
        while await RiskCase.all().count() < count:
            await risk_care.acknowledge((await a_case()).id, by=shen)
        statements()
        assert len(await inbox(shen)) == count
        taken.append(len(statements()))
    assert taken[0] == taken[1]


# escalation


async def due(case: RiskCase, minutes: float) -> RiskCase:
    with clock.set_to(case.opened_at + timedelta(minutes=minutes)):
        await escalations.escalate()
    return await RiskCase.get(id=case.id)


async def test_what_nobody_acknowledges_goes_to_the_next_and_then_to_all():
    shen, du = await a_counsellor(number="C1"), await a_counsellor(number="C2")
    for one in (shen, du):
        await on_call(one)
    case = await a_case()
    assert case.called_id == shen.id
    assert (await due(case, 119)).escalations == 0

    passed = await due(case, 120)
    assert (passed.escalations, passed.called_id) == (1, du.id)
    assert await due(case, 239) == passed
    everybody = await due(case, 240)
    assert (everybody.escalations, everybody.called_id, everybody.escalates_at) == (2, None, None)
    await due(case, 10_000)

    assert await kinds(case) == [StepKind.OPENED, StepKind.ESCALATED, StepKind.ESCALATED]
    told = await Event.filter(name="risk_case.overdue").order_by("due_at")
    assert [event.payload["urgent"] for event in told] == [True, True]
    with clock.set_to(case.acknowledge_by):
        assert [one["isOverdue"] for one in await inbox(shen)] == [True]


async def test_deadlines_run_through_hours_that_nobody_covers():
    shen = await a_counsellor()
    await on_call(shen, "MONDAY 08:00-18:00")
    with clock.set_to(datetime(2026, 11, 23, 15, tzinfo=UTC)):  # 23:00 in Shanghai
        case = await a_case()
    assert (case.called_id, case.acknowledge_by) == (None, case.opened_at + timedelta(hours=2))
    assert (await due(case, 120)).escalations == 2


async def test_what_somebody_takes_care_of_is_not_escalated_until_it_is_handed_over():
    shen, du = await a_counsellor(), await a_counsellor()
    await on_call(shen)
    case = await a_red_case()
    await risk_care.acknowledge(case.id, by=shen)
    assert (await due(case, 1000)).escalations == 0
    await risk_care.hand_over(case.id, du.id, "Yours", by=shen)
    passed = await due(case, 1000)
    assert (passed.escalations, passed.called_id) == (1, shen.id)


async def test_a_green_case_waits_a_day_and_wakes_nobody():
    await on_call(await a_counsellor())
    case = await a_case(text="Just feeling low")
    assert case.acknowledge_by == case.opened_at + timedelta(days=1)
    await due(case, 1440)
    names = ("risk_case.opened", "risk_case.overdue")
    told = await Event.filter(name__in=names)
    assert [event.payload["urgent"] for event in told] == [False, False]


async def called_out() -> set[tuple[UUID, NoticeKind]]:
    """Who was told of cases by now."""
    while await events.deliver(SUBSCRIBERS):
        pass
    kinds = {NoticeKind.RISK, NoticeKind.CONCERN}
    return {(one.person_id, one.kind) for one in await Notice.all() if one.kind in kinds}


async def test_whose_turn_it_is_hears_of_a_case_at_once_and_then_the_next():
    shen, du = await a_counsellor(number="C1"), await a_counsellor(number="C2")
    for one in (shen, du):
        await on_call(one)
    case = await a_case()
    assert await called_out() == {(shen.id, NoticeKind.RISK)}

    with clock.set_to(case.escalates_at):
        await escalations.escalate()
        assert await called_out() == {(shen.id, NoticeKind.RISK), (du.id, NoticeKind.RISK)}


async def test_a_case_in_hours_that_nobody_covers_calls_every_counsellor():
    await a_counsellor()
    await a_red_case()
    everybody = await counsellors.everyone()
    assert await called_out() == {(one.id, NoticeKind.RISK) for one in everybody}


async def test_who_hears_late_of_what_is_taken_care_of_is_left_in_peace():
    shen = await a_counsellor()
    await on_call(shen)
    await risk_care.acknowledge((await a_red_case()).id, by=shen)
    assert await called_out() == set()


async def test_a_green_case_is_told_without_haste():
    shen = await a_counsellor()
    await on_call(shen)
    await a_case(text="Just feeling low")
    assert await called_out() == {(shen.id, NoticeKind.CONCERN)}
    assert MANNERS[NoticeKind.RISK].is_safety
    assert not MANNERS[NoticeKind.CONCERN].is_safety


# worries and reports


async def worry(by: Person, subject: str, words="So quiet lately", key=None):
    return await send("WorryAbout", by=by, subject=subject, words=words, key=key or a_key())


async def test_a_worry_about_a_colleague_is_heard_and_answered_with_whom_to_call():
    await rules()
    ann, ben, shen = await a_person(), await a_person(name="Ben"), await a_counsellor()
    key = a_key()
    for _ in range(2):
        data = await worry(ben, node("person", ann), key=key)
    await worry(await a_person(), node("person", ann), words="Me too")

    assert data["helpCard"]["lines"][0]["number"] == "12356"
    case = await RiskCase.get()
    assert (case.cause, case.level, case.author_id) == (Cause.WORRY, Level.AMBER, ann.id)
    told = (await send("StepCase", by=shen, id=node("riskcase", case)))["steps"]["edges"]
    worried = [edge["node"] for edge in told if edge["node"]["kind"] == "WORRIED"]
    assert [one["words"] for one in worried] == ["So quiet lately", "Me too"]
    assert worried[0]["by"]["name"] == "Ben"


async def test_a_worry_about_an_anonymous_author_names_neither_side():
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    now = clock.now()
    with clock.set_to(now - timedelta(minutes=20)):
        post = await a_post(group, anonymous=True)
    ben = await a_member(group)

    data = await worry(ben, node("post", post))

    assert data["helpCard"] is None  # nobody wrote one here
    case = await RiskCase.get()
    assert (case.author_id, case.handle, case.words) == (None, post.handle, post.text)
    assert case.is_holding is False
    steps = await RiskStep.all()
    assert [(one.by_id, one.at) for one in steps] == [(None, case.opened_at)] * len(steps)
    for row in (case, *steps, *await AuditEntry.filter(name__startswith="risk_case.")):
        assert str(ben.id) not in str(dict(row))


async def test_nobody_worries_about_themselves_or_what_they_cannot_see():
    ann = await a_member(group := await a_group())
    post = await a_post(group, by=ann)
    for by, subject, code in (
        (ann, node("person", ann), "ABOUT_ONESELF"),
        (ann, node("post", post), "ABOUT_ONESELF"),
        (await a_person(), node("post", post), "POST_NOT_FOUND"),
        (ann, node("group", group), "SUBJECT_NOT_FOUND"),
        (ann, "person_" + "0" * 32, "PERSON_NOT_FOUND"),
    ):
        assert (await worry(by, subject))["code"] == code
    assert not await RiskCase.exists()


async def test_a_report_of_danger_opens_a_case_once():
    ann, ben = await a_member(group := await a_group()), await a_member(group)
    post = await a_post(group, by=ann)
    charge = Charge(ReportReason.DANGER, "Please look")
    await reports.report(SubjectKind.POST, post.id, charge, by=ben, key=a_key())
    event = await Event.get(name="report.danger")

    for _ in range(2):
        await worries.reported(event)
    while await events.deliver(SUBSCRIBERS):
        pass

    case = await RiskCase.get()
    assert (case.cause, case.post_id, case.author_id) == (Cause.REPORT, post.id, ann.id)
    assert await kinds(case) == [StepKind.OPENED]


# at once


async def outcomes(*calls) -> list[str]:
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert not [one for one in done if isinstance(one, Exception) and not isinstance(one, Refused)]
    return sorted(type(one).__name__ for one in done)


@pytest.mark.committed
async def test_of_counsellors_who_acknowledge_at_once_one_takes_care():
    case = await a_case()
    staff = [await a_counsellor() for _ in range(5)]
    done = await outcomes(*(risk_care.acknowledge(case.id, by=one) for one in staff))
    assert done == ["CaseTaken"] * 4 + ["RiskCase"]
    assert (await kinds(case)).count(StepKind.ACKNOWLEDGED) == 1


@pytest.mark.committed
async def test_a_case_that_is_closed_and_handed_over_at_once_is_one_of_both():
    shen, du = await a_counsellor(), await a_counsellor()
    case = await a_case()
    await risk_care.acknowledge(case.id, by=shen)
    done = await outcomes(
        risk_care.close(case.id, Outcome.SUPPORTED, "Fine", by=shen),
        risk_care.hand_over(case.id, du.id, "Yours", by=shen),
    )
    assert len(done) == 2
    assert "RiskCase" in done
    now = await RiskCase.get()
    assert (now.closed_at is None) == (now.called_id == du.id)
    assert len(await kinds(case)) == 3


@pytest.mark.committed
async def test_processes_that_escalate_at_once_take_each_step_once():
    for one in ("C1", "C2"):
        await on_call(await a_counsellor(number=one))
    cases = [await a_red_case() for _ in range(3)]
    with clock.set_to(clock.now() + timedelta(minutes=20)):
        passed = await asyncio.gather(*(escalations.escalate() for _ in range(4)))
    assert sum(passed) == 3
    for case in cases:
        assert await kinds(case) == [StepKind.OPENED, StepKind.ESCALATED]


@pytest.mark.committed
async def test_worries_told_at_once_are_one_case_and_each_is_kept():
    ann, colleagues = await a_person(), [await a_person() for _ in range(6)]
    told = (worries.about_person(ann.id, "Pale", by=one, key=a_key()) for one in colleagues)
    await asyncio.gather(*told)
    case = await RiskCase.get()
    assert (await kinds(case)).count(StepKind.WORRIED) == 6


@pytest.mark.committed
async def test_a_case_released_at_once_is_released_once():
    group = await a_group(kind=GroupKind.SUPPORT)
    shen, case = await a_counsellor(), await a_red_case(group=group)
    await risk_care.acknowledge(case.id, by=shen)
    await asyncio.gather(*(risk_care.release(case.id, by=shen) for _ in range(5)))
    assert (await kinds(case)).count(StepKind.RELEASED) == 1
    assert await Event.filter(name="post.restored").count() == 1
