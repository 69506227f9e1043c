from datetime import timedelta

from community.groups import GroupKind
from community.posts import Post
from core import clock
from core.database import db
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_member,
    a_post,
    a_token,
    ask,
    node,
    send,
)


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


CARDS = """
query Cards($group: ID!, $first: Int!, $comments: Int!) {
  feed(groupId: $group, first: $first) {
    edges {
      node {
        text
        viewerReactions
        author { ... on Person { name } ... on Alias { name } }
        comments(first: $comments) {
          edges { node { text viewerReactions author { ... on Person { name } } } }
          pageInfo { hasNextPage }
        }
      }
    }
  }
}
"""


async def test_what_is_asked_of_the_posts_of_a_group_comes_with_them(statements):
    group = await a_group()
    ann, ben = await a_member(group, name="Ann"), await a_member(group, name="Ben")
    post = await a_post(group, by=ann, text="Coffee?")
    for text in ("Yes", "No", "Later"):
        await a_comment(post, by=ben, text=text)
    await send("React", by=ben, subject=node("post", post), kind="LIKE")
    await send("React", by=ben, subject=node("post", post), kind="HUG")
    await a_post(group, by=ben, text="Tea")
    token = await a_token(ben)
    statements()
    answer = await ask(CARDS, token=token, group=node("group", group), first=20, comments=2)
    assert len(statements()) == 4  # who asks, which posts, the posts, reactions to their comments
    assert answer == await ask(CARDS, token=token, group=node("group", group), first=20, comments=2)
    assert len(statements()) == (3 if db.is_postgres() else 4)  # the posts are kept
    tea, coffee = [edge["node"] for edge in answer["data"]["feed"]["edges"]]
    assert tea == {
        "text": "Tea",
        "viewerReactions": [],
        "author": {"name": "Ben"},
        "comments": {"edges": [], "pageInfo": {"hasNextPage": False}},
    }
    assert coffee["viewerReactions"] == ["HUG", "LIKE"]
    assert [edge["node"] for edge in coffee["comments"]["edges"]] == [
        {"text": "Yes", "viewerReactions": [], "author": {"name": "Ben"}},
        {"text": "No", "viewerReactions": [], "author": {"name": "Ben"}},
    ]
    assert coffee["comments"]["pageInfo"] == {"hasNextPage": True}


async def test_a_page_that_is_too_large_is_refused_beneath_the_feed_as_anywhere():
    group = await a_group()
    ann = await a_member(group)
    await a_post(group, by=ann)
    for size in (0, 101):
        answer = await ask(CARDS, by=ann, group=node("group", group), first=1, comments=size)
        [error] = answer["errors"]
        assert error["extensions"]["code"] == "BAD_PAGE_SIZE"
        assert error["path"] == ["feed", "edges", 0, "node", "comments"]
