from datetime import timedelta

import pytest

from community import posts
from community.groups import GroupKind
from community.posts import Post
from community.revisions import Revision
from core import clock
from core.events import Event
from core.idempotency import IdempotencyKey
from tests.makers import (
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    ask,
    graphql,
    node,
    send,
)


async def create(group, by, key=None, **draft):
    draft = {"text": "Hello"} | draft
    return await send(
        "CreatePost", by=by, group=node("group", group), draft=draft, key=key or a_key()
    )


async def test_a_post_is_written_and_recorded_once_however_often_the_request_arrives():
    group, key = await a_group(), a_key()
    ann = await a_member(group, name="Ann")
    draft = {"text": " Hello ", "tags": ["#Refund", "refund", "投诉"], "isQuestion": True}

    first = await create(group, ann, key, **draft)
    again = await create(group, ann, key, **draft)
    other = await create(group, ann, key, text="Something else")

    assert first == again
    assert first["post"]["text"] == "Hello"
    assert first["post"]["author"] == {
        "__typename": "Person",
        "id": node("person", ann),
        "name": "Ann",
    }
    assert first["post"]["tags"] == [{"name": "refund"}, {"name": "投诉"}]
    assert other["code"] == "KEY_REUSED"
    assert await Post.all().count() == 1
    assert (await Event.get(name="post.created")).actor_id == ann.id


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"text": "\u200b \n"}, "NOTHING_WRITTEN"),
        ({"text": "字" * 5001}, "TOO_LONG"),
        ({"anonymous": True}, "ANONYMOUS_NOT_HERE"),
        ({"tags": ["a", "b", "c", "d", "e", "f"]}, "BAD_TAGS"),
        ({"tags": ["x" * 31]}, "BAD_TAGS"),
        ({"tags": ["#"]}, "BAD_TAGS"),
        ({"photos": ["upload_" + "0" * 32]}, "UPLOAD_NOT_FOUND"),
        ({"photos": ["upload_" + "0" * 32] * 10}, "TOO_MANY_PHOTOS"),
    ],
)
async def test_a_refused_post_leaves_nothing_behind(draft, code):
    group = await a_group()
    ann = await a_member(group)

    assert (await create(group, ann, **draft))["code"] == code

    assert not await Post.exists()
    assert not await Event.filter(name="post.created").exists()
    assert await IdempotencyKey.all().count() == 1  # the group's founding


async def test_who_is_outside_reads_nothing_and_writes_nothing():
    group = await a_group()
    post = await a_post(group)
    ann = await a_person()

    written = await create(group, ann)
    mine = await send("Feed", by=ann)
    read = await ask(
        "query ($group: ID!) { feed(groupId: $group) { edges { cursor } } }",
        by=ann,
        group=node("group", group),
    )

    assert await send("Post", by=ann, id=node("post", post)) is None
    assert written["code"] == "NOT_MEMBER"
    assert mine["edges"] == []
    assert read["errors"][0]["extensions"]["code"] == "NOT_MEMBER"


