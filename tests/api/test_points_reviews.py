"""Points that look arranged: HR looks, their owner reads why and may appeal."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from core import clock
from core.audit import AuditEntry
from core.people import Grants, Person
from gamify import payments
from gamify.ledger import Transfer
from gamify.reviews import Review
from gamify.terms import Terms
from tests.gamify.makers import a_draft, an_event, saved
from tests.makers import a_key, a_person, ask, node, operation, send

MONDAY = datetime(2026, 11, 16, 4, tzinfo=UTC)


@pytest.fixture
async def hr() -> Person:
    return await a_person(grants=Grants.HR, name="Mei")


@pytest.fixture
async def ann() -> Person:
    """Whose last points are held."""
    with clock.set_to(MONDAY - timedelta(days=60)):
        await saved(a_draft(name="helpful", terms=Terms()))
    ann, ben = await a_person(name="Ann"), await a_person(name="Ben")
    for day in range(4):
        for asker, answerer in ((ann, ben), (ben, ann)):
            at = MONDAY + timedelta(days=day)
            await payments.pay(await an_event(asker=asker.id, answerer=answerer.id, at=at))
    return ann


async def code(name: str, by: Person, **variables: Any) -> str:
    document, name = operation(name)
    answer = await ask(document, by=by, name=name, **variables)
    if "errors" in answer:
        return answer["errors"][0]["extensions"]["code"]
    [result] = answer["data"].values()
    return result["code"]


async def test_what_is_held_waits_for_hr_with_what_it_looks_like(ann, hr):
    review, held = (
        await Review.get(),
        await Transfer.filter(person_id=ann.id).order_by("-at").first(),
    )

    listed = await send("PointsReviews", by=hr)

    [edge] = listed["edges"]
    assert edge["node"] == {
        "id": node("pointsreview", review),
        "pattern": "RING",
        "why": "The same few colleagues have thanked each other in turn many times.",
        "state": "OPEN",
        "isWaiting": True,
        "words": "",
        "appealWords": "",
        "appealedAt": None,
        "answer": "",
        "movedAt": review.moved_at.isoformat(),
        "person": {"id": node("person", ann), "name": "Ann"},
        "decidedBy": None,
        "line": {
            "id": node("pointsline", held),
            "points": 5,
            "at": held.at.isoformat(),
            "causedBy": {"id": f"person_{held.caused_by.hex}", "name": "Ben"},
        },
    }


async def test_their_owner_reads_why_they_wait_and_not_who_decides(ann, hr):
    [edge, *_] = (await send("ExplainPoints", by=ann))["edges"]
    assert edge["node"]["explanation"] == (
        "You helped. +5 points. It was Ben. By the rule “helpful”, version 1. It waits until "
        "somebody has looked: The same few colleagues have thanked each other in turn many times."
    )
    review = edge["node"]["review"]
    assert review["state"] == "OPEN"

    await send("DecidePointsReview", by=hr, review=review["id"], reverse=True, words="Arranged")
    document = "{ explainPoints { edges { node { review { state words decidedBy { id } } } } } }"
    answer = await ask(document, by=ann)
    told = [edge["node"]["review"] for edge in answer["data"]["explainPoints"]["edges"]]

    assert {"state": "REVERSED", "words": "Arranged", "decidedBy": None} in told


async def test_who_lost_points_appeals_and_another_one_answers(ann, hr):
    review = node("pointsreview", await Review.get())
    other = await a_person(grants=Grants.HR)
    await send("DecidePointsReview", by=hr, review=review, reverse=True, words="Arranged")
    assert (await send("PointsReviews", by=hr))["edges"] == []

    await send("AppealPointsReview", by=ann, review=review, words="We share a desk")
    assert await code("AppealPointsReview", ann, review=review, words="So") == "REVIEW_MOVED"
    [edge] = (await send("PointsReviews", by=other))["edges"]
    assert edge["node"]["appealWords"] == "We share a desk"
    given = {"review": review, "grant": True, "words": "Sorry"}
    assert await code("AnswerPointsAppeal", hr, **given) == "OWN_POINTS"
    answered = await send("AnswerPointsAppeal", by=other, **given)

    assert answered["pointsReview"]["state"] == "RESTORED"
    shown = (await send("MyPoints", by=ann))["points"]
    assert (shown["available"], shown["pending"], shown["owed"]) == (5, 15, 0)


async def test_hr_reverses_what_was_paid_earlier_after_reading_the_lines(ann, hr):
    lines = await send("PointsLines", by=hr, person=node("person", ann))
    line = lines["edges"][-1]["node"]
    given = {"line": line["id"], "words": "Arranged", "key": a_key()}

    reversed_ = await send("ReversePoints", by=hr, **given)
    again = await send("ReversePoints", by=hr, **given)

    assert reversed_ == again
    assert reversed_["pointsReview"]["pattern"] == "DECISION"
    entry = await AuditEntry.get(name="points.inspected")
    assert (entry.by_id, entry.about_id) == (hr.id, ann.id)
    assert (await send("MyPoints", by=ann))["points"]["pending"] == 15


async def test_hr_inspects_nobody_of_their_own_name(hr):
    assert await code("PointsLines", hr, person=node("person", hr)) == "OWN_POINTS"
    assert not await AuditEntry.filter(name="points.inspected").exists()


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("PointsReviews", {}),
        ("PointsLines", {"person": "person_" + "1" * 32}),
        ("DecidePointsReview", {"review": "review", "reverse": False, "words": "Fine"}),
        ("AnswerPointsAppeal", {"review": "review", "grant": True, "words": "Fine"}),
        ("ReversePoints", {"line": "pointsline_" + "1" * 32, "words": "Odd", "key": "1"}),
    ],
)
async def test_nobody_but_hr_reads_or_decides(ann, name, given):
    known = {"review": node("pointsreview", await Review.get())}
    given = {key: known.get(str(value), value) for key, value in given.items()}

    assert await code(name, ann, **given) == "NOT_YOURS"
    assert (await Review.get()).state == "OPEN"


async def test_what_is_not_there_is_not_found(hr):
    given = {"review": f"pointsreview_{uuid4().hex}", "reverse": True, "words": "Odd"}
    assert await code("DecidePointsReview", hr, **given) == "REVIEW_NOT_FOUND"
