import asyncio
import hmac
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from core import clock, events
from core.events import Event
from core.people import Person
from referrals import candidates, erasures, hires, hook_events, hooks, milestones, stages
from referrals.candidates import Candidate, Stage
from referrals.composition import PART
from referrals.hook_events import HookEvent
from referrals.stages import Move
from referrals.steps import Source, Step
from tests.core.makers import chosen
from tests.makers import a_person, client, node
from tests.referrals.makers import a_candidate, a_link, a_phone, an_hr

SECRET = "a long secret of both systems"  # noqa: S105  # of nobody
STAGES = {
    "Phone screen": "SCREENING",
    "Onsite": "INTERVIEW",
    "Signed": "HIRED",
    "Rejected": "DECLINED",
}
NOON = datetime(2026, 3, 3, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def taken():
    given = {"hook_secret": SECRET, "hook_stages": orjson.dumps(STAGES).decode()}
    with chosen(**given), clock.set_to(NOON + timedelta(days=30)):
        yield


async def a_friend(**given) -> Candidate:
    with clock.set_to(NOON):
        return await a_candidate(await a_link(by=await a_person()), **given)


def news(candidate, stage: str, *, hours: float, id: str = "") -> bytes:
    at = (NOON + timedelta(hours=hours)).isoformat()
    told = {"id": id or f"{stage} {hours}", "candidate": node("candidate", candidate)}
    return orjson.dumps(told | {"stage": stage, "at": at})


def signed(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, 'sha256').hexdigest()}"


async def post(body: bytes, signature: str | None = None, header: str = "X-Signature-256"):
    async with client() as http:
        given = {header: signed(body) if signature is None else signature}
        return await http.post("/hooks/stages", content=body, headers=given)


async def outcome(body: bytes) -> str:
    answer = await post(body)
    assert answer.status_code == 200, answer.text
    return answer.json()["outcome"]


async def stands(candidate) -> Stage:
    return (await Candidate.get(id=candidate.id)).stage


async def test_a_system_moves_candidates_in_its_own_words():
    candidate = await a_friend()

    assert await outcome(news(candidate, "Onsite", hours=1)) == "MOVED"

    step = await Step.get()
    assert (await stands(candidate), step.source, step.by_id) == (
        Stage.INTERVIEW,
        Source.SYSTEM,
        None,
    )
    assert (await Candidate.get()).stage_moved_at == step.at == NOON + timedelta(hours=1)


async def test_the_same_event_counts_once_and_an_older_one_not_at_all():
    candidate = await a_friend()
    hired = news(candidate, "Signed", hours=3)

    assert [await outcome(hired), await outcome(hired)] == ["MOVED", "KNOWN"]
    assert await outcome(news(candidate, "Onsite", hours=2)) == "OUTDATED"
    assert await outcome(news(candidate, "Rejected", hours=-1)) == "OUTDATED"

    assert await stands(candidate) is Stage.HIRED
    assert await Step.all().count() == await Event.filter(name="candidate.moved").count() == 1


async def test_what_was_told_again_later_is_no_older_than_it_says():
    candidate = await a_friend()
    for stage, hours in (("Phone screen", 1), ("Phone screen", 3), ("Onsite", 2)):
        await outcome(news(candidate, stage, hours=hours))

    assert await stands(candidate) is Stage.SCREENING


async def test_of_two_in_one_moment_the_one_that_leads_further_counts():
    one, other = await a_friend(), await a_friend()
    for candidate, order in ((one, ("Onsite", "Signed")), (other, ("Signed", "Onsite"))):
        for stage in order:
            await outcome(news(candidate, stage, hours=1, id=f"{candidate.id} {stage}"))

    assert [await stands(one), await stands(other)] == [Stage.HIRED, Stage.HIRED]


async def test_what_hr_decided_later_stays():
    candidate = await a_friend()
    with clock.set_to(NOON + timedelta(hours=5)):
        await stages.move(candidate.id, Move(Stage.OFFER), by=await an_hr())

    assert await outcome(news(candidate, "Rejected", hours=4)) == "OUTDATED"
    assert await stands(candidate) is Stage.OFFER


