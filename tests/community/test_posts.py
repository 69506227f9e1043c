import pytest

from community import posts
from community.groups import GroupKind
from community.posts import Post
from community.revisions import Revision
from core import clock
from core.events import Event
from core.idempotency import IdempotencyKey
from tests.makers import (
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
        "CreatePost",
        by=by,
        group=node("group", group),
        draft=draft,
        key=a_key() if key is None else key,
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


async def test_an_empty_key_is_refused_for_all_its_requests_would_seem_the_same():
    group = await a_group()
    ann, keys = await a_member(group), await IdempotencyKey.all().count()
    for key in ("", " "):
        assert (await create(group, ann, key, text="Hello"))["code"] == "KEY_MISSING"
    assert not await Post.exists()
    assert await IdempotencyKey.all().count() == keys


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


@pytest.mark.parametrize("page", [{"first": 0}, {"first": 101}])
async def test_a_page_has_between_1_and_100_rows(page):
    answer = await ask(
        "query ($first: Int!) { feed(first: $first) { edges { cursor } } }",
        by=await a_person(),
        **page,
    )
    assert answer["errors"][0]["extensions"]["code"] == "BAD_PAGE_SIZE"


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
