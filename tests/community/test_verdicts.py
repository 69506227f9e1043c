import asyncio

import pytest

from community import posts, verdicts
from community.groups import GroupKind
from community.moderation_cases import ModerationCase, ReportReason, Verdict
from community.reporters import Reporter
from community.verdicts import Decision
from core import clock
from core.audit import AuditEntry
from core.errors import Refused
from core.events import Event
from core.people import Grants
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_report,
    node,
    send,
)

REMOVED = {"verdict": "REMOVED", "reason": "INSULT", "words": "Please no names."}
WARNED = REMOVED | {"verdict": "WARNED"}
DISMISSED = {"verdict": "DISMISSED"}


async def a_moderator(**given):
    return await a_person(grants=Grants.MODERATOR, **given)


async def queue(moderator):
    return [edge["node"]["id"] for edge in (await send("ModerationQueue", by=moderator))["edges"]]


async def decided(case_id, decision, *, by):
    case = f"moderationcase_{case_id.hex}"
    return await send("DecideReport", by=by, case=case, decision=decision)


async def hidden():
    """An author, a post of theirs that three reports have hidden, and its case."""
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    for _ in range(3):
        report = await a_report(post)
    return ann, post, report.case_id


async def test_what_is_removed_stays_hidden_and_its_author_is_told_why():
    ann, post, case = await hidden()
    moderator = await a_moderator()

    data = await decided(case, REMOVED, by=moderator)

    assert data["moderationCase"]["verdict"] == "REMOVED"
    assert data["moderationCase"]["reported"]["isHidden"] is True
    assert data["moderationCase"]["decidedBy"]["name"] == moderator.name
    seen = await send("Rulings", by=ann, post=node("post", post))
    told = {"verdict": "REMOVED", "reason": "INSULT", "words": "Please no names.", "appeal": None}
    assert seen["isHidden"] is True
    assert {name: seen["viewerRuling"][name] for name in told} == told
    event = await Event.get(name="moderation.decided")
    assert event.payload["author"] == str(ann.id)
    assert event.actor_id is None
    entry = await AuditEntry.get(name="moderation.decided")
    assert (entry.by_id, entry.about_id, entry.facts["verdict"]) == (
        moderator.id,
        ann.id,
        "REMOVED",
    )
    assert await queue(moderator) == []


async def test_what_is_dismissed_is_shown_again_and_the_same_people_do_not_hide_it_again():
    ann, post, case = await hidden()

    await decided(case, DISMISSED, by=await a_moderator())

    await post.refresh_from_db()
    assert post.hidden_at is None
    assert await Event.filter(name="post.restored").count() == 1
    assert sorted(await Reporter.all().values_list("upheld", "dismissed")) == [(0, 1)] * 3
    seen = await send("Rulings", by=ann, post=node("post", post))
    assert (seen["isHidden"], seen["viewerRuling"]) == (False, None)
    await a_report(post)
    await post.refresh_from_db()
    assert post.hidden_at is None


async def test_who_was_heard_once_may_report_again_only_after_an_edit():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    post = await a_post(group, by=ann)
    case = (await a_report(post, by=ben)).case_id
    await decided(case, DISMISSED, by=await a_moderator())
    asked = {"subject": node("post", post), "reason": "SPAM"}

    assert (await send("Report", by=ben, key=a_key(), **asked))["code"] == "LOOKED_AT_ALREADY"
    assert await ModerationCase.all().count() == 1

    await posts.edit(post.id, "Worse", by=ann)
    assert (await send("Report", by=ben, key=a_key(), **asked))["report"]["reason"] == "SPAM"
    again = await ModerationCase.get(open_for=post.id)
    assert again.weight == 666  # wrong once: (2 + 0) / (2 + 0 + 1)


async def test_a_warning_leaves_the_words_and_tells_the_author():
    ann, post, case = await hidden()
    await decided(case, WARNED, by=await a_moderator())
    seen = await send("Rulings", by=ann, post=node("post", post))
    assert (seen["isHidden"], seen["viewerRuling"]["verdict"]) == (False, "WARNED")


async def test_a_verdict_against_somebody_needs_a_reason_that_is_no_worry():
    _, _, case = await hidden()
    moderator = await a_moderator()
    for reason in (None, "DANGER"):
        data = await decided(case, REMOVED | {"reason": reason}, by=moderator)
        assert data["code"] == "REASON_NEEDED"
    assert (await ModerationCase.get()).verdict is None
    assert not await Reporter.exists()


async def test_only_moderators_decide():
    ann, _, case = await hidden()
    for person in (ann, await a_person(grants=Grants.ADMIN | Grants.HR | Grants.COUNSELLOR)):
        assert (await decided(case, DISMISSED, by=person))["code"] == "NOT_YOURS"
    assert (await ModerationCase.get()).verdict is None


async def moderator_above(ann):
    above = await a_moderator()
    between = await a_person(manager_id=above.id)
    ann.manager_id = between.id
    await ann.save()
    return above


