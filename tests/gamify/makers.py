"""Gestures as other packages tell of them, and points that somebody already has."""

from uuid import UUID, uuid4

from core import clock, events
from core.events import Event
from core.people import Grants, Person
from core.text import Text
from gamify import accounts, integrity, ledger, points, rules
from gamify.drafts import Draft
from gamify.ledger import Cause
from gamify.reasons import Reason
from gamify.rules import Rule
from tests.makers import a_key, a_person, numbers


async def an_event(name: str = "answer.accepted", **given) -> Event:
    asker = UUID(str(given["asker"])) if given.setdefault("asker", uuid4()) else None
    told = {key: uuid4() for key in ("thanks", "comment", "post", "group", "answerer")}
    at = given.pop("at", None) or clock.now()
    payload = told | {"group_kind": "KNOWLEDGE"} | given
    named = {key: value for key, value in payload.items() if value is not None}
    return await events.record(name, actor=asker, due_at=at, **named)


async def taken_back(event: Event, *, at=None) -> Event:
    """The asker thought better of it."""
    payload = event.payload | {"at": at or event.due_at}
    return await an_event("answer.unaccepted", **payload)


async def a_rule(**given) -> Rule:
    await rules.ship()
    await Rule.filter(name="thanked").update(**given)
    return await the_rule()


async def the_rule() -> Rule:
    """The last version of the one that pays for the asker's thanks."""
    return await Rule.filter(name="thanked").order_by("-version").first()


def a_draft(**given) -> Draft:
    """Five points for each accepted answer, if nothing else is said."""
    name, title = f"rule {next(numbers)}", Text("You helped.", "你帮了忙。", "你幫了忙。")
    draft = Draft(name, title, "answer.accepted", "answerer", points=5, budget=1_000_000)
    return draft._replace(**given)


async def saved(draft: Draft | None = None, *, after: int = 0, by: Person | None = None) -> Rule:
    hr = by or await a_person(grants=Grants.HR)
    return await rules.save(draft or a_draft(), after=after, by=hr, key=a_key())


async def give(person_id, points: int, *, year: int = 2026) -> None:
    """Points out of nowhere, to spend."""
    postings = {accounts.available(person_id, year): points, accounts.issued(uuid4()): -points}
    await ledger.transfer(
        f"gift:{uuid4()}", postings, Cause(reason=Reason.EARNED), person_id=person_id
    )


async def pending(event: Event) -> int:
    """What the one who answered has pending."""
    [balance] = await points.balances([UUID(event.payload["answerer"])])
    return balance.pending


async def findings() -> list[str]:
    return [finding for check in integrity.CHECKS for finding in await check()]
