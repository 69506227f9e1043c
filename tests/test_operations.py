"""What a phone sends, each operation with the exact number of statements it costs.

Who is asking takes one statement; BEGIN and COMMIT of a mutation count as one each.
"""

from typing import Any

import pytest

from community import memberships
from community.groups import GroupKind
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_post,
    a_token,
    client,
    node,
    operation,
)

READS = {
    "Feed": ({}, 10),
    "Groups": ({}, 5),
    "Post": ({"id": "post"}, 11),
}
WRITES = {
    "JoinGroup": ({"group": "other"}, 12),
    "LeaveGroup": ({"group": "group"}, 9),
    "ReadGroup": ({"group": "group"}, 6),
    "CreatePost": (
        {"group": "group", "draft": {"text": "Hi", "tags": ["refund"]}, "key": "key"},
        16,
    ),
    "EditPost": ({"post": "post", "text": "Better"}, 8),
    "DeletePost": ({"post": "post"}, 7),
    "AddComment": ({"post": "post", "text": "Hi", "key": "key"}, 12),
    "EditComment": ({"comment": "own", "text": "Better"}, 9),
    "DeleteComment": ({"comment": "own"}, 12),
    "React": ({"subject": "answer", "kind": "LIKE"}, 11),
    "RemoveReaction": ({"subject": "answer", "kind": "LIKE"}, 8),
    "ThankComment": ({"comment": "answer"}, 13),
    "TakeBackThanks": ({"comment": "answer"}, 9),
    "RequestUpload": ({"purpose": "PHOTO", "key": "key"}, 6),
}
ANONYMOUS = {
    "CreatePost": (
        {"group": "shelter", "draft": {"text": "Hi", "anonymous": True}, "key": "key"},
        17,
    ),
}


@pytest.mark.parametrize(
    ("name", "variables", "expected"),
    [
        (name, variables, expected)
        for table in (READS, WRITES, ANONYMOUS)
        for name, (variables, expected) in table.items()
    ],
)
async def test_an_operation_costs_so_many_statements(statements, name, variables, expected):
    ann, known = await a_life()
    document, name = operation(name)
    sent = {variable: known.get(str(value), value) for variable, value in variables.items()}
    async with client() as http:
        headers = {"authorization": f"Bearer {await a_token(ann)}"}
        asked = {"query": document, "operationName": name, "variables": sent}
        statements()
        answer = (await http.post("/graphql", json=asked, headers=headers)).json()
        taken = statements()

    assert "errors" not in answer
    [data] = answer["data"].values()
    assert "code" not in data, data
    assert len(taken) == expected, [sql.strip()[:90] for sql in taken]


async def a_life() -> tuple[Any, dict[str, str]]:
    """Ann, and by name the ids of what surrounds her."""
    group, shelter = await a_group(), await a_group(kind=GroupKind.SUPPORT)
    ann, ben = await a_member(group), await a_member(group)
    await memberships.join(shelter.id, by=ann)
    await a_crowd(shelter)
    post = await a_post(group, by=ann, is_question=True, tags=["refund", "night"])
    known = {
        "group": node("group", group),
        "shelter": node("group", shelter),
        "other": node("group", await a_group()),
        "post": node("post", post),
        "answer": node("comment", await a_comment(post, by=ben)),
        "own": node("comment", await a_comment(post, by=ann)),
        "key": a_key(),
    }
    return ann, known
