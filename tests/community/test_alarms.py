import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import comments, memberships, posts, risk_care, risk_cases
from community.groups import Group, GroupKind
from community.posts import Draft, Post
from community.risk_cases import Cause, RiskCase
from community.risk_steps import RiskStep, StepKind
from community.risk_words import Level
from community.seals import Seal
from core import clock, events
from core.audit import AuditEntry
from core.events import Event
from core.people import Person
from tests import counselling
from tests.counselling import DESPAIR, RED, a_case, a_counsellor, a_red_case, on_call
from tests.makers import a_comment, a_crowd, a_group, a_key, a_member, a_post, node, send


async def a_shelter(**given) -> Group:
    group = await a_group(kind=GroupKind.SUPPORT, **given)
    await a_crowd(group)
    return group


async def wrote(by: Person, group: Group, text: str, **draft):
    draft = {"text": text} | draft
    return await send("CreatePost", by=by, group=node("group", group), draft=draft, key=a_key())


async def test_the_answer_itself_says_whom_to_call_and_a_case_is_open():
    await counselling.rules()
    ann = await a_member(group := await a_group())

    answer = await wrote(ann, group, DESPAIR)

    assert answer["helpCard"]["lines"][0]["number"] == "12356"
    assert answer["helpCard"]["heldBack"] is None
    case = await RiskCase.get()
    assert (case.level, case.cause, case.author_id) == (Level.AMBER, Cause.RULE, ann.id)
    assert (case.words, case.is_holding) == (DESPAIR, False)
    assert case.acknowledge_by - case.opened_at == timedelta(hours=2)
    entry = await AuditEntry.get(name="risk_case.opened")
    assert (entry.by_id, entry.facts["case"]) == (None, str(case.id))


async def test_what_signals_nothing_gets_no_card_and_opens_no_case():
    await counselling.rules()
    ann = await a_member(group := await a_group())
    assert (await wrote(ann, group, "笑死我了"))["helpCard"] is None
    assert not await RiskCase.exists()


async def test_a_retry_gets_the_card_again_and_opens_no_second_case():
    await counselling.rules()
    ann = await a_member(group := await a_group())
    sent = {"group": node("group", group), "draft": {"text": DESPAIR}, "key": a_key()}
    first, again = [await send("CreatePost", by=ann, **sent) for _ in range(2)]
    assert first == again
    assert first["helpCard"] is not None
    assert await RiskCase.all().count() == await RiskStep.all().count() == 1


async def test_comments_and_edits_are_heard_too():
    await counselling.rules()
    ann = await a_member(group := await a_group())
    post = await a_post(group, by=ann, text="Long day")

    sent = {"post": node("post", post), "text": DESPAIR, "key": a_key()}
    added = await send("AddComment", by=ann, **sent)
    edited = await send("EditPost", by=ann, post=node("post", post), text=DESPAIR)
    comment = added["comment"]["id"]
    later = await send("EditComment", by=ann, comment=comment, text=f"{DESPAIR} again")

    assert all(one["helpCard"]["message"] for one in (added, edited, later))
    cases = await RiskCase.all().order_by("opened_at")
    assert [case.comment_id is not None for case in cases] == [True, False]
    kinds = await RiskStep.filter(case=cases[0]).order_by("at").values_list("kind", flat=True)
    assert kinds == [StepKind.OPENED, StepKind.HEARD_AGAIN]


async def test_a_case_of_an_anonymous_author_carries_the_handle_and_no_more():
    group = await a_shelter()
    ann = await a_member(group)

    case = await a_case(group=group, by=ann, anonymous=True)

    post = await Post.get(id=case.post_id)
    assert (case.author_id, case.handle, case.alias) == (None, post.handle, post.alias)
    event = await Event.get(name="risk_case.opened")
    assert event.payload == {"case": str(case.id), "level": "AMBER", "urgent": False}
    assert (event.actor_id, event.handle) == (None, None)
    for table in (case, event, *await RiskStep.all(), *await AuditEntry.filter(by_id=None)):
        assert str(ann.id) not in str(dict(table)), table


