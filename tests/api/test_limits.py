import gc
from time import process_time
from typing import Any

import httpx
import orjson
import pytest
from graphql import get_introspection_query

from tests.api import hostile
from tests.api.toy import RESPONSE_JSON, a_graph, ask, request

pytestmark = pytest.mark.once


async def code(query: str, **sent: Any) -> str | None:
    """The code under which an operation is refused before anything of it runs."""
    answer = (await ask(a_graph(), query, **sent)).json()
    assert ("data" in answer) != ("errors" in answer)
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None


def deep(levels: int) -> str:
    return "{ me {" + "friend {" * (levels - 2) + "name" + "}" * levels


async def test_ten_levels_are_answered_and_eleven_refused():
    assert await code(deep(10)) is None
    assert await code(deep(11)) == "TOO_DEEP"


async def test_depth_counts_through_fragments():
    fragment = " fragment F on Person { friend { friend { friend { friend { name }}}}}"
    assert await code("{ me { friend { friend { friend { friend { ...F }}}}}}" + fragment) is None
    deeper = "{ me { friend { friend { friend { friend { friend { ...F }}}}}}}" + fragment
    assert await code(deeper) == "TOO_DEEP"


async def test_a_thousand_tokens_are_answered_and_one_more_refused():
    query = "{ me { name } }"
    assert await code(query + "#\n" * 994) is None
    assert await code(query + "#\n" * 995) == "TOO_MANY_TOKENS"


async def test_five_thousand_lines_are_answered_and_one_more_refused():
    assert await code("{ me { name } }" + "\n" * 4_999) is None
    assert await code("{ me { name } }" + "\r" * 5_000) == "TOO_MANY_LINES"


async def test_a_thousand_fields_are_answered_and_one_more_refused():
    fragment = f"fragment F on Person {{ {'name ' * 111} }}"
    assert await code(f"{{ me {{ {'...F ' * 9} }} }} {fragment}") is None
    assert await code(f"{{ me {{ {'...F ' * 9} name }} }} {fragment}") == "TOO_MANY_FIELDS"


async def test_fifteen_aliases_are_answered_and_sixteen_refused():
    assert await code(f"{{ me {{ {hostile.many(15, 'a{0}: name')} }} }}") is None
    assert await code(f"{{ me {{ {hostile.many(16, 'a{0}: name')} }} }}") == "TOO_MANY_ALIASES"


async def test_twenty_directives_are_answered_and_twenty_one_refused():
    fragment = "fragment F on Person { name @skip(if: false) }"
    spread = "...F @include(if: true) "
    assert await code(f"{{ me {{ {spread * 10} }} }} {fragment}") is None
    one_more = f"{{ me {{ {spread * 10} friend @skip(if: true) {{ name }} }} }} {fragment}"
    assert await code(one_more) == "TOO_MANY_DIRECTIVES"


PEOPLE = "people(first: {0}) {{ nodes {{ friends(first: 50) {{ nodes {{ name }} }} }} }}"


async def test_five_thousand_points_are_answered_and_one_more_refused():
    query = PEOPLE.format(49)  # 1 + 49 x (1 + 1 + 50 x (1 + 1)) = 4,999
    assert await code(f"{{ {query} __typename }}") is None
    assert await code(f"{{ {query} __typename again: __typename }}") == "TOO_COSTLY"


@pytest.mark.parametrize(
    ("variables", "refused"),
    [
        ({"n": 49}, None),
        ({"n": 50}, "TOO_COSTLY"),
        ({"n": 10**9}, "TOO_COSTLY"),
        ({}, None),
        ({"n": "all"}, "BAD_USER_INPUT"),
    ],
)
async def test_a_page_costs_what_its_variable_says(variables: dict[str, Any], refused: str | None):
    query = f"query ($n: Int) {{ {PEOPLE.format('$n')} }}"
    assert await code(query, variables=variables) == refused


@pytest.mark.parametrize(("default", "refused"), [(49, None), (50, "TOO_COSTLY")])
async def test_a_page_costs_what_its_variable_is_by_default(default: int, refused: str | None):
    assert await code(f"query ($n: Int = {default}) {{ {PEOPLE.format('$n')} }}") == refused


async def test_a_page_without_a_size_has_twenty():
    inner = "friends(first: {0}) {{ nodes {{ name }} }}"
    query = "{{ people {{ nodes {{ " + inner + " }} }} }}"  # 1 + 20 x (1 + 1 + n x 2)
    assert await code(query.format(100)) is None
    assert await code(query.format(100).replace("name", "name __typename")) == "TOO_COSTLY"


async def test_who_is_refused_learns_what_is_allowed():
    answer = await ask(a_graph(), f"{{ {PEOPLE.format(100)} }}", language="zh-CN")
    assert answer.json()["errors"] == [
        {
            "message": "该操作需要 10201 点，最多允许 5000 点。请减小每页的数量。",
            "extensions": {"code": "TOO_COSTLY", "kind": "INVALID", "requestId": "request-1"},
        }
    ]


async def test_introspection_is_for_development():
    assert await code("{ __schema { queryType { name } } }") == "INTROSPECTION_OFF"
    assert await code(
        '{ me { name } ...F } fragment F on Query { __type(name: "A") { name } }'
    ) == ("INTROSPECTION_OFF")
    assert await code("{ __typename }") is None


async def test_the_usual_introspection_query_is_answered_in_development():
    answer = await ask(
        a_graph(development=True), get_introspection_query(input_value_deprecation=True)
    )
    assert answer.json()["data"]["__schema"]["queryType"]["name"] == "Query"


async def test_introspection_may_be_twenty_levels_deep():
    graph = a_graph(development=True)
    for types, refused in (15, None), (16, "TOO_DEEP"):
        query = "{ __schema { queryType { fields { type " + "{ ofType " * types
        answer = await ask(graph, query + "{ name " + "}" * (types + 5))
        told = answer.json().get("errors", [{"extensions": {"code": None}}])
        assert told[0]["extensions"]["code"] == refused


async def test_cycles_and_unknown_names_are_explained():
    for document, message in [
        ("a cycle", "Cannot spread fragment 'A' within itself via 'B'."),
        ("unknown fragments", "Unknown fragment 'F0'."),
        ("unknown fields", "Cannot query field 'x0' on type 'Person'."),
    ]:
        answer = await ask(a_graph(), hostile.DOCUMENTS[document])
        assert answer.json()["errors"][0]["message"] == message


@pytest.mark.parametrize("document", hostile.DOCUMENTS.values(), ids=hostile.DOCUMENTS.keys())
async def test_a_hostile_document_costs_less_than_100_ms(document: str):
    body = orjson.dumps({"query": document})
    seconds, answer = min([await timed(body) for _ in range(3)], key=lambda run: run[0])
    assert answer.status_code in {200, 400}
    assert len(answer.content) < len(body) + 20_000
    assert "INTERNAL" not in answer.text
    assert seconds < 0.1


async def timed(body: bytes) -> tuple[float, httpx.Response]:
    """CPU seconds and the answer of an endpoint that has never seen this before."""
    graph = a_graph()
    headers = {"content-type": "application/json", "accept": RESPONSE_JSON}
    gc.disable()  # what others have left behind is not this document's doing
    begun = process_time()
    answer = await request(graph, "POST", content=body, headers=headers)
    seconds = process_time() - begun
    gc.enable()
    return seconds, answer
