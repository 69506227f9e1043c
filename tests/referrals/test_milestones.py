import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock, events
from core.events import Event
from core.people import Person
from core.personnel.employments import PastEmployment
from referrals import hires, milestones, stages
from referrals.candidates import Candidate, Stage
from referrals.claims import ClaimState, Referral
from referrals.composition import PART
from referrals.hires import AlreadyMatched, HiredBefore, NotHired, NumberNotFound
from referrals.milestones import Milestone, MilestoneKind
from referrals.stages import Move
from tests.makers import a_person
from tests.referrals.makers import a_candidate, a_link, a_phone, an_hr, an_opening

NOON = datetime(2025, 3, 3, 4, tzinfo=UTC)  # in Shanghai
FIRST_DAY = date(2025, 3, 10)
ALL = [("HIRED", 50), ("DAYS_90", 200), ("YEAR_1", 500)]


@pytest.fixture(autouse=True)
def present():
    with clock.set_to(NOON):
        yield


async def a_hire(**dates) -> tuple[Candidate, Person, Person]:
    """Somebody hired, who they are now, and who brought them."""
    referrer = await a_person()
    candidate = await a_candidate(await a_link(by=referrer))
    hr = await an_hr()
    await stages.move(candidate.id, Move(Stage.HIRED), by=hr)
    person = await a_person(hired_on=FIRST_DAY, **dates)
    return await hires.match(candidate.id, person.number, by=hr), person, referrer


def at(day: date, hour: int = 12):
    """A moment of a business day."""
    return clock.set_to(
        datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)
    )


async def paid() -> list[tuple[str, int]]:
    """In the order in which milestones come."""
    told = await Event.filter(name="referral.milestone_reached")
    each = [(event.payload["milestone"], event.payload["points"]) for event in told]
    return sorted(each, key=lambda one: [*MilestoneKind].index(one[0]))


async def reach(day: date, hour: int = 12) -> list[tuple[str, int]]:
    with at(day, hour):
        await milestones.reach_due()
        return await paid()


async def test_each_milestone_is_paid_on_its_day_and_not_before():
    _, _, referrer = await a_hire()

    assert await reach(FIRST_DAY - timedelta(days=1), 23) == []
    assert await reach(FIRST_DAY, 0) == [("HIRED", 50)]
    assert await reach(FIRST_DAY + timedelta(days=89)) == [("HIRED", 50)]
    assert await reach(FIRST_DAY + timedelta(days=90)) == [("HIRED", 50), ("DAYS_90", 200)]
    assert len(await reach(date(2026, 3, 9))) == 2
    assert (await reach(date(2026, 3, 10)))[2] == ("YEAR_1", 500)
    first = await Event.filter(name="referral.milestone_reached").order_by("due_at").first()
    assert first.payload == {
        "referral": str((await Referral.get()).id),
        "milestone": "HIRED",
        "referrer": str(referrer.id),
        "points": 50,
    }


async def test_a_clock_that_moves_over_a_year_pays_each_once():
    await a_hire()
    for _ in range(3):
        await reach(FIRST_DAY + timedelta(days=800))

    assert await paid() == ALL
    reached = await Milestone.all().values_list("kind", "reached_on", "points")
    assert {kind: (on, points) for kind, on, points in reached} == {
        MilestoneKind.HIRED: (FIRST_DAY, 50),
        MilestoneKind.DAYS_90: (date(2025, 6, 8), 200),
        MilestoneKind.YEAR_1: (date(2026, 3, 10), 500),
    }


@pytest.mark.parametrize(
    ("left_on", "expected"),
    [
        (FIRST_DAY, []),
        (date(2025, 6, 8), ["HIRED"]),
        (date(2025, 6, 9), ["HIRED", "DAYS_90"]),
        (date(2026, 3, 10), ["HIRED", "DAYS_90"]),
        (date(2026, 3, 11), ["HIRED", "DAYS_90", "YEAR_1"]),
    ],
)
async def test_leaving_before_a_milestone_cancels_it(left_on, expected):
    await a_hire(left_on=left_on)
    await reach(date(2027, 1, 1))

    assert [kind for kind, _ in await paid()] == expected


