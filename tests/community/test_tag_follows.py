import asyncio
from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import memberships, synonyms, tag_follows
from community.tag_follows import TagFollow
from community.tags import Tag
from core import clock, events
from core.events import Event
from core.people import Grants
from tests.makers import a_group, a_member, a_post, a_token, ask, node, operation, send


async def a_tag(name, group):
    await a_post(group, tags=[name])
    return await Tag.get(name=name)


async def names(person, **page):
    found = await send("FollowedTags", by=person, **page)
    return [edge["node"]["tag"]["name"] for edge in found["edges"]]


async def test_who_follows_a_tag_twice_follows_it_once():
    group = await a_group()
    ann, tag = await a_member(group), await a_tag("refund", group)

    for _ in range(2):
        data = await send("FollowTag", by=ann, tag=node("tag", tag))

    assert data["tag"]["viewerFollows"] is True
    assert await names(ann) == ["refund"]
    assert await names(await a_member(group)) == []


async def test_who_unfollows_a_tag_follows_it_no_more():
    group = await a_group()
    ann, tag = await a_member(group), await a_tag("refund", group)
    await tag_follows.follow(tag.id, by=ann)

    for _ in range(2):
        data = await send("UnfollowTag", by=ann, tag=node("tag", tag))

    assert data["tag"]["viewerFollows"] is False
    assert await names(ann) == []


async def test_the_feed_of_a_tag_goes_across_the_groups_one_belongs_to():
    mine, also_mine, elsewhere = [await a_group() for _ in range(3)]
    ann = await a_member(mine)
    await memberships.join(also_mine.id, by=ann)
    for group in (mine, elsewhere, also_mine):
        await a_post(group, text=group.name, tags=["refund"])
        await a_post(group, tags=["headset"])
    refund = node("tag", await Tag.get(name="refund"))

    first = await send("TagFeed", by=ann, tag=refund, first=1)
    then = await send("TagFeed", by=ann, tag=refund, after=first["pageInfo"]["endCursor"])

    told = [edge["node"]["text"] for page in (first, then) for edge in page["edges"]]
    assert told == [also_mine.name, mine.name]
    assert (first["pageInfo"]["hasNextPage"], then["pageInfo"]["hasNextPage"]) == (True, False)


async def test_who_follows_a_tag_follows_the_one_it_is_merged_into():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    phone, iphone = await a_tag("phone", group), await a_tag("iPhone", group)
    for tag, person in ((phone, ann), (iphone, ann), (iphone, ben)):
        await tag_follows.follow(tag.id, by=person)

    moderator = await a_member(group, grants=Grants.MODERATOR)
    await synonyms.add(phone.id, "iPhone", by=moderator)
    for _ in range(2):
        while await events.deliver(SUBSCRIBERS):
            pass
        await Event.filter(name="tag.merged").update(delivered_at=None, leased_until=None)

    assert await names(ann) == await names(ben) == ["phone"]


async def test_the_latest_followed_comes_first_and_pages_go_on_where_they_ended():
    group = await a_group()
    ann, now = await a_member(group), clock.now()
    for n in range(4):
        with clock.set_to(now + timedelta(seconds=n)):
            tag = await a_tag(f"tag {n}", group)
            await tag_follows.follow(tag.id, by=ann)

    first = await send("FollowedTags", by=ann, first=3)

    assert [edge["node"]["tag"]["name"] for edge in first["edges"]] == ["tag 3", "tag 2", "tag 1"]
    assert await names(ann, after=first["pageInfo"]["endCursor"]) == ["tag 0"]


@pytest.mark.parametrize("name", ["FollowedTags", "TagFeed"])
async def test_ten_tags_cost_as_many_statements_as_one(statements, name):
    group = await a_group()
    ann, taken = await a_member(group), []
    for many in (1, 9):
        for n in range(many):
            tag = await a_tag(f"tag {many} {n}", group)
            await tag_follows.follow(tag.id, by=ann)
            await a_post(group, tags=["refund", f"tag {many} {n}"])
        token = await a_token(ann)
        refund = await Tag.get(name="refund")
        document, _ = operation(name)
        statements()
        answer = await ask(document, token=token, name=name, tag=node("tag", refund))
        taken.append(len(statements()))
        assert "errors" not in answer
    assert taken[0] == taken[1]


@pytest.mark.committed
async def test_following_many_times_at_once_is_following_once():
    group = await a_group()
    ann, tag = await a_member(group), await a_tag("refund", group)

    await asyncio.gather(*(tag_follows.follow(tag.id, by=ann) for _ in range(20)))

    assert await TagFollow.all().count() == 1
