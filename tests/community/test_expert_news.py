"""What experts hear."""

from datetime import timedelta

from community import open_questions
from community.experts import ExpertState
from community.moderation_cases import ReportReason, Verdict
from community.verdicts import Decision
from core import clock, events
from core.messaging.notices import Notice
from tests.community.test_announcements import delivered
from tests.core.messaging.test_notices import told
from tests.expertise import in_state
from tests.makers import a_group, a_member, a_person, a_post

REMOVED = Decision(Verdict.REMOVED, ReportReason.INSULT)


async def test_experts_are_told_of_a_question_that_waits():
    group = await a_group()
    post = await a_post(group, is_question=True, tags=["refund"])
    expert = (await in_state(ExpertState.EXPERT, "refund", person=await a_member(group))).person
    with clock.set_to(clock.now() + timedelta(hours=5)):
        await open_questions.call_experts()
        await delivered()
    assert await told(expert) == ["A question is waiting for you."]
    [notice] = await Notice.all()
    assert notice.subject_id == f"post_{post.id.hex}"


async def test_an_expert_is_told_of_their_own_standing():
    await a_post(tags=["refund"])
    expert = await in_state(ExpertState.EXPERT, "refund", person=await a_person())
    about = {"expert": expert.id, "person": expert.person_id, "tag": expert.tag_id}
    await events.record("expert.lapsed", **about)
    await delivered()
    assert await told(expert.person) == ["Your standing as an expert has changed."]