async def test_in_a_support_group_a_case_is_no_more_exact_about_time_than_the_words():
    group = await a_shelter()
    with clock.set_to(datetime(2026, 11, 23, 4, 3, 21, tzinfo=UTC)):
        case = await a_case(group=group)
    step = await RiskStep.get(case=case)
    assert case.opened_at == step.at == datetime(2026, 11, 23, 4, tzinfo=UTC)
    assert case.acknowledge_by == datetime(2026, 11, 23, 6, tzinfo=UTC)


async def test_only_a_red_hit_in_a_support_group_is_held_back():
    for kind, text, hidden in (
        (GroupKind.SUPPORT, RED, True),
        (GroupKind.SUPPORT, DESPAIR, False),
        (GroupKind.KNOWLEDGE, RED, False),
    ):
        case = await a_case(group=await a_group(kind=kind), text=text)
        post = await Post.get(id=case.post_id)
        assert ((post.hidden_at is not None), case.is_holding) == (hidden, hidden), kind


async def test_what_is_held_back_its_author_sees_and_others_once_it_is_released():
    group = await a_shelter()
    ann, ben = await a_member(group), await a_member(group)
    case = await a_red_case(group=group, by=ann, anonymous=True)
    shen = await a_counsellor()

    async def seen(reader) -> bool:
        [post] = await posts.seen([case.post_id], viewer=reader)
        return post is not None

    with clock.set_to(clock.now() + timedelta(minutes=6)):
        assert (await seen(ann), await seen(ben)) == (True, False)
        await send("AcknowledgeCase", by=shen, case=node("riskcase", case))
        data = await send("ReleaseCase", by=shen, case=node("riskcase", case))
        assert data["riskCase"]["isHolding"] is False
        assert (await seen(ann), await seen(ben)) == (True, True)
    assert await Event.filter(name="post.restored").count() == 1


async def test_its_author_is_told_that_it_waits():
    await counselling.rules()
    ann = await a_member(group := await a_shelter())
    answer = await wrote(ann, group, RED, anonymous=True)
    told = "What you wrote is kept. Others see it once a counsellor has read it."
    assert answer["helpCard"]["heldBack"] == told
    assert answer["post"]["viewerIsAuthor"] is True


async def test_a_comment_that_turns_red_is_hidden_and_counted_again_when_it_is_released():
    await counselling.rules()
    group = await a_shelter()
    ann, shen = await a_member(group), await a_counsellor()
    now = clock.now()
    with clock.set_to(now - timedelta(minutes=20)):
        post = await a_post(group)
    with clock.set_to(now - timedelta(minutes=10)):
        comment = await a_comment(post, by=ann, text="Hm")
    while await events.deliver(SUBSCRIBERS):
        pass

    async def count() -> int:
        return (await Post.get(id=comment.post_id)).comment_count

    assert await count() == 1
    await comments.edit(comment.id, RED, by=ann)
    assert await count() == 0
    assert await Event.filter(name="comment.hidden").count() == 1

    case = await RiskCase.get(open_for=comment.id)
    await risk_care.acknowledge(case.id, by=shen)
    await risk_care.release(case.id, by=shen)
    assert await count() == 1


async def test_an_edit_that_gets_worse_raises_the_case_and_shortens_its_deadline():
    ann = await a_member(group := await a_group())
    case = await a_case(group=group, by=ann)
    await posts.edit(case.post_id, RED, by=ann)
    await posts.edit(case.post_id, DESPAIR, by=ann)

    now = await RiskCase.get()
    assert (now.level, now.words) == (Level.RED, DESPAIR)
    assert now.acknowledge_by < case.acknowledge_by - timedelta(minutes=100)
    assert now.escalates_at == now.acknowledge_by
    raised = await Event.get(name="risk_case.raised")
    assert raised.payload["urgent"] is True


