import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.audit import AuditEntry
from core.events import Event
from core.people import Grants
from referrals import candidates, erasures, pipeline, pipeline_files, stages
from referrals.candidates import Candidate, Stage
from referrals.claims import ClaimState, Referral
from referrals.stages import Move
from referrals.steps import Step
from tests.core.sheets.test_workbooks import cells
from tests.makers import a_key, a_person, ask, client, node, operation, send
from tests.referrals.makers import a_candidate, a_link, a_phone, an_hr, an_opening


async def rows(hr, **variables):
    page = await send("Pipeline", by=hr, **variables)
    return [edge["node"] for edge in page["edges"]]


async def step(hr, *moves, key=None):
    data = await send("StepCandidates", by=hr, moves=[*moves], key=key or a_key())
    return data["outcomes"]


def move(candidate, stage, **more):
    return {"candidateId": node("candidate", candidate), "stage": stage, **more}


async def test_hr_sees_whom_it_has_to_decide_about_the_longest_unmoved_first():
    now, hr = clock.now(), await an_hr()
    referrer = await a_person()
    with clock.set_to(now - timedelta(days=4)):
        old = await a_candidate(await a_link(by=referrer), name="Li Lei")
    new = await a_candidate()
    gone = await a_candidate()
    await stages.move(gone.id, Move(Stage.DECLINED, "No night shifts"), by=hr)

    found = await rows(hr)

    assert [one["id"] for one in found] == [node("candidate", old), node("candidate", new)]
    assert [one["isOverdue"] for one in found] == [True, False]
    assert found[0]["details"]["name"] == "Li Lei"
    assert found[0]["referrer"]["id"] == node("person", referrer)
    assert [one["id"] for one in await rows(hr, stage="DECLINED")] == [node("candidate", gone)]
    opening = f"opening_{new.opening_id.hex}"
    assert [one["id"] for one in await rows(hr, opening=opening)] == [node("candidate", new)]


async def test_whoever_looks_at_names_is_recorded_once_for_a_page():
    hr = await an_hr()
    both = [await a_candidate() for _ in range(2)]

    await rows(hr)

    [entry] = await AuditEntry.filter(name="candidates.read", by_id=hr.id)
    assert entry.facts == {"candidates": " ".join(sorted(one.id.hex for one in both))}


async def test_names_are_not_read_where_nobody_asks_for_them():
    hr = await an_hr()
    await a_candidate()
    await ask("{ pipeline { edges { node { id stage } } } }", by=hr)

    assert not await AuditEntry.filter(name="candidates.read").exists()


async def test_many_are_moved_at_once_and_each_hears_what_came_of_it():
    hr = await an_hr()
    one, two, three = [await a_candidate() for _ in range(3)]
    await candidates.withdraw(two)
    words = {"reason": "Speaks English", "nextStep": "Call on Monday", "nextOn": "2026-11-30"}

    outcomes = await step(
        hr,
        move(three, "DECLINED"),
        move(two, "INTERVIEW"),
        move(
            one, "INTERVIEW", **words, interviewAt="2026-12-01T02:00:00+00:00", interviewPlace="3F"
        ),
    )

    assert [one["refusal"] and one["refusal"]["code"] for one in outcomes] == [
        "DECLINE_NEEDS_REASON",
        "WITHDREW_THEMSELVES",
        None,
    ]
    assert [outcome["candidateId"] for outcome in outcomes] == [
        node("candidate", candidate) for candidate in (three, two, one)
    ]
    moved = outcomes[2]["candidate"]
    assert (moved["stage"], moved["interviewPlace"]) == ("INTERVIEW", "3F")
    assert moved["interviewAt"].startswith("2026-12-01T02:00:00")
    last = moved["lastStep"]
    assert {name: last[name] for name in words} == words
    assert (last["by"]["id"], last["source"]) == (node("person", hr), "HR")
    stands = dict(await Candidate.all().values_list("id", "stage"))
    assert stands == {one.id: "INTERVIEW", two.id: "WITHDRAWN", three.id: "APPLIED"}
    assert await Step.all().count() == await Event.filter(name="candidate.moved").count() == 1


async def test_the_same_request_again_moves_nobody_twice():
    hr, candidate, key = await an_hr(), await a_candidate(), a_key()
    await step(hr, move(candidate, "SCREENING"), key=key)
    await step(hr, move(candidate, "OFFER"))

    [outcome] = await step(hr, move(candidate, "SCREENING"), key=key)

    assert outcome["candidate"]["stage"] == "OFFER"
    assert await Step.all().count() == 2


