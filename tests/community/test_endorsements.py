import pytest

from community import endorsements, posts, synonyms, thanks
from community.endorsements import Endorsement
from community.groups import GroupKind
from community.tags import Tag
from core.events import Event
from core.people import Grants
from tests.expertise import helped
from tests.makers import a_group, a_member, a_person, a_post, node, send


async def the_tag(name="refund"):
    return await Tag.get(name=name)


async def endorse(by, person, tag):
    return await send("Endorse", by=by, person=node("person", person), tag=node("tag", tag))


async def test_whoever_was_helped_endorses_the_helper_once():
    group = await a_group()
    helper = await a_member(group)
    asker, _ = await helped(group, helper)

    before = await send("Profile", by=asker, person=node("person", helper))
    for _ in range(2):
        data = await endorse(asker, helper, await the_tag())

    assert [tag["name"] for tag in before["viewerMayEndorseIn"]] == ["refund"]
    assert data["person"]["viewerMayEndorseIn"] == []
    assert await Endorsement.all().count() == 1
    event = await Event.get(name="colleague.endorsed")
    assert (event.actor_id, event.payload["person"]) == (asker.id, str(helper.id))


async def test_me_too_is_help_as_well():
    group = await a_group()
    helper, colleague = await a_member(group), await a_member(group)
    _, answer = await helped(group, helper)
    await thanks.thank(answer.id, by=colleague)

    assert "code" not in await endorse(colleague, helper, await the_tag())


async def test_a_synonym_is_the_same_field():
    group = await a_group()
    helper = await a_member(group)
    asker, _ = await helped(group, helper)
    refund = await the_tag()
    await synonyms.add(refund.id, "money back", by=await a_member(group, grants=Grants.MODERATOR))
    also, _ = await helped(group, helper, tag="money back")

    for person in (asker, also):
        assert "code" not in await endorse(person, helper, refund)
        assert "code" not in await endorse(person, helper, await the_tag("money back"))

    assert await endorsements.endorsers(helper.id, refund.id) == {asker.id, also.id}
    assert await Endorsement.all().count() == 2


async def test_who_was_not_helped_there_has_nothing_to_say():
    group = await a_group()
    helper = await a_member(group)
    asker, _ = await helped(group, helper)
    await a_post(group, tags=["headset"])

    stranger = await endorse(await a_member(group), helper, await the_tag())
    elsewhere = await endorse(asker, helper, await the_tag("headset"))

    assert (stranger["code"], elsewhere["code"]) == ("NOT_HELPED", "NOT_HELPED")
    assert not await Endorsement.exists()
    assert not await Event.filter(name="colleague.endorsed").exists()


async def test_help_that_was_taken_back_or_deleted_is_none():
    group = await a_group()
    helper = await a_member(group)
    one, answer = await helped(group, helper)
    await thanks.take_back(answer.id, by=one)
    other, answer = await helped(group, helper)
    await posts.delete(answer.post_id, by=other)

    for asker in (one, other):
        data = await endorse(asker, helper, await the_tag())
        assert data["code"] in {"NOT_HELPED", "TAG_NOT_FOUND"}


@pytest.mark.parametrize("other", [GroupKind.SUPPORT, GroupKind.SOCIAL, GroupKind.IDEAS])
async def test_help_counts_in_knowledge_groups_alone(other):
    group = await a_group()
    helper = await a_member(group)
    asker, _ = await helped(group, helper)
    await a_post(tags=["refund"])
    await group.filter(id=group.id).update(kind=other)

    assert (await endorse(asker, helper, await the_tag()))["code"] == "NOT_HELPED"
    assert not await Endorsement.exists()


async def test_nobody_endorses_themselves():
    group = await a_group()
    helper = await a_member(group)
    await helped(group, helper)

    data = await endorse(helper, helper, await the_tag())

    assert data["code"] == "ENDORSING_ONESELF"
    assert not await Endorsement.exists()
    own = await send("Profile", by=helper, person=node("person", helper))
    assert own["viewerMayEndorseIn"] == []


async def test_an_endorsement_can_be_taken_back():
    group = await a_group()
    helper = await a_member(group)
    asker, _ = await helped(group, helper)
    refund = await the_tag()
    await endorsements.endorse(helper.id, refund.id, by=asker)

    asked = {"person": node("person", helper), "tag": node("tag", refund)}
    for _ in range(2):
        data = await send("TakeBackEndorsement", by=asker, **asked)

    assert [tag["name"] for tag in data["person"]["viewerMayEndorseIn"]] == ["refund"]
    assert not await Endorsement.exists()


async def test_who_is_not_here_cannot_be_endorsed():
    group = await a_group()
    asker, _ = await helped(group, await a_member(group))
    gone = await a_person()
    await gone.delete()
    assert (await endorse(asker, gone, await the_tag()))["code"] == "PERSON_NOT_FOUND"