async def test_words_that_are_refused_are_heard_and_answered_all_the_same():
    await counselling.rules()
    group = await a_group(kind=GroupKind.SUPPORT)
    ann = await a_member(group)

    for _ in range(2):
        answer = await wrote(ann, group, RED, anonymous=True)

    assert (answer["code"], answer["kind"]) == ("TOO_FEW_TO_HIDE", "FORBIDDEN")
    assert answer["message"].startswith("Too few people read here")
    assert answer["helpCard"]["lines"][0]["number"] == "12356"
    assert not await Post.exists()
    case = await RiskCase.get()
    assert (case.level, case.post_id, case.author_id, case.words) == (Level.RED, None, None, RED)
    assert await Seal.filter(handle=case.handle).exists()
    shown = await send("StepCase", by=await a_counsellor(), id=node("riskcase", case))
    assert (shown["post"], shown["author"]["name"].lower()) == (None, case.alias)


async def test_refused_words_under_a_name_open_a_case_about_the_person():
    await counselling.rules()
    ann = await a_member(await a_group())
    answer = await wrote(ann, await a_group(), DESPAIR)
    assert (answer["code"], answer["helpCard"] is None) == ("NOT_MEMBER", False)
    assert (await RiskCase.get()).author_id == ann.id


async def test_a_refusal_of_harmless_words_stays_as_it_is():
    await counselling.rules()
    answer = await wrote(await a_member(await a_group()), await a_group(), "Hello")
    assert answer.keys() == {"code", "kind", "message"}
    assert not await RiskCase.exists()


async def test_nobody_loses_anything_for_asking_for_help():
    ann = await a_member(group := await a_group())
    await a_case(group=group, by=ann, text=RED)
    assert (await a_post(group, by=ann, text="And now a nap")).hidden_at is None
    assert (await Person.get(id=ann.id)).left_on is None


async def test_who_is_on_call_is_called_and_otherwise_everybody():
    shen, du = await a_counsellor(), await a_counsellor()
    case = await a_case(text=RED)
    assert case.called_id is None
    assert {one.id for one in await risk_cases.called(case)} >= {shen.id, du.id}

    await on_call(du)
    case = await a_case()
    assert [one.id for one in await risk_cases.called(case)] == [du.id]
    urgent = await Event.filter(name="risk_case.opened").order_by("due_at")
    assert [event.payload["urgent"] for event in urgent] == [True, True]


async def test_whom_a_case_is_about_or_who_leads_them_is_not_called():
    du = await a_counsellor()
    shen = await a_counsellor(manager_id=du.id)
    group = await a_group()
    for one in (shen, du):
        await on_call(one)
    await memberships.join(group.id, by=shen)
    case = await a_case(group=group, by=shen)
    assert case.called_id is None
    assert not {shen.id, du.id} & {one.id for one in await risk_cases.called(case)}


@pytest.mark.committed
async def test_two_hits_at_once_open_one_case():
    await counselling.rules()
    ann = await a_member(group := await a_group())
    post = await a_post(group, by=ann, text="Hm")
    row, texts = await Post.get(id=post.id), [DESPAIR, RED] * 4

    await asyncio.gather(
        *(posts.edit(row.id, f"{text} {n}", by=ann) for n, text in enumerate(texts))
    )

    case = await RiskCase.get()
    assert case.level is Level.RED
    assert await RiskStep.filter(kind=StepKind.OPENED).count() == 1
    assert await RiskStep.all().count() == len(texts)


@pytest.mark.committed
async def test_a_case_is_there_as_soon_as_its_post_is():
    await counselling.rules()
    ann = await a_member(group := await a_shelter())
    post = await posts.create(group.id, Draft(RED, anonymous=True), by=ann, key=a_key())
    assert (await Post.get(id=post.id)).hidden_at is not None
    assert (await RiskCase.get(open_for=post.id)).is_holding