async def test_who_comes_back_reaches_none_of_those_left():
    _, person, _ = await a_hire()
    past = {"hired_on": FIRST_DAY, "left_on": date(2025, 5, 1), "department": ""}
    await PastEmployment.create(person_id=person.id, hire_channel="REFERRAL", **past)
    await Person.filter(id=person.id).update(hired_on=date(2025, 7, 1))

    assert await reach(date(2027, 1, 1)) == [("HIRED", 50)]


async def test_those_who_missed_one_keep_nobody_else_waiting(monkeypatch):
    monkeypatch.setattr(milestones, "AT_ONCE", 1)
    *_, person, _ = await a_hire()
    past = {"hired_on": FIRST_DAY, "left_on": date(2025, 5, 1), "department": ""}
    await PastEmployment.create(person_id=person.id, hire_channel="REFERRAL", **past)
    await a_hire(left_on=date(2025, 5, 1))
    await a_hire()
    for _ in range(3):
        await reach(date(2025, 8, 1))

    assert await paid() == [("HIRED", 50)] * 3 + [("DAYS_90", 200)]


async def test_a_match_that_was_a_mistake_pays_nothing_twice():
    candidate, *_ = await a_hire()
    await reach(FIRST_DAY)
    hr, right = await an_hr(), await a_person(hired_on=FIRST_DAY)
    for stage in (Stage.OFFER, Stage.HIRED):
        await stages.move(candidate.id, Move(stage), by=hr)
        await events.deliver(PART.subscribers)
    await hires.match(candidate.id, right.number, by=hr)

    assert await reach(date(2027, 1, 1)) == ALL


async def test_a_corrected_date_moves_what_is_to_come():
    _, person, _ = await a_hire()
    await Person.filter(id=person.id).update(hired_on=FIRST_DAY + timedelta(days=5))

    assert await reach(FIRST_DAY + timedelta(days=4)) == []
    assert await reach(FIRST_DAY + timedelta(days=5)) == [("HIRED", 50)]


async def test_a_leave_date_that_is_withdrawn_brings_milestones_back():
    _, person, _ = await a_hire(left_on=date(2025, 4, 1))
    assert await reach(date(2025, 7, 1)) == [("HIRED", 50)]
    await Person.filter(id=person.id).update(left_on=None)

    assert await reach(date(2025, 7, 1)) == [("HIRED", 50), ("DAYS_90", 200)]


async def test_what_was_promised_when_the_friend_applied_is_paid():
    referrer = await a_person()
    opening = await an_opening(extra_factor=2, extra_until=date(2025, 3, 3), extra_for="night")
    candidate = await a_candidate(await a_link(opening, by=referrer))
    with at(FIRST_DAY):
        hr = await an_hr()
        await stages.move(candidate.id, Move(Stage.HIRED), by=hr)
        person = await a_person(hired_on=FIRST_DAY)
        await hires.match(candidate.id, person.number, by=hr)

    assert await reach(FIRST_DAY) == [("HIRED", 100)]


async def test_nobody_is_paid_for_a_claim_that_is_not_live():
    await a_hire()
    await Referral.all().update(state=ClaimState.LOST)

    assert await reach(FIRST_DAY) == []
    milestone = await Milestone.get(kind=MilestoneKind.HIRED)
    assert (milestone.reached_on, milestone.points, milestone.referral_id) == (FIRST_DAY, 0, None)


async def test_the_29th_of_february_has_its_year_on_the_1st_of_march():
    assert milestones.day(MilestoneKind.YEAR_1, date(2024, 2, 29)) == date(2025, 3, 1)