async def moderator_below(ann):
    between = await a_person(manager_id=ann.id)
    return await a_moderator(manager_id=between.id)


async def moderator_herself(ann):
    ann.grants = Grants.MODERATOR
    await ann.save()
    return ann


@pytest.mark.parametrize("partial", [moderator_above, moderator_below, moderator_herself])
async def test_nobody_moderates_their_own_reporting_line_or_words(partial):
    ann, _, case = await hidden()
    moderator = await partial(ann)
    assert await queue(moderator) == []
    assert (await decided(case, DISMISSED, by=moderator))["code"] == "CASE_NOT_FOUND"
    assert (await ModerationCase.get()).verdict is None
    sibling = await a_moderator(manager_id=ann.manager_id)
    assert len(await queue(sibling)) == 1


async def test_nobody_moderates_what_they_reported():
    group = await a_group()
    moderator = await a_member(group, grants=Grants.MODERATOR)
    case = (await a_report(await a_post(group), by=moderator)).case_id
    assert await queue(moderator) == []
    assert (await decided(case, REMOVED, by=moderator))["code"] == "CASE_NOT_FOUND"


async def test_nobody_moderates_their_own_anonymous_words():
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    moderator = await a_member(group, grants=Grants.MODERATOR)
    post = await a_post(group, by=moderator, anonymous=True)
    with clock.set_to(post.published_at):
        case = (await a_report(post)).case_id
    assert (await decided(case, REMOVED, by=moderator))["code"] == "CASE_NOT_FOUND"


async def test_a_group_that_excludes_hr_is_not_moderated_by_hr():
    group = await a_group(excludes_hr=True)
    case = (await a_report(await a_post(group))).case_id
    both = await a_person(grants=Grants.MODERATOR | Grants.HR)
    assert await queue(both) == []
    assert (await decided(case, DISMISSED, by=both))["code"] == "CASE_NOT_FOUND"


async def test_moderators_see_an_alias_and_what_stood_there_before():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, *_ = await a_crowd(group)
    post = await a_post(group, by=ann, anonymous=True, text="At first")
    await posts.edit(post.id, "Then", by=ann)
    with clock.set_to(post.published_at):
        await a_report(await a_comment(post, by=ann, anonymous=True, text="And"))
        await a_report(post)
        [first, second] = (await send("ModerationQueue", by=await a_moderator()))["edges"]
    told = [edge["node"]["reported"] for edge in (first, second)]
    told.sort(key=lambda words: words["text"])
    assert told[0]["inAnswerTo"] == "Then"
    assert told[1]["revisions"] == [{"text": "At first"}]
    assert told[1]["inAnswerTo"] is None
    assert told[0]["author"] == told[1]["author"] != {}
    assert str(ann.id.hex) not in str(told)


async def test_the_queue_is_ordered_by_weight_then_age_and_paged():
    group = await a_group()
    light, heavy, old = [await a_post(group) for _ in range(3)]
    for row in (old, light, heavy, heavy):
        await a_report(row)
    moderator = await a_moderator()

    first = await send("ModerationQueue", by=moderator, first=2)
    rest = await send("ModerationQueue", by=moderator, after=first["pageInfo"]["endCursor"])

    texts = [edge["node"]["reported"]["text"] for edge in (*first["edges"], *rest["edges"])]
    assert texts == [heavy.text, old.text, light.text]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    cursors = [edge["cursor"] for edge in first["edges"]]
    assert cursors[1] == first["pageInfo"]["endCursor"] != cursors[0]


async def test_deciding_again_is_refused_unless_it_is_the_same():
    _, _, case = await hidden()
    moderator = await a_moderator()
    for _ in range(2):
        data = await decided(case, REMOVED, by=moderator)
        assert data["moderationCase"]["verdict"] == "REMOVED"
    assert (await decided(case, DISMISSED, by=moderator))["code"] == "ALREADY_DECIDED"
    assert (await decided(case, REMOVED, by=await a_moderator()))["code"] == "ALREADY_DECIDED"
    assert await Event.filter(name="moderation.decided").count() == 1
    assert sorted(await Reporter.all().values_list("upheld", "dismissed")) == [(1, 0)] * 3


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_two_moderators_at_once_one_decides():
    _, post, case = await hidden()
    dismissing = Decision(Verdict.DISMISSED)
    removing = Decision(Verdict.REMOVED, ReportReason.SPAM)

    decisions = [
        verdicts.decide(case, decision, by=await a_moderator())
        for decision in (dismissing, removing) * 3
    ]
    outcome = await asyncio.gather(*decisions, return_exceptions=True)

    [won] = [one for one in outcome if isinstance(one, ModerationCase)]
    refused = {one.code for one in outcome if isinstance(one, Refused)}
    assert refused == {"ALREADY_DECIDED"}
    await post.refresh_from_db()
    assert post.is_hidden is (won.verdict is Verdict.REMOVED)
    assert await Event.filter(name="moderation.decided").count() == 1
    assert sum(sum(await Reporter.all().values_list("upheld", "dismissed"), ())) == 3
