"""What experts hear."""

from datetime import timedelta

from community import blocks, open_questions
from community.experts import ExpertState
from community.moderation_cases import ReportReason, Verdict
from community.tags import Tag
from community.verdicts import Decision
from core import clock, events
from core.messaging.notices import Notice
from core.people import Grants, Person
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


async def test_who_is_vouched_for_hears_by_whom_and_moderators_that_a_proposal_waits():
    await a_post(tags=["refund"])
    ann, ben = await a_person(), await a_person(name="Ben")
    moderator = await a_person(grants=Grants.MODERATOR | Grants.HR)
    await Person.filter(id=ann.id).update(grants=Grants.MODERATOR)
    tag = await Tag.get(name="refund")
    for _ in range(2):
        await events.record("colleague.endorsed", actor=ben.id, person=ann.id, tag=tag.id)
    expert = await in_state(ExpertState.PROPOSED, "refund", person=ann)
    await events.record("expert.proposed", expert=expert.id, person=ann.id, tag=tag.id)
    await delivered()
    assert await told(ann) == ["Ben vouched for what you know."]
    assert await told(moderator) == ["Somebody is proposed as an expert."]
    assert (await Notice.get(person_id=moderator.id)).subject_id == f"expert_{expert.id.hex}"


async def test_nobody_hears_of_who_vouches_for_them_if_they_have_blocked_them():
    await a_post(tags=["refund"])
    ann, ben = await a_person(), await a_person()
    await blocks.block(ben.id, by=ann)
    tag = await Tag.get(name="refund")
    await events.record("colleague.endorsed", actor=ben.id, person=ann.id, tag=tag.id)
    await delivered()
    assert await told(ann) == []
