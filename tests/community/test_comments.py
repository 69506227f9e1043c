import pytest

from community import threads
from community.comments import Comment
from community.groups import Group
from community.posts import Post
from community.revisions import Revision
from core.events import Event
from core.pages import Page
from core.people import Person
from tests.makers import (
    a_comment,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    node,
    send,
)


async def test_a_comment_is_counted_and_recorded_once_however_often_the_request_arrives():
    post, key = await a_post(), a_key()
    ann = await a_member(await post.group)
    asked = {"post": node("post", post), "text": "Breathe out.", "key": key}

    first = await send("AddComment", by=ann, **asked)
    again = await send("AddComment", by=ann, **asked)

    assert first == again
    assert first["comment"]["post"]["commentCount"] == 1
    assert first["comment"]["author"]["name"] == ann.name
    event = await Event.get(name="comment.created")
    assert event.actor_id == ann.id
    assert event.payload["post"] == str(post.id)


@pytest.mark.parametrize(("text", "code"), [(" \n ", "NOTHING_WRITTEN"), ("字" * 2001, "TOO_LONG")])
async def test_a_refused_comment_leaves_nothing_behind(text, code):
    post = await a_post()
    ann = await a_member(await post.group)

    data = await send("AddComment", by=ann, post=node("post", post), text=text, key=a_key())

    assert data["code"] == code
    assert not await Comment.exists()
    assert not await Event.filter(name="comment.created").exists()


async def test_an_outsider_does_not_even_find_the_post():
    post = await a_post()
    data = await send(
        "AddComment", by=await a_person(), post=node("post", post), text="Hi", key=a_key()
    )
    assert data["code"] == "POST_NOT_FOUND"


async def test_only_its_author_edits_a_comment_and_the_old_words_are_kept():
    comment = await a_comment(await a_post(), text="Frist")
    author = await author_of(comment)
    post = await Post.get(id=comment.post_id)
    ben = await a_member(await post.group)

    refused = await send("EditComment", by=ben, comment=node("comment", comment), text="Mine")
    edited = await send("EditComment", by=author, comment=node("comment", comment), text="First")

    assert refused["code"] == "NOT_AUTHOR"
    assert edited["comment"] == {"id": node("comment", comment), "text": "First", "isEdited": True}
    revision = await Revision.get()
    assert (revision.subject_id, revision.text) == (comment.id, "Frist")


async def test_a_deleted_comment_is_gone_and_no_longer_counted():
    comment = await a_comment(await a_post())
    author = await author_of(comment)

    deleted = await send("DeleteComment", by=author, comment=node("comment", comment))
    again = await send("DeleteComment", by=author, comment=node("comment", comment))
    post = await send("Post", by=author, id=f"post_{comment.post_id.hex}")

    assert deleted == {"commentId": node("comment", comment)}
    assert again["code"] == "COMMENT_NOT_FOUND"
    assert (post["commentCount"], post["comments"]["edges"]) == (0, [])


async def test_comments_page_oldest_first():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    written = [await a_comment(post, by=ann, text=f"No. {n}") for n in range(5)]

    seen, after = [], None
    for _ in range(3):
        page = (await send("Post", by=ann, id=node("post", post), first=2, after=after))["comments"]
        seen += [edge["node"]["text"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]

    assert seen == [comment.text for comment in written]
    assert page["pageInfo"]["hasNextPage"] is False


async def author_of(comment: Comment) -> Person:
    return await Person.get(id=comment.author_id)


async def test_the_comments_of_a_post_are_read_once_however_often_they_are_asked_for(statements):
    post = await a_post()
    comment = await a_comment(post)
    ann = await a_member(await Group.get(id=post.group_id))
    statements()

    found = await threads.comments([post] * 5, viewer=ann, page=Page())

    assert [[row.id for row in connection.rows] for connection in found] == [[comment.id]] * 5
    [sql] = statements()
    assert "UNION" not in sql
