"""Words are hidden as long as one reason stands, in whatever order reasons come and go."""

import asyncio
from itertools import permutations
from typing import NamedTuple
from uuid import UUID

import pytest

from community import (
    appeals,
    help_offers,
    hiding_reasons,
    hidings,
    integrity,
    posts,
    risk_care,
    verdicts,
)
from community.comments import Comment
from community.groups import Group, GroupKind
from community.hiding_reasons import HidingReason
from community.moderation_cases import ModerationCase, ReportReason, Verdict
from community.posts import Post
from community.risk_cases import Outcome, RiskCase
from community.subjects import SubjectKind
from community.verdicts import Decision
from core import clock
from core.errors import Refused
from core.events import Event
from core.people import Grants, Person
from tests import counselling
from tests.counselling import DESPAIR, RED, a_counsellor
from tests.integrity import findings
from tests.makers import a_comment, a_group, a_key, a_member, a_person, a_post, a_report

HELD, REPORTED, REMOVED = HidingReason
ORDERS = list(permutations(HidingReason))


class Written(NamedTuple):
    """A post in a support group, reported once, whose case a counsellor takes care of."""

    id: UUID
    by: Person
    counsellor: Person

    async def edit(self) -> None:
        """Into words that are held back."""
        await posts.edit(self.id, f"{RED}, {a_key()}", by=self.by)

    async def report(self) -> None:
        """Until that hides it."""
        post = await Post.get(id=self.id)
        with clock.set_to(post.published_at):
            for _ in range(2):
                await a_report(post)

    async def release(self) -> None:
        case = await RiskCase.get(open_for=self.id)
        await risk_care.release(case.id, by=self.counsellor)

    async def close(self) -> None:
        case = await RiskCase.get(open_for=self.id)
        await risk_care.close(case.id, Outcome.SUPPORTED, "We talked", by=self.counsellor)

    async def decide(self, verdict: Verdict) -> None:
        case = await ModerationCase.get(open_for=self.id)
        decision = Decision(verdict, ReportReason.INSULT)
        await verdicts.decide(case.id, decision, by=await a_moderator())

    async def remove(self) -> None:
        await self.decide(Verdict.REMOVED)

    async def dismiss(self) -> None:
        await self.decide(Verdict.DISMISSED)

    async def warn(self) -> None:
        await self.decide(Verdict.WARNED)

    async def appeal(self) -> None:
        """And it is granted."""
        made = await appeals.appeal(SubjectKind.POST, self.id, "No", by=self.by, key=a_key())
        await appeals.decide(made.id, "", grant=True, by=await a_moderator())

    async def reasons(self) -> HidingReason:
        assert await integrity.what_is_hidden_has_reasons() == []
        return HidingReason((await Post.get(id=self.id)).hidden_for)


async def a_moderator() -> Person:
    return await a_person(grants=Grants.MODERATOR)


async def written() -> Written:
    await counselling.rules()
    ann, shen = await a_member(group := await a_group(kind=GroupKind.SUPPORT)), await a_counsellor()
    post = await a_post(group, by=ann, text=DESPAIR)
    await risk_care.acknowledge((await RiskCase.get(open_for=post.id)).id, by=shen)
    with clock.set_to(post.published_at):
        await a_report(post)
    return Written(post.id, ann, shen)


async def told(name: str) -> int:
    return await Event.filter(name=name).count()


@pytest.mark.parametrize("lifted", ORDERS)
@pytest.mark.parametrize("put", ORDERS)
async def test_reasons_come_and_go_in_any_order(put, lifted):
    post = await a_post()
    group, comment = await Group.get(id=post.group_id), await a_comment(post)
    for number, reason in enumerate(put * 2):
        assert await hidings.hide(comment, group, reason) is (number == 0)
    hidden_at = comment.hidden_at
    for reason in lifted:
        row = await Comment.get(id=comment.id)
        assert (row.hidden_at, (await Post.get(id=post.id)).comment_count) == (hidden_at, 0)
        await hidings.lift(comment, group, reason)
        await hidings.lift(comment, group, reason)
    row = await Comment.get(id=comment.id)
    assert (row.hidden_at, row.hidden_for) == (None, 0)
    assert (await Post.get(id=post.id)).comment_count == 1
    assert (await told("comment.hidden"), await told("comment.restored")) == (1, 1)


@pytest.mark.parametrize(
    ("steps", "reasons"),
    [
        ("report edit dismiss release", (REPORTED, REPORTED | HELD, HELD, 0)),
        ("report edit release dismiss", (REPORTED, REPORTED | HELD, REPORTED, 0)),
        ("report edit warn release", (REPORTED, REPORTED | HELD, HELD, 0)),
        ("edit dismiss release", (HELD, HELD, 0)),
        ("edit remove release appeal", (HELD, HELD | REMOVED, REMOVED, 0)),
        ("edit remove appeal release", (HELD, HELD | REMOVED, HELD, 0)),
        ("remove edit release appeal", (REMOVED, HELD | REMOVED, REMOVED, 0)),
        ("report remove edit appeal release", (REPORTED, REMOVED, HELD | REMOVED, HELD, 0)),
        ("edit release edit release", (HELD, 0, HELD, 0)),
    ],
)
async def test_words_are_shown_once_no_reason_stands(steps, reasons):
    post, stood = await written(), []
    for step in steps.split():
        await getattr(post, step)()
        stood.append(await post.reasons())
    assert stood == list(reasons)


async def test_what_goes_is_left_as_it_is():
    post = await written()
    await post.report()
    await posts.delete(post.id, by=post.by)
    await post.remove()
    row = await Post.get(id=post.id)
    assert (row.hidden_for, await told("post.restored")) == (REPORTED, 0)
    assert await integrity.what_is_hidden_has_reasons() == []


async def test_only_what_is_held_is_said_to_wait_for_a_counsellor():
    post = await written()
    await post.edit()
    await post.remove()
    for waits in (True, False):
        row = await Post.get(id=post.id)
        [offer] = await help_offers.for_words([row], viewer=post.by, language="en")
        assert (offer.held_back is not None, row.is_hidden) == (waits, True)
        if waits:
            await post.release()


async def test_hiding_and_showing_cost_one_statement_each(statements):
    post = await a_post()
    statements()
    assert await hiding_reasons.put(post, HELD)
    assert await hiding_reasons.lift(post, HELD)
    assert len(statements()) == 2


# at once


async def at_once(post: Written, *steps: str) -> None:
    done = await asyncio.gather(*(getattr(post, step)() for step in steps), return_exceptions=True)
    assert not [one for one in done if isinstance(one, Exception) and not isinstance(one, Refused)]


@pytest.mark.committed
@pytest.mark.parametrize(
    ("before", "steps", "reasons"),
    [
        ("edit", "release remove", REMOVED),
        ("report", "dismiss edit", HELD),
        ("report edit", "dismiss release", 0),
        ("remove edit", "release appeal", 0),
        ("remove", "appeal edit", HELD),
    ],
)
async def test_reasons_that_come_and_go_at_once_are_all_heeded(before, steps, reasons):
    for _ in range(3):
        post = await written()
        for step in before.split():
            await getattr(post, step)()
        await at_once(post, *steps.split())
        assert await post.reasons() == reasons
    hidden, restored = await told("post.hidden"), await told("post.restored")
    assert hidden - restored == (3 if reasons else 0)
    assert await findings() == []


@pytest.mark.committed
async def test_words_that_are_changed_while_their_case_is_closed_wait_in_an_open_one():
    for _ in range(5):
        post = await written()
        await post.edit()
        await post.release()
        await at_once(post, "close", "edit")
        assert await post.reasons() == HELD