async def test_a_friend_is_recognised_by_the_phone_when_the_staff_file_has_them():
    phone = a_phone()
    candidate = await a_candidate(phone=phone)
    await stages.move(candidate.id, Move(Stage.OFFER), by=await an_hr())
    await a_candidate()
    with at(FIRST_DAY):
        person = await a_person(hired_on=FIRST_DAY, phone=phone)
        event = await events.record("person.hired", person=person.id)
        for _ in range(2):
            await hires.arrive(event)

    candidate = await Candidate.get(id=candidate.id)
    assert (candidate.stage, candidate.hired_person_id) == (Stage.HIRED, person.id)
    assert await reach(FIRST_DAY) == [("HIRED", 50)]


async def test_a_friend_is_recognised_when_hr_says_hired_after_the_staff_file_came():
    phone = a_phone()
    candidate = await a_candidate(phone=phone)
    person = await a_person(hired_on=FIRST_DAY, phone=phone)
    await stages.move(candidate.id, Move(Stage.HIRED), by=await an_hr())
    await events.deliver(PART.subscribers)

    assert (await Candidate.get(id=candidate.id)).hired_person_id == person.id


async def test_of_two_who_share_a_phone_nobody_is_guessed():
    phone = a_phone()
    candidate = await a_candidate(phone=phone)
    for _ in range(2):
        await a_person(hired_on=FIRST_DAY, phone=phone)
    await stages.move(candidate.id, Move(Stage.HIRED), by=await an_hr())
    await events.deliver(PART.subscribers)

    assert (await Candidate.get(id=candidate.id)).hired_person_id is None


async def test_who_was_here_before_is_no_hire_and_neither_is_nobody():
    candidate, hr = await a_candidate(), await an_hr()
    old = await a_person(hired_on=date(2025, 3, 2))
    with pytest.raises(NotHired):
        await hires.match(candidate.id, old.number, by=hr)
    await stages.move(candidate.id, Move(Stage.HIRED), by=hr)
    with pytest.raises(HiredBefore):
        await hires.match(candidate.id, old.number, by=hr)
    with pytest.raises(NumberNotFound):
        await hires.match(candidate.id, "nobody", by=hr)
    with pytest.raises(NumberNotFound):
        await hires.match(candidate.id, "1" * 5000, by=hr)

    assert not await Milestone.exists()


async def test_one_colleague_is_one_candidate():
    _, person, _ = await a_hire()
    other, hr = await a_candidate(), await an_hr()
    await stages.move(other.id, Move(Stage.HIRED), by=hr)
    with pytest.raises(AlreadyMatched):
        await hires.match(other.id, person.number, by=hr)

    assert (await Candidate.get(id=other.id)).hired_person_id is None
    assert await Milestone.all().count() == 3


async def test_a_hire_that_was_a_mistake_reaches_nothing_more():
    candidate, *_ = await a_hire()
    await reach(FIRST_DAY)
    await stages.move(candidate.id, Move(Stage.OFFER, "Wrong row"), by=await an_hr())
    assert len(await reach(date(2027, 1, 1))) == 1
    await events.deliver(PART.subscribers)

    assert [one.kind for one in await Milestone.all()] == [MilestoneKind.HIRED]
    assert (await Candidate.get(id=candidate.id)).hired_person_id is None


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_processes_that_pay_at_once_pay_once():
    await a_hire()
    with at(FIRST_DAY + timedelta(days=400)):
        await asyncio.gather(*(milestones.reach_due() for _ in range(8)))

    assert await paid() == ALL


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_candidates_who_are_matched_at_once_with_one_colleague_one_is():
    hr, person = await an_hr(), await a_person(hired_on=FIRST_DAY)
    others = [await a_candidate() for _ in range(6)]
    for one in others:
        await stages.move(one.id, Move(Stage.HIRED), by=hr)
    matches = [hires.match(one.id, person.number, by=hr) for one in others]
    results = await asyncio.gather(*matches, return_exceptions=True)

    assert sum(isinstance(one, AlreadyMatched) for one in results) == 5
    assert await Candidate.filter(hired_person_id=person.id).count() == 1
    assert await Milestone.all().count() == 3