async def test_the_feed_pages_newest_first_through_all_groups_one_belongs_to():
    one, other = await a_group(), await a_group()
    ann = await a_member(one)
    await send("JoinGroup", by=ann, group=node("group", other))
    now = clock.now()
    for n in range(5):
        with clock.set_to(now - timedelta(minutes=n)):
            await a_post((one, other)[n % 2], by=ann, text=f"No. {n}")
    await a_post(text="elsewhere")

    seen, after = [], None
    for _ in range(3):
        page = await send("Feed", by=ann, first=2, after=after)
        seen += [edge["node"]["text"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]

    assert seen == ["No. 0", "No. 1", "No. 2", "No. 3", "No. 4"]
    assert page["pageInfo"]["hasNextPage"] is False
    of_one = await send("Feed", by=ann, group=node("group", one))
    assert [edge["node"]["text"] for edge in of_one["edges"]] == ["No. 0", "No. 2", "No. 4"]


async def test_posts_of_the_same_moment_are_neither_lost_nor_repeated_between_pages():
    group = await a_group()
    ann = await a_member(group)
    with clock.set_to(clock.now()):
        written = {node("post", await a_post(group, by=ann)) for _ in range(7)}
    seen, after = [], None
    for _ in range(4):
        page = await send("Feed", by=ann, first=2, after=after)
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == 7
    assert set(seen) == written


@pytest.mark.parametrize("page", [{"first": 0}, {"first": 101}])
async def test_a_page_has_between_1_and_100_rows(page):
    answer = await ask(
        "query ($first: Int!) { feed(first: $first) { edges { cursor } } }",
        by=await a_person(),
        **page,
    )
    assert answer["errors"][0]["extensions"]["code"] == "BAD_PAGE_SIZE"


async def test_a_cursor_of_another_list_or_none_at_all_is_refused():
    group = await a_group()
    ann = await a_member(group)
    await a_post(group, by=ann)
    page = await send("Groups", by=ann)
    foreign = page["pageInfo"]["endCursor"]
    for cursor in (foreign, "nonsense", "", "é"):
        answer = await ask(
            "query ($after: String!) { feed(after: $after) { edges { cursor } } }",
            by=ann,
            after=cursor,
        )
        assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_only_its_author_edits_or_deletes_a_post():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    post = await a_post(group, by=ann, text="Frist")
    id = node("post", post)

    assert (await send("EditPost", by=ben, post=id, text="Mine"))["code"] == "NOT_AUTHOR"
    assert (await send("DeletePost", by=ben, post=id))["code"] == "NOT_AUTHOR"
    edited = await send("EditPost", by=ann, post=id, text="First")
    deleted = await send("DeletePost", by=ann, post=id)

    assert edited["post"] == {"id": id, "text": "First", "isEdited": True}
    assert (await Revision.get()).text == "Frist"
    assert deleted == {"postId": id}
    assert (await send("EditPost", by=ann, post=id, text="x"))["code"] == "POST_NOT_FOUND"
    assert (await send("Feed", by=ben))["edges"] == []


async def test_a_profile_shows_what_its_person_wrote_where_the_viewer_reads_too():
    shared, foreign = await a_group(), await a_group()
    ann, ben = await a_member(shared), await a_member(shared)
    await send("JoinGroup", by=ann, group=node("group", foreign))
    both = await a_post(shared, by=ann)
    await a_post(foreign, by=ann)

    data = await graphql(
        "query ($id: ID!) { person(id: $id) { name posts { edges { node { id } } } } }",
        by=ben,
        id=node("person", ann),
    )

    assert data["person"]["posts"]["edges"] == [{"node": {"id": node("post", both)}}]


async def test_ten_posts_cost_as_many_statements_as_one(statements):
    group = await a_group()
    ann = await a_member(group)

    async def cost() -> int:
        statements()
        await send("Feed", by=ann)
        return len(statements())

    await a_post(group, by=ann)
    one = await cost()
    for _ in range(9):
        await a_post(group, by=ann, tags=["a"])
    assert await cost() == one


async def test_a_support_group_shows_posts_when_their_five_minutes_are_over():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, ben = await a_member(group), await a_member(group)
    moment = clock.now().replace(minute=2, second=11, microsecond=7)

    with clock.set_to(moment):
        post = await a_post(group, by=ann)
        assert post.published_at == moment.replace(minute=5, second=0, microsecond=0)
        assert len((await send("Feed", by=ann))["edges"]) == 1
        assert (await send("Feed", by=ben))["edges"] == []
        assert await posts.visible(post.id, to=ann)
        assert await send("Post", by=ben, id=node("post", post)) is None
    with clock.set_to(moment.replace(minute=5, second=0, microsecond=0)):
        assert len((await send("Feed", by=ben))["edges"]) == 1


async def feed_of(person, group, **page):
    feed = await send("Feed", by=person, group=node("group", group), **page)
    return [edge["node"]["id"] for edge in feed["edges"]]


async def test_a_hidden_post_is_there_for_its_author_alone():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    post, other = await a_post(group, by=ann), await a_post(group, by=ben)
    await Post.filter(id=post.id).update(hidden_at=clock.now())

    assert await feed_of(ann, group) == [node("post", other), node("post", post)]
    assert await feed_of(ben, group) == [node("post", other)]
    assert await send("Post", by=ben, id=node("post", post)) is None
    assert (await send("Post", by=ann, id=node("post", post)))["text"] == post.text


async def test_a_hidden_anonymous_post_is_there_for_its_author_in_its_place():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann = await a_member(group)
    ben, *_ = await a_crowd(group)
    with clock.set_to(clock.now() - timedelta(hours=1)):
        posts_ = [await a_post(group, by=ann, anonymous=True) for _ in range(3)]
    await Post.filter(id=posts_[1].id).update(hidden_at=clock.now())
    newest_first = [node("post", post) for post in sorted(posts_, key=lambda one: one.id)[::-1]]

    assert await feed_of(ann, group) == newest_first
    assert await feed_of(ann, group, first=1) == newest_first[:1]
    assert await feed_of(ben, group) == [id for id in newest_first if id != node("post", posts_[1])]
