import asyncio

import pytest

from community import authors, posts
from community.groups import GroupKind
from community.moderation_cases import ModerationCase, ReportReason
from community.reports import Report
from core import audit, clock
from core.audit import AuditEntry
from core.events import Event
from core.idempotency import IdempotencyKey
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
    ask,
    node,
    send,
)


async def reported(row, *, by, reason="INSULT", tag="post", **given):
    asked = {"subject": node(tag, row), "reason": reason, "key": a_key()} | given
    return await send("Report", by=by, **asked)


async def test_a_report_opens_a_case_once():
    group = await a_group()
    post, ben = await a_post(group), await a_member(group)

    for _ in range(2):
        data = await reported(post, by=ben, words=" He calls me names ")

    assert data["report"]["reason"] == "INSULT"
    assert data["report"]["words"] == "He calls me names"
    case = await ModerationCase.get()
    assert (case.weight, case.subject_id, case.verdict) == (1000, post.id, None)
    assert await Report.all().count() == 1


async def test_the_same_key_is_the_same_report():
    group = await a_group()
    post, ben = await a_post(group), await a_member(group)
    first, again = [await reported(post, by=ben, key="one") for _ in range(2)]
    assert first == again
    other = await reported(post, by=ben, key="one", reason="SPAM")
    assert other["code"] == "KEY_REUSED"


async def test_three_who_were_never_wrong_hide_a_post_from_all_but_its_author():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)

    for _ in range(2):
        await a_report(post)
    assert (await posts.visible(post.id, to=await a_member(group))).hidden_at is None
    await a_report(post)

    with pytest.raises(posts.PostNotFound):
        await posts.visible(post.id, to=await a_member(group))
    assert (await posts.visible(post.id, to=ann)).is_hidden
    assert (await ModerationCase.get()).hides
    assert await Event.filter(name="post.hidden").count() == 1
    audited = AuditEntry.filter(name__startswith="moderation.").order_by("number")
    told = await audited.values_list("name", flat=True)
    assert told == [*["moderation.reported"] * 3, "moderation.hidden"]


async def test_a_hidden_comment_counts_no_more():
    group = await a_group()
    post = await a_post(group, is_question=True)
    comment = await a_comment(post)
    for _ in range(3):
        await a_report(comment)
    await post.refresh_from_db()
    assert post.comment_count == 0
    assert (await Event.get(name="comment.hidden")).payload["comment"] == str(comment.id)


async def test_nobody_reports_their_own_words():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, *_ = await a_crowd(group)
    for anonymous in (False, True):
        post = await a_post(group, by=ann, anonymous=anonymous)
        assert (await reported(post, by=ann))["code"] == "OWN_WORDS"
    assert not await Report.exists()
    assert not await ModerationCase.exists()


async def test_what_one_may_not_see_is_not_found():
    post, outsider = await a_post(), await a_person()
    assert (await reported(post, by=outsider))["code"] == "POST_NOT_FOUND"
    assert (await reported(post, by=outsider, tag="group"))["code"] == "SUBJECT_NOT_FOUND"
    assert not await ModerationCase.exists()


async def test_worry_reaches_the_counsellors_and_hides_nothing():
    group = await a_group(kind=GroupKind.SUPPORT)
    post = await a_post(group)
    with clock.set_to(post.published_at):
        for _ in range(4):
            report = await a_report(post, reason=ReportReason.DANGER)

    await post.refresh_from_db()
    assert post.hidden_at is None
    moderator = await a_person(grants=Grants.MODERATOR)
    assert (await send("ModerationQueue", by=moderator))["edges"] == []
    assert await Event.filter(name="report.danger").count() == 4
    event = await Event.filter(name="report.danger").order_by("-due_at").first()
    assert event.payload == {
        "report": event.payload["report"],
        "case": str(report.case_id),
        "subject": str(post.id),
        "post": str(post.id),
        "group": str(group.id),
        "group_kind": "SUPPORT",
        "reason": "DANGER",
    }
    assert (event.actor_id, event.handle) == (None, None)


async def test_no_table_leads_from_a_report_to_its_reporter():
    group = await a_group(kind=GroupKind.SUPPORT)
    post, ben = await a_post(group), await a_member(group)
    with clock.set_to(post.published_at):
        await a_report(post, by=ben)
    tables = (Report, ModerationCase, AuditEntry, Event, IdempotencyKey)
    rows = [await table.all().values() for table in tables]
    assert all(rows)
    assert str(ben.id) not in str(rows)
    assert authors.handle(ben.id, post.thread) not in str(rows)


async def test_reasons_are_told_in_the_readers_language():
    ann = await a_person()
    document = "{ reportChoices { reason label } }"
    english = (await ask(document, by=ann))["data"]["reportChoices"]
    chinese = (await ask(document, by=ann, language="zh-TW"))["data"]["reportChoices"]
    assert [choice["reason"] for choice in english] == [*ReportReason]
    assert english[0] == {"reason": "INSULT", "label": "It insults or threatens"}
    assert chinese[0] == {"reason": "INSULT", "label": "辱罵或威脅他人"}


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_three_reports_at_once_hide_once():
    group = await a_group()
    post = await a_post(group)
    people = [await a_member(group) for _ in range(3)]

    await asyncio.gather(*(a_report(post, by=one) for one in people for _ in range(2)))

    case = await ModerationCase.get()
    assert (case.weight, case.hides) == (3000, True)
    assert await Event.filter(name="post.hidden").count() == 1
    assert await Report.all().count() == 3
    assert await audit.chain_is_whole() == []
