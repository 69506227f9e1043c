from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from api import ids
from api.ids import NodeId
from api.signatures import Signature
from api.views import ROW, batch, itself, view
from core.pages import Page
from core.people import Person
from tests.makers import a_group, a_member, a_post, ask, graphql, node


@dataclass
class Cup:
    id: UUID
    colour: str


async def handles(cup_ids: Sequence[UUID]) -> list[int]:
    return [1 for _ in cup_ids]


async def sips(cups: Sequence[Cup], *, viewer: Person, page: Page, hot: bool = True) -> list[int]:
    return [page.first for _ in cups]


def test_a_view_takes_only_what_its_rows_have():
    @view(Cup)
    class CupView:
        colour: str
        handles: int = batch(handles)
        itself: "CupView" = itself()

    assert CupView.rows == (Cup,)
    with pytest.raises(TypeError, match=r"Wrong\.size: no row attribute 'size'"):

        @view(Cup)
        class Wrong:
            size: int

    with pytest.raises(TypeError, match=r"Lost\.handles: no row attribute 'cup_id'"):

        @view(Cup)
        class Lost:
            handles: int = batch(handles, key="cup_id")


def test_a_batchs_keywords_become_arguments():
    signature = Signature.of(sips, skip=1)
    given = {parameter.name: parameter.annotation for parameter in signature.arguments}
    assert given == {"hot": bool, "first": int, "after": str | None}
    assert signature.names == {"viewer", "page", "hot"}
    assert ROW == ""


async def test_rows_of_one_request_are_asked_for_together_and_each_gets_its_own():
    group = await a_group()
    people = [await a_member(group, name=f"Person {n}") for n in range(3)]
    for person in people:
        await a_post(group, by=person, text=f"By {person.name}")

    data = await graphql(
        "{ feed { edges { node { text author { ... on Person { name } } } } } }", by=people[0]
    )

    nodes = [edge["node"] for edge in data["feed"]["edges"]]
    assert {post["text"] for post in nodes} == {f"By Person {n}" for n in range(3)}
    for post in nodes:
        assert post["text"] == f"By {post['author']['name']}"


async def test_one_batch_with_different_arguments_is_two():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    document = """
        query ($id: ID!) {
          post(id: $id) { a: comments(first: 1) { edges { cursor } } comments { edges { cursor } } }
        }
    """
    data = await graphql(document, by=ann, id=node("post", post))
    assert data["post"] == {"a": {"edges": []}, "comments": {"edges": []}}


def test_an_id_shows_its_type_and_is_read_back():
    id = uuid4()
    shown = ids.show("post", id)
    read = NodeId.parse(shown)
    assert (read, read.tag, shown) == (id, "post", f"post_{id.hex}")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "post_",
        "post",
        "POST_" + "0" * 32,
        "post_" + "0" * 31,
        "post_" + "g" * 32,
        "_" + "0" * 32,
    ],
)
async def test_what_is_no_id_of_ours_is_refused(wrong):
    with pytest.raises(ValueError, match=f"^{wrong}$"):
        NodeId.parse(wrong)
    answer = await ask("query ($id: ID!) { node(id: $id) { id } }", id=wrong)
    assert "data" not in answer
    assert "ID must be one that this service gave out." in answer["errors"][0]["message"]


async def test_anything_is_found_by_its_id_where_one_may_see_it():
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    document = "query ($id: ID!) { node(id: $id) { __typename id } }"
    for tag, row in {"post": post, "group": group, "person": ann}.items():
        id = node(tag, row)
        data = await graphql(document, by=ann, id=id)
        assert data["node"] == {"__typename": tag.title(), "id": id}
    for strange in (f"comment_{post.id.hex}", f"upload_{uuid4().hex}", f"post_{uuid4().hex}"):
        assert (await graphql(document, by=ann, id=strange))["node"] is None
