import asyncio
from datetime import timedelta

import pytest

from community import appeals, verdicts
from community.appeals import Appeal
from community.comments import Comment
from community.groups import GroupKind
from community.moderation_cases import ModerationCase, ReportReason, Verdict
from community.posts import Post
from community.reporters import Reporter
from community.subjects import SubjectKind
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

DAY = timedelta(days=1)


async def a_moderator(**given):
    return await a_person(grants=Grants.MODERATOR, **given)


async def removed(row, *, by=None, verdict=Verdict.REMOVED):
    """Reported by three and decided by a moderator."""
    for _ in range(3):
        report = await a_report(row)
    moderator = by or await a_moderator()
    decision = Decision(verdict, ReportReason.SPAM)
    return await verdicts.decide(report.case_id, decision, by=moderator)


async def a_removed_post(**given):
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    await removed(post, **given)
    return ann, post


async def appealed(row, *, by, words="That was no advertising", tag="post", **given):
    asked = {"subject": node(tag, row), "words": words, "key": a_key()} | given
    return await send("Appeal", by=by, **asked)


async def decided(appeal, *, by, grant):
    given = {"appeal": node("appeal", appeal), "grant": grant, "answer": "We looked again."}
    return await send("DecideAppeal", by=by, **given)


async def test_an_author_appeals_once():
    ann, post = await a_removed_post()
    data = await appealed(post, by=ann, key="one")
    assert data["viewerAppeal"] == {"words": "That was no advertising", "granted": None}
    assert await appealed(post, by=ann, key="one") == data
    assert (await appealed(post, by=ann, words="Again"))["code"] == "APPEALED_BEFORE"
    assert await Appeal.all().count() == 1
    entry = await AuditEntry.get(name="appeal.made")
    assert (entry.by_id, entry.about_id) == (None, None)


async def test_a_granted_appeal_undoes_the_verdict():
    ann, post = await a_removed_post()
    await appealed(post, by=ann)
    moderator = await a_moderator()
    [edge] = (await send("AppealQueue", by=moderator))["edges"]
    assert edge["node"]["case"]["reported"]["text"] == post.text

    data = await decided(await Appeal.get(), by=moderator, grant=True)

    assert data["appeal"]["granted"] is True
    await post.refresh_from_db()
    assert post.hidden_at is None
    assert (await ModerationCase.get()).final_on is None
    assert sorted(await Reporter.all().values_list("upheld", "dismissed")) == [(0, 1)] * 3
    event = await Event.get(name="appeal.decided")
    assert (event.payload["granted"], event.payload["author"]) == (True, str(ann.id))
    seen = await send("Rulings", by=ann, post=node("post", post))
    assert seen["viewerRuling"]["appeal"]["answer"] == "We looked again."
    assert (await send("AppealQueue", by=moderator))["edges"] == []


async def test_an_appeal_that_is_turned_down_is_the_end_of_the_words():
    ann, post = await a_removed_post()
    await appealed(post, by=ann)
    await decided(await Appeal.get(), by=await a_moderator(), grant=False)
    await appeals.execute()
    await post.refresh_from_db()
    assert post.deleted_at is not None
    assert await Event.filter(name="post.deleted").count() == 1


async def test_another_moderator_decides():
    first, second = await a_moderator(), await a_moderator()
    ann, post = await a_removed_post(by=first)
    await appealed(post, by=ann)
    appeal = await Appeal.get()
    assert (await send("AppealQueue", by=first))["edges"] == []
    assert (await decided(appeal, by=first, grant=False))["code"] == "OWN_VERDICT"
    assert (await Appeal.get()).granted is None
    for _ in range(2):
        assert (await decided(appeal, by=second, grant=False))["appeal"]["granted"] is False
    assert (await decided(appeal, by=second, grant=True))["code"] == "APPEAL_DECIDED"


async def test_the_line_of_an_author_does_not_decide_their_appeal():
    ann, post = await a_removed_post()
    await appealed(post, by=ann)
    below = await a_moderator(manager_id=ann.id)
    assert (await send("AppealQueue", by=below))["edges"] == []
    assert (await decided(await Appeal.get(), by=below, grant=True))["code"] == "CASE_NOT_FOUND"


async def test_only_what_was_decided_against_oneself_can_be_appealed_and_not_for_ever():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    assert (await appealed(post, by=ann))["code"] == "NOTHING_TO_APPEAL"
    await removed(post, verdict=Verdict.WARNED)
    other = await a_member(group)
    assert (await appealed(post, by=other))["code"] == "NOT_AUTHOR"
    with clock.set_to(clock.now() + 15 * DAY):
        assert (await appealed(post, by=ann))["code"] == "TOO_LATE_TO_APPEAL"
    assert not await Appeal.exists()


async def test_what_is_removed_goes_when_nobody_can_appeal_any_more():
    _, post = await a_removed_post()
    with clock.set_to(clock.now() + 13 * DAY):
        await appeals.execute()
    assert (await Post.get(id=post.id)).deleted_at is None
    with clock.set_to(clock.now() + 14 * DAY):
        await appeals.execute()
        await appeals.execute()
    assert (await Post.get(id=post.id)).deleted_at is not None
    assert await Event.filter(name="post.deleted").count() == 1


async def test_what_an_appeal_waits_for_stays_until_it_is_decided():
    ann, post = await a_removed_post()
    await appealed(post, by=ann)
    with clock.set_to(clock.now() + 30 * DAY):
        await appeals.execute()
    assert (await Post.get(id=post.id)).deleted_at is None


async def test_an_anonymous_author_appeals_without_being_named():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, *_ = await a_crowd(group)
    post = await a_post(group, by=ann, anonymous=True)
    with clock.set_to(post.published_at):
        await removed(post)
        data = await appealed(post, by=ann)
    assert data["viewerAppeal"]["granted"] is None
    event = await Event.get(name="moderation.decided")
    assert (event.payload["author"], event.payload["author_handle"]) == (None, post.handle)
    tables = (Appeal, ModerationCase, AuditEntry, Event)
    assert str(ann.id) not in str([await table.all().values() for table in tables])


async def test_a_comment_that_comes_back_is_counted_and_accepted_again():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    question = await a_post(group, by=ann, is_question=True)
    answer = await a_comment(question, by=ben)
    await send("ThankComment", by=ann, comment=node("comment", answer))
    await removed(answer)
    await question.refresh_from_db()
    assert (question.comment_count, question.is_answered) == (0, False)

    await appealed(answer, by=ben, tag="comment")
    await decided(await Appeal.get(), by=await a_moderator(), grant=True)

    await question.refresh_from_db()
    assert (question.comment_count, question.is_answered) == (1, True)
    assert (await Comment.get(id=answer.id)).hidden_at is None
    assert await Event.filter(name="comment.restored").count() == 1


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_an_appeal_made_and_decided_many_times_at_once_is_one():
    ann, post = await a_removed_post()
    made = [
        appeals.appeal(SubjectKind.POST, post.id, f"{n}", by=ann, key=a_key()) for n in range(5)
    ]
    outcome = await asyncio.gather(*made, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcome) == ["Appeal", *["AppealedBefore"] * 4]

    appeal = await Appeal.get()
    decisions = [
        appeals.decide(appeal.id, "", grant=grant, by=await a_moderator())
        for grant in (True, False) * 3
    ]
    outcome = await asyncio.gather(*decisions, return_exceptions=True)
    assert sum(isinstance(one, Appeal) for one in outcome) == 1
    assert {one.code for one in outcome if isinstance(one, Refused)} == {"APPEAL_DECIDED"}
    assert await Event.filter(name="appeal.decided").count() == 1