async def test_who_withdrew_is_moved_by_nobody():
    candidate = await a_friend()
    with clock.set_to(NOON + timedelta(hours=1)):
        await candidates.withdraw(candidate)

    assert await outcome(news(candidate, "Onsite", hours=2)) == "OUTDATED"
    assert await stands(candidate) is Stage.WITHDRAWN


async def test_a_moment_in_the_future_is_now():
    candidate = await a_friend()
    await outcome(news(candidate, "Onsite", hours=10_000))

    assert (await Candidate.get()).stage_moved_at == clock.now()


async def test_stages_that_mean_nothing_here_are_ignored():
    candidate = await a_friend()

    assert await outcome(news(candidate, "Background check", hours=1)) == "IGNORED"
    assert await outcome(news(candidate, "OFFER", hours=1)) == "MOVED"


def told(stage: str, *, hours: float, **of: str) -> bytes:
    at = (NOON + timedelta(hours=hours)).isoformat()
    return orjson.dumps({"id": f"{stage} {hours}", "stage": stage, "at": at} | of)


async def test_a_candidate_is_known_by_the_systems_own_id_once_it_was_named_beside_ours():
    candidate, other = await a_friend(), await a_friend()
    both = {"reference": "A-7", "candidate": node("candidate", candidate)}

    assert await outcome(told("Screened", hours=1, **both)) == "IGNORED"
    assert await outcome(told("Onsite", hours=2, reference="A-7")) == "MOVED"
    again = {"reference": "A-7", "candidate": node("candidate", other)}
    assert await outcome(told("Phone screen", hours=3, **again)) == "MOVED"
    assert await outcome(told("Signed", hours=4, reference="A-7")) == "MOVED"

    assert [await stands(one) for one in (candidate, other)] == [Stage.HIRED, Stage.SCREENING]


async def test_what_came_before_it_was_known_of_whom_is_followed_then():
    candidate = await a_friend()
    for stage, hours in (("Signed", 3), ("Phone screen", 1)):
        assert await outcome(told(stage, hours=hours, reference="A-7")) == "WAITING"
    assert await outcome(told("Signed", hours=3, reference="A-7")) == "KNOWN"

    both = {"reference": "A-7", "candidate": node("candidate", candidate)}
    assert await outcome(told("Onsite", hours=2, **both)) == "MOVED"

    assert await stands(candidate) is Stage.HIRED
    in_order = [step.stage for step in await Step.all().order_by("at")]
    assert in_order == [Stage.SCREENING, Stage.INTERVIEW, Stage.HIRED]
    assert not await HookEvent.filter(reference__isnull=False).exists()


async def test_what_came_at_the_moment_at_which_it_became_known_is_caught_up_with():
    candidate = await a_friend()
    await outcome(told("Onsite", hours=2, reference="A-7"))
    await Candidate.filter(id=candidate.id).update(reference="A-7")
    for _ in range(2):
        await hook_events.catch_up()

    assert await stands(candidate) is Stage.INTERVIEW
    assert await Step.all().count() == 1


async def test_who_is_erased_is_not_known_by_another_systems_id_either():
    candidate = await a_friend()
    both = {"reference": "A-7", "candidate": node("candidate", candidate)}
    await outcome(told("Onsite", hours=1, **both))
    await erasures.erase(candidate)

    assert (await Candidate.get()).reference is None
    assert await outcome(told("Signed", hours=2, reference="A-7")) == "WAITING"
    assert (await post(told("Signed", hours=3, **both))).status_code == 404


async def test_fields_are_found_where_the_operator_says():
    candidate = await a_friend()
    places = {
        "event": "event.id",
        "candidate": "data.ref",
        "stage": "data.stage.name",
        "at": "when",
    }
    body = orjson.dumps(
        {
            "event": {"id": 7},
            "data": {"ref": candidate.id.hex, "stage": {"name": "Onsite"}},
            "when": (NOON + timedelta(hours=1)).isoformat(),
        }
    )
    with chosen(hook_fields=orjson.dumps(places).decode(), hook_header="X-Ats", hook_secret=SECRET):
        with_stages = {"hook_stages": orjson.dumps(STAGES).decode()}
        with chosen(**with_stages, hook_fields=orjson.dumps(places).decode(), hook_header="X-Ats"):
            answer = await post(body, header="X-Ats")

    assert answer.json() == {"outcome": "MOVED"}
    assert await HookEvent.filter(id="7").exists()


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "签名", signed(b"other")])
async def test_nothing_is_taken_without_the_right_signature(signature):
    candidate = await a_friend()
    body = news(candidate, "Onsite", hours=1)
    answer = await post(body, signature.encode())

    assert (answer.status_code, answer.json()["code"]) == (401, "BAD_SIGNATURE")
    assert not await HookEvent.exists()
    assert await stands(candidate) is Stage.APPLIED


