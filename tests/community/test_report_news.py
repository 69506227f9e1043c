"""What reporters hear."""

from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import verdicts
from community.groups import GroupKind
from community.moderation_cases import ReportReason, Verdict
from community.reports import Report
from community.verdicts import Decision
from core import clock, events
from core.messaging import sealed_news
from core.messaging.notices import Notice
from core.messaging.sealed_news import SealedNews
from core.people import Grants
from tests.community.test_announcements import delivered
from tests.community.test_authors import rows_with
from tests.core.messaging.test_notices import told
from tests.makers import a_crowd, a_group, a_member, a_person, a_post, a_report, node

DECISIONS = {
    "Thank you for speaking up: a moderator has acted on your report.": Decision(
        Verdict.REMOVED, ReportReason.SPAM
    ),
    "A moderator has read what you reported and let it stand. Thank you for looking out.": Decision(
        Verdict.DISMISSED
    ),
}


async def decided(post, decision: Decision, *reporters, reason=ReportReason.INSULT) -> None:
    for reporter in reporters:
        case = (await a_report(post, by=reporter, reason=reason)).case_id
    await verdicts.decide(case, decision, by=await a_person(grants=Grants.MODERATOR))


@pytest.mark.parametrize("text", DECISIONS, ids=["upheld", "dismissed"])
@pytest.mark.parametrize("group_kind", [GroupKind.SOCIAL, GroupKind.SUPPORT])
async def test_each_reporter_is_told_the_outcome_once_without_a_name(group_kind, text):
    group = await a_group(kind=group_kind)
    ann, ben, cai, *_ = await a_crowd(group)
    with clock.set_to(clock.now() - timedelta(minutes=6)):
        post = await a_post(group, by=ann)
    await decided(post, DECISIONS[text], ben, cai)
    for _ in range(2):
        await delivered()
        await events.Event.all().update(delivered_at=None, leased_until=None)
    with clock.set_to(clock.now() + timedelta(hours=2)):
        await sealed_news.tell_due()
    for reporter in (ben, cai):
        assert await told(reporter) == [text]
    assert (await Notice.filter(person_id=ben.id).get()).subject_id == node("post", post)


async def test_who_worries_hears_nothing_of_it_nor_who_has_left():
    group = await a_group()
    post = await a_post(group)
    ann, ben = await a_member(group), await a_member(group)
    await a_report(post, by=ben, reason=ReportReason.DANGER)
    await decided(post, Decision(Verdict.DISMISSED), ann)
    await ann.filter(id=ann.id).update(left_on=clock.business_date())
    await delivered()
    assert not await Notice.filter(person_id__in=[ann.id, ben.id]).exists()


async def test_no_report_leads_to_anybody_before_or_after():
    group = await a_group()
    ann = await a_member(group)
    before = await rows_with(str(ann.id))
    post = await a_post(group)
    await a_report(post, by=ann)
    assert await rows_with(str(ann.id)) == before
    assert ann.id.bytes not in (await Report.get()).sealed
    await decided(post, Decision(Verdict.DISMISSED), await a_member(group))
    while await events.deliver(SUBSCRIBERS):
        pass
    assert set(await Report.all().values_list("sealed", flat=True)) == {None}
    assert await SealedNews.all().count() == 2
    assert await rows_with(str(ann.id)) == before
