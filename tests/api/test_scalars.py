from sys import maxunicode
from time import process_time
from unicodedata import combining, normalize

import pytest
from graphql import GraphQLError, GraphQLString

from api import scalars
from tests.api.toy import a_graph, ask

pytestmark = pytest.mark.once

NUL = "Text cannot hold the character U+0000."
MANY_MARKS = "\u0301" * 30
OFFSET = "DateTime must be ISO 8601 with an offset, such as 2026-11-21T08:30:00Z."


async def complaint(query: str, **sent: object) -> str:
    answer = (await ask(a_graph(), query, **sent)).json()
    assert "data" not in answer
    return answer["errors"][0]["message"]


async def test_a_nul_is_refused_in_a_literal():
    assert await complaint(r'{ echo(text: "a\u0000b") }') == NUL


async def test_a_nul_is_refused_in_a_variable():
    told = await complaint("query ($t: String) { echo(text: $t) }", variables={"t": "a\0b"})
    assert told == f"Variable '$t' has invalid value: {NUL}"


def test_half_a_surrogate_pair_is_refused_should_it_ever_come_so_far():
    with pytest.raises(GraphQLError, match="half of a surrogate pair"):
        GraphQLString.coerce_input_value("\ud800")


@pytest.mark.parametrize("id", ["\0", "../etc/passwd", "post_12", "", 7])
async def test_only_an_id_that_was_given_out_is_an_id(id: object):
    told = await complaint("query ($id: ID!) { echo(id: $id) }", variables={"id": id})
    assert told == "Variable '$id' has invalid value: ID must be one that this service gave out."


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**63, 2**64])
async def test_an_integer_has_32_bits(number: int):
    assert "32-bit" in await complaint(f"{{ echo(number: {number}) }}")
    variable = await complaint(
        "query ($n: Int!) { echo(number: $n) }", variables={"n": min(number, 2**64 - 1)}
    )
    assert "32-bit" in variable


async def test_a_number_of_many_digits_is_explained_in_few_words():
    told = await complaint(f"{{ echo(number: {'9' * 100_000}) }}")
    assert told.startswith("Expected value of type 'Int'")
    assert len(told) == 500


async def test_the_largest_integer_comes_through():
    answer = await ask(a_graph(), "{ echo(number: 2147483647) }")
    assert answer.json() == {"data": {"echo": "2147483647"}}


@pytest.mark.parametrize("literal", ["1e999", "-1e999"])
async def test_a_float_is_finite(literal: str):
    assert await complaint(f"{{ scaled(by: {literal}) }}") == (
        "Float cannot represent a number that large."
    )


async def test_a_moment_is_read_in_utc():
    answer = await ask(a_graph(), '{ moment(at: "2026-11-21T08:30:00+08:00") }')
    assert answer.json() == {"data": {"moment": "2026-11-21T00:30:00+00:00"}}


@pytest.mark.parametrize(
    "text", ["2026-11-21T08:30:00", "2026-11-21", "yesterday", "0001-01-01T00:00:00+14:00", 7]
)
async def test_a_moment_has_an_offset(text: object):
    told = await complaint("query ($at: DateTime!) { moment(at: $at) }", variables={"at": text})
    assert told == f"Variable '$at' has invalid value: {OFFSET}"


@pytest.mark.parametrize("text", ["2026-02-30", "21.11.2026", 7])
async def test_a_day_is_a_date(text: object):
    told = await complaint("query ($on: Date!) { day(on: $on) }", variables={"on": text})
    assert told == "Variable '$on' has invalid value: Date must be ISO 8601, such as 2026-11-21."


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73", "\uff9e\u0f73"])
async def test_marks_that_would_take_long_to_put_in_order_are_refused_at_once(marks: str):
    text = "a" + "".join(mark * 20_000 for mark in marks)
    began = process_time()
    told = await complaint("query ($t: String) { echo(text: $t) }", variables={"t": text})
    assert process_time() - began < 0.1
    assert told.endswith("Text cannot hold more than 30 combining marks in a row.")


def test_no_mark_hides_before_it_is_taken_apart():
    late = [c for c in map(chr, range(maxunicode + 1)) if combining(normalize("NFKD", c)[0])]
    assert {c for c in late if not combining(c)} == set(scalars.LATE_MARKS)


async def test_as_many_marks_as_scripts_need_come_through():
    told = await ask(a_graph(), f'{{ echo(text: "{"e" + MANY_MARKS}") }}')
    assert told.json() == {"data": {"echo": "e" + MANY_MARKS}}
