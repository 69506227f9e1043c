import asyncio

import pytest

from community import thanks
from community.groups import GroupKind
from community.thanks import Thanks
from core.events import Event
from core.people import Person
from tests.makers import a_comment, a_group, a_member, a_post, node, send


async def a_question(group, by):
    return await a_post(group, by=by, is_question=True)


async def test_the_askers_thanks_accept_the_answer_once():
    group = await a_group()
    asker, helper = await a_member(group), await a_member(group)
    answer = await a_comment(await a_question(group, asker), by=helper)

    for _ in range(2):
        data = await send("ThankComment", by=asker, comment=node("comment", answer))

    assert data["comment"]["isAccepted"] is True
    assert data["comment"]["viewerHasThanked"] is True
    assert data["comment"]["meTooCount"] == 0
    assert data["comment"]["post"]["isAnswered"] is True
    event = await Event.get(name="answer.accepted")
    assert event.actor_id == asker.id
    assert event.payload["answerer"] == str(helper.id)
    assert event.payload["asker"] == str(asker.id)
    assert event.payload["group_kind"] == "KNOWLEDGE"


async def test_anybody_elses_thanks_say_me_too():
    group = await a_group()
    answer = await a_comment(await a_question(group, await a_member(group)))

    for _ in range(3):
        data = await send("ThankComment", by=await a_member(group), comment=node("comment", answer))

    assert (data["comment"]["meTooCount"], data["comment"]["isAccepted"]) == (3, False)
    assert await Event.filter(name="answer.adopted").count() == 3
    assert not await Event.filter(name="answer.accepted").exists()


async def test_what_was_no_question_is_not_answered_by_its_authors_thanks():
    group = await a_group()
    ann = await a_member(group)
    comment = await a_comment(await a_post(group, by=ann))

    data = await send("ThankComment", by=ann, comment=node("comment", comment))

    assert (data["comment"]["isAccepted"], data["comment"]["meTooCount"]) == (False, 1)


async def test_thanks_taken_back_undo_the_acceptance():
    group = await a_group()
    asker = await a_member(group)
    answer = await a_comment(await a_question(group, asker))
    await send("ThankComment", by=asker, comment=node("comment", answer))

    for _ in range(2):
        data = await send("TakeBackThanks", by=asker, comment=node("comment", answer))

    assert data["comment"]["isAccepted"] is False
    assert data["comment"]["post"]["isAnswered"] is False
    assert await Event.filter(name="answer.unaccepted").count() == 1


async def test_a_question_is_open_again_when_its_answer_is_deleted():
    group = await a_group()
    asker = await a_member(group)
    question = await a_question(group, asker)
    answer = await a_comment(question)
    await send("ThankComment", by=asker, comment=node("comment", answer))

    author = await Person.get(id=answer.author_id)
    await send("DeleteComment", by=author, comment=node("comment", answer))

    await question.refresh_from_db()
    assert question.is_answered is False


async def test_nobody_thanks_themselves():
    group = await a_group()
    ann = await a_member(group)
    answer = await a_comment(await a_question(group, ann), by=ann)

    data = await send("ThankComment", by=ann, comment=node("comment", answer))

    assert data["code"] == "OWN_WORDS"
    assert not await Thanks.exists()


@pytest.mark.committed
async def test_thanking_many_times_at_once_is_one_thanks():
    group = await a_group()
    asker = await a_member(group)
    answer = await a_comment(await a_question(group, asker))

    await asyncio.gather(*(thanks.thank(answer.id, by=asker) for _ in range(20)))

    assert await Thanks.all().count() == 1
    assert await Event.filter(name="answer.accepted").count() == 1


@pytest.mark.committed
async def test_thanks_and_taking_them_back_at_once_leave_counts_that_fit():
    group = await a_group()
    answer = await a_comment(await a_question(group, await a_member(group)))
    people = [await a_member(group) for _ in range(5)]

    await asyncio.gather(
        *(
            action(answer.id, by=person)
            for person in people
            for action in (thanks.thank, thanks.take_back, thanks.thank)
        )
    )

    await answer.refresh_from_db()
    assert answer.me_too_count == await Thanks.all().count()


async def test_in_a_support_group_thanks_tell_nobodys_name():
    group = await a_group(kind=GroupKind.SUPPORT)
    asker, helper = await a_member(group), await a_member(group)
    question = await a_question(group, asker)
    answer = await a_comment(question, by=asker)
    answer.author_id = helper.id
    for row in (question, answer):
        row.published_at = group.created_at
        await row.save()

    await send("ThankComment", by=asker, comment=node("comment", answer))

    event = await Event.get(name="answer.accepted")
    assert (event.actor_id, event.handle) == (None, None)
    assert (event.payload["asker"], event.payload["answerer"]) == (None, None)
