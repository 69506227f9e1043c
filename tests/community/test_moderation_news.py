from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import appeals, suspensions, verdicts
from community.groups import GroupKind
from community.moderation_cases import ReportReason, Verdict
from community.subjects import SubjectKind
from community.suspensions import Suspended
from community.verdicts import Decision
from core import clock, events
from core.messaging import sealed_news
from core.people import Grants
from tests.makers import (
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_report,
    graphql,
    node,
)

REMOVED = Decision(Verdict.REMOVED, ReportReason.SPAM)
TOLD = "{ viewer { notices { edges { node { kind subjectId text } } } } }"
HIDDEN = ("HIDDEN", "What you wrote is hidden until a moderator has read it.")
RULING = ("RULING", "A moderator has decided about what you wrote.")


async def told(person):
    while await events.deliver(SUBSCRIBERS):
        pass
    edges = (await graphql(TOLD, by=person))["viewer"]["notices"]["edges"]
    notices = [edge["node"] for edge in edges]
    return sorted((one["kind"], one["text"], one["subjectId"]) for one in notices)


async def a_moderator():
    return await a_person(grants=Grants.MODERATOR)


async def reported(post, times):
    for _ in range(times):
        case = (await a_report(post)).case_id
    return case


async def test_an_author_is_told_of_hiding_verdict_and_appeal():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    here = node("post", post)

    case = await reported(post, 3)
    assert await told(ann) == [(*HIDDEN, here)]
    await verdicts.decide(case, REMOVED, by=await a_moderator())
    assert await told(ann) == [(*HIDDEN, here), (*RULING, here)]
    appeal = await appeals.appeal(SubjectKind.POST, post.id, "No", by=ann, key=a_key())
    await appeals.decide(appeal.id, "", grant=True, by=await a_moderator())
    assert await told(ann) == [
        ("APPEAL", "Your appeal was decided.", here),
        (*HIDDEN, here),
        (*RULING, here),
    ]


@pytest.mark.parametrize(("reports", "expected"), [(1, []), (3, ["HIDDEN", "RULING"])])
async def test_reports_in_which_there_was_nothing_are_told_only_if_they_hid_it(reports, expected):
    group = await a_group()
    ann = await a_member(group)
    case = await reported(await a_post(group, by=ann), reports)
    await verdicts.decide(case, Decision(Verdict.DISMISSED), by=await a_moderator())
    assert [kind for kind, *_ in await told(ann)] == expected


async def test_an_anonymous_author_is_told_among_others_some_time_later():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, *_ = await a_crowd(group)
    post = await a_post(group, by=ann, anonymous=True)
    with clock.set_to(post.published_at):
        await verdicts.decide(await reported(post, 1), REMOVED, by=await a_moderator())
        assert await told(ann) == []
    with clock.set_to(post.published_at + timedelta(minutes=31)):
        await sealed_news.tell_due()
        assert await told(ann) == [(*RULING, node("post", post))]


async def test_who_is_suspended_is_told_where_and_may_write_again_when_their_appeal_is_granted():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    moderator, until = await a_moderator(), clock.business_date() + timedelta(days=7)
    await verdicts.decide(await reported(post, 1), REMOVED, by=moderator)
    await suspensions.suspend(post, group, until=until, reason="SPAM", by=moderator)

    said = "You cannot write in one of your groups for a while."
    assert ("SUSPENDED", said, node("group", group)) in await told(ann)
    with pytest.raises(Suspended):
        await a_post(group, by=ann)

    appeal = await appeals.appeal(SubjectKind.POST, post.id, "No", by=ann, key=a_key())
    await appeals.decide(appeal.id, "", grant=True, by=await a_moderator())
    assert (await a_post(group, by=ann)).author_id == ann.id
