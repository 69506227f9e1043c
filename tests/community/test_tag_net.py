from datetime import timedelta

import pytest

from community import synonyms, tag_net
from community.groups import GroupKind, JoinPolicy
from community.posts import Post
from community.tag_net import TagLink, TagNet
from community.tags import Tag
from core import clock
from core.people import Grants
from tests.makers import a_group, a_member, a_post, send


async def some_posts(group, many, *tags):
    author = await a_member(group)
    return [await a_post(group, by=author, tags=tags) for _ in range(many)]


async def related(name, group):
    found = await send("Tag", by=await a_member(group), called=name)
    return [tag["name"] for tag in found["related"]]


async def test_who_looks_for_a_synonym_gets_the_tag_and_what_is_close_to_it():
    group = await a_group()
    await some_posts(group, 2, "iPhone", "iOS")
    await some_posts(group, 1, "苹果手机", "iOS")
    iphone = await Tag.get(name="iPhone")
    moderator = await a_member(group, grants=Grants.MODERATOR)
    await synonyms.add(iphone.id, "苹果手机", by=moderator)

    await tag_net.weave()

    found = await send("Tag", by=moderator, called="苹果手机")
    assert found["name"] == "iPhone"
    assert [tag["name"] for tag in found["related"]] == ["iOS"]


async def test_closeness_is_the_share_of_posts_with_both_among_those_with_either():
    group = await a_group()
    await some_posts(group, 3, "iPhone", "iOS")
    await some_posts(group, 1, "iOS")
    await some_posts(group, 3, "iPhone", "headset")
    await some_posts(group, 5, "headset")

    await tag_net.weave()

    links = await TagLink.all().select_related("tag", "related")
    found = {(link.tag.name, link.related.name): link.closeness for link in links}
    assert found == {
        ("iPhone", "iOS"): pytest.approx(3 / 7),
        ("iOS", "iPhone"): pytest.approx(3 / 7),
        ("iPhone", "headset"): pytest.approx(3 / 11),
        ("headset", "iPhone"): pytest.approx(3 / 11),
    }
    assert await related("iPhone", group) == ["iOS", "headset"]


async def test_what_two_posts_say_is_chance():
    group = await a_group()
    await some_posts(group, 2, "iPhone", "iOS")
    await tag_net.weave()
    assert await related("iPhone", group) == []


@pytest.mark.parametrize(
    "kept",
    [
        {"kind": GroupKind.SUPPORT},
        {"join_policy": JoinPolicy.APPLICATION},
        {"join_policy": JoinPolicy.INVITATION},
        {"excludes_hr": True},
        {"excludes_supervisors": True},
    ],
)
async def test_what_not_everybody_could_read_stays_out_of_the_net(kept):
    group = await a_group()
    posts = await some_posts(group, 3, "iPhone", "iOS")
    await Post.filter(id__in=[post.id for post in posts]).update(published_at=group.created_at)
    await group.filter(id=group.id).update(**kept)
    await tag_net.weave()
    assert not await TagLink.exists()


async def test_what_is_deleted_old_or_yet_to_come_stays_out_of_the_net():
    group = await a_group()
    past = clock.now() - tag_net.SPAN
    for change in (
        {"deleted_at": clock.now()},
        {"hidden_at": clock.now()},
        {"published_at": past},
        {"published_at": clock.now() + timedelta(minutes=5)},
    ):
        posts = await some_posts(group, 3, "iPhone", "iOS")
        await Post.filter(id__in=[post.id for post in posts]).update(**change)
    await tag_net.weave()
    assert not await TagLink.exists()


async def test_of_each_tag_the_ten_closest_are_kept():
    group = await a_group()
    for n in range(12):
        await some_posts(group, 3, "phone", f"app {n}")
        await some_posts(group, n, f"app {n}")
    await tag_net.weave()
    assert await related("phone", group) == [f"app {n}" for n in range(10)]


async def test_the_net_is_woven_once_an_hour():
    group, now = await a_group(), clock.now().replace(minute=10) - timedelta(hours=1)
    with clock.set_to(now):
        await tag_net.renew()
        await some_posts(group, 3, "iPhone", "iOS")
        await tag_net.renew()
        assert not await TagLink.exists()
    with clock.set_to(now + timedelta(hours=1)):
        await tag_net.renew()
    assert await related("iPhone", group) == ["iOS"]
    assert await TagNet.all().count() == 1


async def test_a_net_takes_as_many_statements_as_a_large_one(statements):
    group = await a_group()
    taken = []
    for n in range(2):
        await some_posts(group, 3 + 3 * n, *(f"tag {n} {m}" for m in range(5)))
        statements()
        await tag_net.weave()
        taken.append(len(statements()))
    assert taken[0] == taken[1]
    assert await TagLink.all().count() == 40