async def test_nothing_is_taken_where_no_secret_is_set():
    candidate = await a_friend()
    body = news(candidate, "Onsite", hours=1)
    with chosen(hook_secret=""):
        answer = await post(body, signed(body, ""))

    assert (answer.status_code, answer.json()["code"]) == (404, "NO_HOOKS")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"id": None}, 422, "BAD_HOOK"),
        ({"id": ""}, 422, "BAD_HOOK"),
        ({"id": "\x00"}, 422, "BAD_HOOK"),
        ({"id": "x" * 201}, 422, "BAD_HOOK"),
        ({"stage": {"name": "Onsite"}}, 422, "BAD_HOOK"),
        ({"at": "yesterday"}, 422, "BAD_HOOK"),
        ({"at": "2026-03-03T12:00:00"}, 422, "BAD_HOOK"),
        ({"candidate": None}, 422, "BAD_HOOK"),
        ({"candidate": "candidate_1"}, 404, "CANDIDATE_NOT_FOUND"),
        ({"candidate": "0" * 32}, 404, "CANDIDATE_NOT_FOUND"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_may_come_again(changed, status, code):
    candidate = await a_friend()
    sent = orjson.loads(news(candidate, "Onsite", hours=1))
    answer = await post(orjson.dumps(sent | changed))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not await HookEvent.exists()
    assert await outcome(orjson.dumps(sent)) == "MOVED"


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"[" * 2000, b"x" * 100_001])
async def test_what_is_no_news_is_refused(body):
    assert (await post(body)).status_code == 422
    assert not await HookEvent.exists()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_moves_and_hooks_out_of_order_twice_and_at_once_pay_once():
    phone = a_phone()
    candidate = await a_friend(phone=phone)
    first_day = (NOON + timedelta(days=5)).date()
    person = await a_person(hired_on=first_day, phone=phone)
    hired = await events.record("person.hired", person=person.id)
    hr = await an_hr()
    told = [("Signed", 3), ("Onsite", 2), ("Phone screen", 1), ("Signed", 3), ("Signed", 4)]
    bodies = [news(candidate, stage, hours=hours) for stage, hours in told * 3]

    await asyncio.gather(
        *(hooks.take(body, signed(body)) for body in bodies),
        *(hires.arrive(hired) for _ in range(3)),
        stages.move(candidate.id, Move(Stage.HIRED), by=hr),
        events.deliver(PART.subscribers),
    )
    await events.deliver(PART.subscribers)
    await asyncio.gather(*(milestones.reach_due() for _ in range(6)))

    assert await stands(candidate) is Stage.HIRED
    assert (await Candidate.get(id=candidate.id)).hired_person_id == person.id
    assert await HookEvent.all().count() == 4
    paid = await Event.filter(name="referral.milestone_reached")
    assert [event.payload["milestone"] for event in paid] == ["HIRED"]
    assert await Person.filter(id=person.id).exists()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_what_is_told_while_it_becomes_known_of_whom_is_not_lost():
    candidate = await a_friend()
    both = {"reference": "A-7", "candidate": node("candidate", candidate)}
    bodies = [told("Onsite", hours=hours, reference="A-7") for hours in range(1, 8)]
    bodies += [told("Signed", hours=9, reference="A-7"), told("Screened", hours=1, **both)]

    await asyncio.gather(*(hooks.take(body, signed(body)) for body in bodies * 2))
    await asyncio.gather(*(hook_events.catch_up() for _ in range(3)))

    assert await stands(candidate) is Stage.HIRED
    assert not await HookEvent.filter(reference__isnull=False).exists()
    assert await HookEvent.all().count() == 8
