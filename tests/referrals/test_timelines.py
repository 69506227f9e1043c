from datetime import UTC, date, datetime, timedelta

import pytest

from api.composition import SUBSCRIBERS
from core import clock, events
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import Notice
from core.people import Person
from gamify import points, rules
from referrals import hires, milestones, reminders, stages
from referrals.candidates import Stage
from referrals.claims import ClaimState, Referral
from referrals.reminders import Reminder
from referrals.stages import Move
from tests.makers import a_person, send
from tests.referrals.makers import a_candidate, a_link, a_phone, an_hr

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
FIRST_DAY = date(2026, 3, 9)


@pytest.fixture
async def ann():
    return await a_person()


def after(days: float):
    return clock.set_to(NOON + timedelta(days=days))


async def brought(ann: Person, **given):
    with after(0):
        return await a_candidate(await a_link(by=ann), **given)


async def moved(candidate, stage: Stage, days: float, reason: str = "Because") -> None:
    with after(days):
        await stages.move(candidate.id, Move(stage, reason), by=await an_hr())


async def timeline(ann: Person):
    data = await send("MyReferrals", by=ann)
    [edge] = data["referrals"]["edges"]
    return edge["node"]["timeline"]


def entry(moment: str, on: date | str, points: int = 0):
    return {"moment": moment, "on": str(on), "points": points}


async def hired(candidate) -> Person:
    await moved(candidate, Stage.HIRED, 5)
    with after(5):
        person = await a_person(hired_on=FIRST_DAY)
        await hires.match(candidate.id, person.number, by=await an_hr())
    return person


async def reached(days: int) -> None:
    with clock.set_to(datetime(2026, 3, 9, 4, tzinfo=UTC) + timedelta(days=days)):
        await milestones.reach_due()


async def test_a_friend_who_shows_it_is_seen_from_the_application_to_the_year(ann):
    candidate = await brought(ann)
    found = await timeline(ann)
    assert found["entries"] == [entry("REFERRED", "2026-03-02")]
    assert found["next"] == {"kind": "HIRED", "on": None, "points": 50}
    assert found["words"].startswith("HR has the application.")

    await moved(candidate, Stage.INTERVIEW, 3)
    assert (await timeline(ann))["entries"][1:] == [entry("IN_PROGRESS", "2026-03-05")]

    await hired(candidate)
    assert (await timeline(ann))["next"] == {"kind": "HIRED", "on": "2026-03-09", "points": 50}
    await reached(88)
    found = await timeline(ann)
    assert found["entries"][1:] == [entry("HIRED", "2026-03-09", 50)]
    assert found["next"] == {"kind": "DAYS_90", "on": "2026-06-07", "points": 200}
    await reached(365)
    found = await timeline(ann)
    assert found["entries"][2:] == [
        entry("DAYS_90", "2026-06-07", 200),
        entry("YEAR_1", "2027-03-09", 500),
    ]
    assert found["next"] is None
    assert found["words"].startswith("Your friend has been here for a year.")


async def test_a_reason_is_never_told_and_a_no_is_kind(ann):
    candidate = await brought(ann)
    await moved(candidate, Stage.DECLINED, 2, "Talks too fast")

    found = await timeline(ann)

    assert found == {
        "words": "This time it did not work out. Thank you for thinking of somebody.",
        "entries": [entry("REFERRED", "2026-03-02"), entry("CLOSED", "2026-03-04")],
        "next": None,
    }


async def test_a_friend_who_left_ends_what_was_to_come(ann):
    candidate = await brought(ann)
    person = await hired(candidate)
    await reached(20)
    await Person.filter(id=person.id).update(left_on=FIRST_DAY + timedelta(days=30))

    found = await timeline(ann)

    assert (found["next"], len(found["entries"])) == (None, 2)
    assert found["words"].startswith("Your friend is not with us any more.")


async def test_what_is_not_shown_reads_the_same_in_every_stage(ann):
    candidate = await brought(ann, shares_stage=False)
    before = await timeline(ann)
    assert before["words"].startswith("Your friend keeps their progress to themselves")
    assert before["next"] == {"kind": "HIRED", "on": None, "points": 50}

    for stage in (Stage.INTERVIEW, Stage.DECLINED, Stage.OFFER):
        await moved(candidate, stage, 3)
        assert await timeline(ann) == before
    person = await hired(candidate)
    assert await timeline(ann) == before
    await reached(0)

    paid = await timeline(ann)
    assert paid["entries"][1:] == [entry("HIRED", "2026-03-09", 50)]
    assert paid["next"] == {"kind": "DAYS_90", "on": None, "points": 200}
    await Person.filter(id=person.id).update(left_on=FIRST_DAY + timedelta(days=10))
    assert await timeline(ann) == paid