async def test_more_than_a_hundred_are_refused_whole():
    hr, candidate = await an_hr(), await a_candidate()
    data = await send("StepCandidates", by=hr, moves=[move(candidate, "OFFER")] * 101, key=a_key())

    assert data["code"] == "TOO_MANY_MOVES"
    assert not await Step.exists()


async def test_nobody_decides_about_whom_they_brought_themselves():
    hr = await an_hr()
    candidate = await a_candidate(await a_link(by=hr))

    [outcome] = await step(hr, move(candidate, "OFFER"))

    assert outcome["refusal"]["code"] == "OWN_REFERRAL"
    assert (await Candidate.get(id=candidate.id)).stage is Stage.APPLIED


async def test_notes_are_encrypted_and_stay_until_the_candidate_is_erased():
    hr, candidate, key = await an_hr(), await a_candidate(), a_key()
    for _ in range(2):
        data = await send(
            "NoteCandidate",
            by=hr,
            candidate=node("candidate", candidate),
            words="Prefers nights",
            key=key,
        )

    assert data["candidateStep"]["reason"] == "Prefers nights"
    [note] = await Step.all()
    assert b"Prefers" not in note.sealed
    await erasures.erase(candidate)
    assert (await Step.get()).sealed is None


async def test_who_applied_twice_becomes_one_and_whoever_was_first_has_brought_them():
    hr, first, second = await an_hr(), await a_person(), await a_person()
    now = clock.now()
    with clock.set_to(now - timedelta(days=2)):
        duplicate = await a_candidate(await a_link(by=first))
    kept = await a_candidate(await a_link(by=second))
    await stages.note(duplicate.id, "Called", by=hr, key=a_key())

    await send(
        "MergeCandidates",
        by=hr,
        candidate=node("candidate", kept),
        duplicate=node("candidate", duplicate),
    )

    claims = {claim.referrer_id: claim for claim in await Referral.all()}
    assert {id: claim.state for id, claim in claims.items()} == {
        first.id: ClaimState.LIVE,
        second.id: ClaimState.TAKEN,
    }
    assert claims[first.id].candidate_id == kept.id
    assert claims[first.id].phone_hash == kept.phone_hash
    assert (await Step.get()).candidate_id == kept.id
    assert (await Candidate.get(id=duplicate.id)).erased_at is not None


async def test_the_later_claim_gives_way_when_the_earlier_application_is_kept():
    hr, first, second = await an_hr(), await a_person(), await a_person()
    with clock.set_to(clock.now() - timedelta(days=2)):
        kept = await a_candidate(await a_link(by=first))
    duplicate = await a_candidate(await a_link(by=second))

    await pipeline.merge(kept.id, duplicate.id, by=hr)

    assert dict(await Referral.all().values_list("referrer_id", "state")) == {
        first.id: ClaimState.LIVE,
        second.id: ClaimState.TAKEN,
    }


async def test_who_was_brought_twice_by_one_colleague_stays_theirs():
    hr, referrer = await an_hr(), await a_person()
    with clock.set_to(clock.now() - timedelta(days=2)):
        duplicate = await a_candidate(await a_link(by=referrer))
    kept = await a_candidate(await a_link(await an_opening(), by=referrer))

    await pipeline.merge(kept.id, duplicate.id, by=hr)

    live = await Referral.get(state=ClaimState.LIVE)
    assert (live.candidate_id, live.referrer_id) == (kept.id, referrer.id)


@pytest.mark.parametrize("kept_first", [True, False])
async def test_one_phone_and_two_jobs_keep_their_claim_when_they_are_merged(kept_first):
    hr, phone = await an_hr(), a_phone()
    both = [await a_candidate(await a_link(), phone=phone) for _ in range(2)]
    kept, duplicate = both if kept_first else reversed(both)
    first = await Referral.get(state=ClaimState.LIVE)

    await pipeline.merge(kept.id, duplicate.id, by=hr)

    live = await Referral.get(state=ClaimState.LIVE)
    assert (live.referrer_id, live.candidate_id, live.phone_hash) == (
        first.referrer_id,
        kept.id,
        candidates.phone_hash(phone),
    )


async def test_hr_sees_who_brought_a_candidate_beside_every_job():
    hr, phone, first = await an_hr(), a_phone(), await a_person()
    await a_candidate(await a_link(by=first), phone=phone)
    await a_candidate(await a_link(), phone=phone)

    assert [row["referrer"]["name"] for row in await rows(hr)] == [first.name] * 2


async def test_who_was_hired_is_not_merged_away():
    hr, kept, hired = await an_hr(), await a_candidate(), await a_candidate()
    await stages.move(hired.id, Move(Stage.HIRED), by=hr)
    for duplicate, code in ((hired, "HIRED_ALREADY"), (kept, "SAME_CANDIDATE")):
        data = await send(
            "MergeCandidates",
            by=hr,
            candidate=node("candidate", kept),
            duplicate=node("candidate", duplicate),
        )
        assert data["code"] == code

    assert not await Candidate.filter(erased_at__isnull=False).exists()


