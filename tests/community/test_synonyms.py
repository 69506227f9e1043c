import asyncio

import pytest

from community import synonyms
from community.groups import GroupKind, JoinPolicy
from community.tags import Tag
from core.events import Event
from core.people import Grants
from tests.makers import a_group, a_member, a_post, node, send


async def a_moderator(group):
    return await a_member(group, grants=Grants.MODERATOR)


async def a_tag(name, group=None):
    await a_post(group, tags=[name])
    return await Tag.get(name=name)


async def test_what_bears_a_synonym_is_found_under_the_tag():
    group = await a_group()
    iphone = await a_tag("iPhone", group)
    older = await a_post(group, tags=["苹果手机"])

    data = await send(
        "AddSynonym", by=await a_moderator(group), tag=node("tag", iphone), called="苹果手机"
    )

    assert data["tag"]["synonyms"] == ["苹果手机"]
    newer = await a_post(group, tags=["#苹果手机 "])
    feed = await send("TagFeed", by=await a_member(group), tag=node("tag", iphone))
    told = [edge["node"] for edge in feed["edges"]]
    assert [post["id"] for post in told[:2]] == [node("post", newer), node("post", older)]
    assert {tag["name"] for post in told for tag in post["tags"]} == {"iPhone"}


@pytest.mark.parametrize("name", ["苹果手机", "蘋果手機", "IPHONE", " #iphone", "ｉＰｈｏｎｅ"])
async def test_a_tag_is_found_by_any_of_its_names(name):
    group = await a_group()
    iphone = await a_tag("iPhone", group)
    await synonyms.add(iphone.id, "苹果手机", by=await a_moderator(group))

    assert (await send("Tag", by=await a_member(group), called=name))["name"] == "iPhone"


async def test_a_post_with_both_names_shows_the_tag_once():
    group = await a_group()
    post = await a_post(group, tags=["iPhone", "苹果手机", "update"])
    iphone = await Tag.get(name="iPhone")
    await synonyms.add(iphone.id, "苹果手机", by=await a_moderator(group))

    told = await send("Post", by=await a_member(group), id=node("post", post))

    assert [tag["name"] for tag in told["tags"]] == ["iPhone", "update"]


async def test_what_was_merged_into_a_synonym_comes_along():
    group = await a_group()
    moderator, phone = await a_moderator(group), await a_tag("phone", group)
    iphone = await a_tag("iPhone", group)
    await synonyms.add(iphone.id, "苹果手机", by=moderator)

    data = await send("AddSynonym", by=moderator, tag=node("tag", phone), called="iPhone")

    assert data["tag"]["synonyms"] == ["iPhone", "苹果手机"]
    assert set(await Tag.all().values_list("canonical_id", flat=True)) == {phone.id}


async def test_a_synonym_is_a_tag_of_its_own_again():
    group = await a_group()
    moderator, iphone = await a_moderator(group), await a_tag("iPhone", group)
    await synonyms.add(iphone.id, "tablet", by=moderator)

    data = await send("RemoveSynonym", by=moderator, tag=node("tag", iphone), called="tablet")

    assert data["tag"]["synonyms"] == []
    tablet = await Tag.get(name="tablet")
    assert tablet.canonical_id == tablet.id


async def test_a_tag_is_no_synonym_of_itself_or_of_what_stands_for_it():
    group = await a_group()
    moderator, iphone = await a_moderator(group), await a_tag("iPhone", group)
    await synonyms.add(iphone.id, "苹果手机", by=moderator)
    synonym = await Tag.get(name="苹果手机")
    before = await Event.all().count()

    again = await send("AddSynonym", by=moderator, tag=node("tag", iphone), called="苹果手机")
    around = await send("AddSynonym", by=moderator, tag=node("tag", synonym), called="iPhone")

    assert (again["code"], around["code"]) == ("SYNONYM_OF_ITSELF",) * 2
    assert await Event.all().count() == before
    other = await send("RemoveSynonym", by=moderator, tag=node("tag", iphone), called="iPhone")
    assert other["code"] == "NOT_A_SYNONYM"


async def test_a_name_that_is_none_is_refused():
    group = await a_group()
    iphone = await a_tag("iPhone", group)

    data = await send(
        "AddSynonym", by=await a_moderator(group), tag=node("tag", iphone), called=" #"
    )

    assert data["code"] == "BAD_TAGS"
    assert await Tag.all().count() == 1


async def test_moderators_alone_decide_about_synonyms():
    group = await a_group()
    iphone = await a_tag("iPhone", group)

    for name in ("AddSynonym", "RemoveSynonym"):
        data = await send(name, by=await a_member(group), tag=node("tag", iphone), called="phone")
        assert data["code"] == "NOT_YOURS"

    assert await Tag.all().count() == 1


async def test_a_tag_of_what_one_cannot_read_is_not_found():
    hidden, shelter = await a_group(), await a_group(kind=GroupKind.SUPPORT)
    await a_post(hidden, tags=["merger"])
    await hidden.filter(id=hidden.id).update(join_policy=JoinPolicy.APPLICATION)
    await a_post(shelter, tags=["headset"])
    stranger = await a_member(await a_group())

    for tag in await Tag.all():
        assert await send("Tag", by=stranger, called=tag.name) is None
        assert (await send("FollowTag", by=stranger, tag=node("tag", tag)))["code"] == (
            "TAG_NOT_FOUND"
        )


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_merging_at_once_leaves_every_name_with_a_tag_that_is_one():
    group = await a_group()
    moderator = await a_moderator(group)
    letters = [await a_tag(name, group) for name in "abcdef"]

    merges = [
        synonyms.add(tag.id, other.name, by=moderator)
        for tag in letters
        for other in letters
        if tag is not other
    ]
    await asyncio.gather(*merges, return_exceptions=True)

    found = {tag.id: tag.canonical_id for tag in await Tag.all()}
    assert len(found) == 6
    assert len(set(found.values())) == 1
    assert all(found[canonical] == canonical for canonical in found.values())