@pytest.mark.parametrize("state", [s for s in ClaimState if s is not ClaimState.LIVE])
async def test_a_claim_that_does_not_count_says_so_and_promises_nothing(ann, state):
    await brought(ann)
    await Referral.all().update(state=state)

    found = await timeline(ann)

    assert (found["next"], found["entries"]) == (None, [entry("REFERRED", "2026-03-02")])
    assert found["words"]


async def test_milestones_pay_what_the_opening_promised(ann):
    await rules.ship()
    await hired(await brought(ann))
    await reached(100)
    with after(200):
        for _ in range(3):
            await events.deliver(SUBSCRIBERS)

    [balance] = await points.balances([ann.id])
    assert balance.pending + balance.available == 50 + 200


async def kinds(person: Person) -> list[NoticeKind]:
    return sorted([notice.kind for notice in await Notice.filter(person_id=person.id)])


async def remind(days: float, times: int = 2) -> None:
    with after(days):
        for _ in range(times):
            await reminders.remind()


async def told_of(person: Person) -> int:
    referral = await Referral.get(referrer_id=person.id)
    return await Reminder.filter(subject_id=referral.id).count()


async def test_no_news_for_fourteen_days_is_answered_before_anybody_asks(ann):
    candidate = await brought(ann)
    await remind(13.9)
    assert await told_of(ann) == 0
    await remind(14)
    assert (await told_of(ann), await kinds(ann)) == (1, [NoticeKind.NO_NEWS])
    await remind(27.9)
    assert await told_of(ann) == 1
    await remind(28)
    assert await told_of(ann) == 2
    await moved(candidate, Stage.INTERVIEW, 29)
    await remind(42)
    assert await told_of(ann) == 2
    await remind(43)
    assert await told_of(ann) == 3
    await moved(candidate, Stage.DECLINED, 44)
    await remind(100)
    assert await told_of(ann) == 3


async def test_of_a_friend_who_does_not_show_it_one_hears_so_once_whatever_happened(ann):
    ben = await a_person()
    candidate = await brought(ann, shares_stage=False)
    await brought(ben, shares_stage=False)
    await moved(candidate, Stage.DECLINED, 2)
    for days in (14, 28, 60):
        await remind(days)

    assert (await told_of(ann), await told_of(ben)) == (1, 1)
    assert await kinds(ann) == await kinds(ben) == [NoticeKind.NO_NEWS]


async def test_hr_is_reminded_once_of_whom_nobody_has_looked_at(ann):
    hr = await an_hr()
    candidate = await brought(ann)
    await remind(2.9)
    assert await kinds(hr) == []
    await remind(3)
    assert await kinds(hr) == [NoticeKind.PIPELINE]
    await remind(9)
    assert await Reminder.filter(subject_id=candidate.id).count() == 1
    await moved(candidate, Stage.SCREENING, 10)
    await remind(17)
    assert await Reminder.filter(subject_id=candidate.id).count() == 2
    assert await kinds(ann) == []


async def test_who_brought_a_friend_hears_when_what_is_shown_changes(ann):
    candidate = await brought(ann)
    await events.deliver(SUBSCRIBERS)
    before = await Notice.filter(person_id=ann.id).values_list("seq", flat=True)
    for stage, changes in ((Stage.SCREENING, True), (Stage.INTERVIEW, False)):
        await moved(candidate, stage, 1)
        with after(2):
            await events.deliver(SUBSCRIBERS)
        now = await Notice.filter(person_id=ann.id).values_list("seq", flat=True)
        assert (now != before) is changes
        before = now


async def test_nothing_is_told_of_a_move_that_is_not_shown(ann):
    candidate = await brought(ann, shares_stage=False)
    await Notice.all().delete()
    await moved(candidate, Stage.SCREENING, 1)
    with after(2):
        await events.deliver({"candidate.moved": SUBSCRIBERS["candidate.moved"]})

    assert await kinds(ann) == []


async def test_ten_friends_cost_as_many_statements_as_one(ann, statements):
    costs = []
    for _ in range(2):
        await hired(await brought(ann, phone=a_phone()))
        statements()
        await send("MyReferrals", by=ann)
        costs.append(len(statements()))
        for _ in range(8):
            await hired(await brought(ann))

    assert costs[0] == costs[1]