async def test_hr_says_who_was_hired_by_the_employee_number():
    with clock.set_to(datetime(2026, 3, 3, 4, tzinfo=UTC)):
        hr, candidate = await an_hr(), await a_candidate()
        person = await a_person(hired_on=date(2026, 3, 10))
        await step(hr, move(candidate, "HIRED"))
        sent = {"candidate": node("candidate", candidate), "number": f" {person.number} "}
        data = await send("MatchHire", by=hr, **sent)

    assert data["candidate"]["hiredPerson"]["id"] == node("person", person)
    assert await AuditEntry.filter(name="candidate.matched", about_id=candidate.id).exists()


@pytest.mark.parametrize("name", ["Pipeline", "StepCandidates", "NoteCandidate", "MatchHire"])
async def test_the_pipeline_is_for_hr_alone(name):
    id = node("candidate", await a_candidate())
    sent = {"candidate": id, "words": "Hi", "number": "1", "key": a_key(), "moves": []}
    document, name = operation(name)
    others = Grants.ADMIN | Grants.SUPERVISOR | Grants.MODERATOR
    answer = await ask(document, by=await a_person(grants=others), name=name, **sent)

    told = next(iter(answer["data"].values())) if answer["data"] else _error(answer)
    assert told["code"] == "NOT_YOURS"
    assert not await Step.exists()


async def test_candidates_are_exported_for_spreadsheets_on_record():
    hr, one = await an_hr(), await a_candidate(name="=cmd()")
    await a_candidate(name="Li Lei")
    urls = await send("ExportPipeline", by=hr)
    few = await send("ExportPipeline", by=hr, opening=f"opening_{one.opening_id.hex}")

    async with client() as http:
        book = (await http.get(urls["sheetUrl"])).content
        text = (await http.get(urls["csvUrl"])).content
        alone = (await http.get(few["sheetUrl"])).content
        path = urls["csvUrl"].partition("?")[0]
        assert (await http.get(path)).status_code == 403

    assert [row[1] for row in cells(book)] == ["Name", "=cmd()", "Li Lei"]
    assert [row[0] for row in cells(alone)[1:]] == [node("candidate", one)]
    assert text.startswith(b"\xef\xbb\xbfCandidate,Name,Job,Stage")
    assert b",'=cmd()," in text
    assert await AuditEntry.filter(name="candidates.exported", by_id=hr.id).count() == 2


async def test_an_export_is_whole_or_says_that_it_is_too_large(monkeypatch):
    monkeypatch.setattr(pipeline_files, "AT_ONCE", 1)
    hr, opening = await an_hr(), await an_opening()
    for name in ("Li", "Wang", "Zhao"):
        await a_candidate(await a_link(opening), name=name)
    url = (await send("ExportPipeline", by=hr))["sheetUrl"]
    monkeypatch.setattr(pipeline_files, "MOST", 2)
    refused = await send("ExportPipeline", by=hr)

    async with client() as http:
        book = (await http.get(url)).content
    assert [row[1] for row in cells(book)[1:]] == ["Li", "Wang", "Zhao"]
    assert refused["code"] == "TOO_MANY_TO_EXPORT"
    assert await AuditEntry.filter(name="candidates.exported").count() == 1


def _error(answer):
    return answer["errors"][0]["extensions"]


async def test_ten_candidates_cost_as_many_statements_as_one(statements):
    hr = await an_hr()
    costs = []
    for _ in range(2):
        await a_candidate()
        statements()
        await rows(hr)
        costs.append(len(statements()))
        for _ in range(8):
            await a_candidate(await a_link(by=await a_person()))

    assert costs[0] == costs[1]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_who_is_moved_at_once_by_many_in_any_order_stands_where_the_last_step_says():
    people = [await an_hr() for _ in range(4)]
    several = [await a_candidate() for _ in range(5)]
    going = [Stage.SCREENING, Stage.INTERVIEW, Stage.OFFER, Stage.HIRED]
    runs = [
        pipeline.move_all(
            [(one.id, Move(stage)) for one in (several if n % 2 else several[::-1])],
            by=hr,
            key=a_key(),
        )
        for n, (hr, stage) in enumerate(zip(people, going, strict=True))
    ]
    for run in await asyncio.gather(*runs):
        assert [outcome.refused for outcome in run.outcomes] == [None] * 5

    for one in await Candidate.all():
        assert await Step.filter(candidate_id=one.id).count() == 4
    assert await Event.filter(name="candidate.moved").count() == 20
