"""Ids and cursors of others: who has one that they were not meant to have gets nothing by it."""

import re
from typing import Any
from uuid import uuid4

import pytest

from community import comments, memberships, posts
from core.identity import sessions
from core.media.uploads import Purpose
from tests.makers import (
    a_comment,
    a_group,
    a_key,
    a_member,
    a_post,
    an_upload,
    ask,
    node,
    operation,
)

#: What somebody sends who has left the group, and what they hear; None is null.
AFTER_LEAVING = {
    "Feed": ({"group": "group"}, "NOT_MEMBER"),
    "Post": ({"id": "post"}, None),
    "ReadGroup": ({"group": "group"}, "NOT_MEMBER"),
    "CreatePost": ({"group": "group", "draft": {"text": "Hi"}, "key": "key"}, "NOT_MEMBER"),
    "EditPost": ({"post": "own post", "text": "Hi"}, "POST_NOT_FOUND"),
    "DeletePost": ({"post": "own post"}, "POST_NOT_FOUND"),
    "AddComment": ({"post": "post", "text": "Hi", "key": "key"}, "POST_NOT_FOUND"),
    "EditComment": ({"comment": "own comment", "text": "Hi"}, "COMMENT_NOT_FOUND"),
    "DeleteComment": ({"comment": "own comment"}, "COMMENT_NOT_FOUND"),
    "React": ({"subject": "comment", "kind": "HUG"}, "COMMENT_NOT_FOUND"),
    "RemoveReaction": ({"subject": "post", "kind": "HUG"}, "POST_NOT_FOUND"),
    "ThankComment": ({"comment": "comment"}, "COMMENT_NOT_FOUND"),
    "TakeBackThanks": ({"comment": "comment"}, "COMMENT_NOT_FOUND"),
}
#: What a member sends with what belongs to another one.
OF_OTHERS = {
    "EditPost": ({"post": "post", "text": "Hi"}, "NOT_AUTHOR"),
    "DeletePost": ({"post": "post"}, "NOT_AUTHOR"),
    "EditComment": ({"comment": "comment", "text": "Hi"}, "NOT_AUTHOR"),
    "DeleteComment": ({"comment": "comment"}, "NOT_AUTHOR"),
    "FinishUpload": ({"upload": "photo"}, "UPLOAD_NOT_FOUND"),
    "SetAvatar": ({"upload": "avatar"}, "UPLOAD_NOT_FOUND"),
    "SignOut": ({"session": "session"}, "SESSION_NOT_FOUND"),
    "CreatePost": (
        {"group": "group", "draft": {"text": "Hi", "photos": ["photo"]}, "key": "key"},
        "UPLOAD_NOT_FOUND",
    ),
    "IssueActivationCode": ({"person": "ben"}, "NOT_YOURS"),
}


#: What is asked with an id that nobody ever gave out.
MADE_UP = {**AFTER_LEAVING, **OF_OTHERS}

LISTS = {
    "feed": "feed(after: $after) { edges { cursor } }",
    "groups": "groups(after: $after) { edges { cursor } }",
    "comments": "feed { edges { node { comments(after: $after) { edges { cursor } } } } }",
    "points": "viewer { points { history(after: $after) { edges { cursor } } } }",
}


async def a_life() -> tuple[Any, Any, dict[str, str]]:
    """Ann, who has little, the group she is in, and by name the ids of what there is."""
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    post = await a_post(group, by=ben)
    own = await a_post(group, by=ann)
    known = {
        "group": node("group", group),
        "ben": node("person", ben),
        "post": node("post", post),
        "own post": node("post", own),
        "comment": node("comment", await a_comment(post, by=ben)),
        "own comment": node("comment", await a_comment(post, by=ann)),
        "photo": node("upload", await an_upload(Purpose.PHOTO, by=ben)),
        "avatar": node("upload", await an_upload(Purpose.AVATAR, by=ben)),
        "session": node("session", (await sessions.open_for(ben, device="phone")).session),
        "key": a_key(),
    }
    return ann, group, known


def filled(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: filled(one, known) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    return known.get(value, value)


async def heard(name: str, by: Any, variables: dict[str, Any]) -> str | None:
    """The code of the refusal, or None where there is nothing."""
    document, name = operation(name)
    answer = await ask(document, by=by, name=name, **variables)
    if "errors" in answer:
        return answer["errors"][0]["extensions"]["code"]
    [payload] = answer["data"].values()
    return payload and payload.get("code", "DONE")


@pytest.mark.parametrize("name", AFTER_LEAVING)
async def test_who_has_left_a_group_reaches_nothing_in_it(name):
    ann, group, known = await a_life()
    variables, expected = AFTER_LEAVING[name]
    await memberships.leave(group.id, by=ann)
    assert await heard(name, ann, filled(variables, known)) == expected
    assert await posts.Post.all().count() == 2


@pytest.mark.parametrize("name", OF_OTHERS)
async def test_what_belongs_to_another_stays_as_it_is(name):
    ann, _, known = await a_life()
    variables, expected = OF_OTHERS[name]
    assert await heard(name, ann, filled(variables, known)) == expected
    assert await posts.Post.filter(deleted_at__isnull=True, is_edited=False).count() == 2
    assert await comments.Comment.filter(deleted_at__isnull=True, is_edited=False).count() == 2
    assert await sessions.Session.filter(revoked_at__isnull=False).count() == 0


@pytest.mark.parametrize("name", MADE_UP)
async def test_an_id_that_was_never_given_out_leads_nowhere(name):
    ann, _, known = await a_life()
    made_up = {name: f"{id.partition('_')[0]}_{uuid4().hex}" for name, id in known.items()}
    code = await heard(name, ann, filled(MADE_UP[name][0], made_up | {"key": a_key()}))
    assert code in {None, "NOT_YOURS"} or code.endswith("_NOT_FOUND")


@pytest.mark.parametrize("name", LISTS)
async def test_a_cursor_fits_no_other_list(name):
    ann, _, _ = await a_life()

    def asking(list: str) -> str:
        return f"query ($after: String) {{ {list} }}"

    for origin, document in LISTS.items():
        found = re.findall(r"'cursor': '(.*?)'", str(await ask(asking(document), by=ann)))
        for cursor in found[:1]:
            answer = await ask(asking(LISTS[name]), by=ann, after=cursor)
            codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
            assert codes == (set() if origin == name else {"BAD_CURSOR"}), (origin, answer)
