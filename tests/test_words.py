"""Words that nobody means well with come back as they were sent, or are refused by name."""

from typing import Any

import pytest

from core.people import Grants
from tests.makers import (
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    ask,
    graphql,
    node,
    operation,
    send,
)

WORDS = {
    "right to left": "\u202eevil\u202c",
    "a family": "👨‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "a rare hanzi": "𠮷野家 𰻝𰻝面",
    "SQL": "'); DROP TABLE post; -- %s $1 ? :name",
    "HTML": "<script>alert(1)</script>&amp;",
    "blanks to fill": "{name} {0} {phone} %(x)s ${jndi:ldap://x}",
    "control characters": "a\x01\x07\x1b[31mred\x7f\x85b",
    "no characters at all": "a\ufffe\uffff\U0010ffffb",
    "lines": "a\r\nb\u2028c\u2029d",
    "backslashes": "\\x00 \\u0000 \\' \\",
    "a byte order mark": "a\ufeffb",
}
GROUP = """
    mutation ($plan: GroupPlan!, $key: String!) {
      foundGroup(plan: $plan, idempotencyKey: $key) {
        ... on GroupFounded { group { name about } }
        ... on Refusal { code }
      }
    }
"""


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
async def test_odd_words_come_back_as_they_were_sent(words):
    group = await a_group()
    ann = await a_member(group)
    draft = {"text": words, "tags": [words[:20]]}
    created = await send("CreatePost", by=ann, group=node("group", group), draft=draft, key=words)
    assert created["post"]["text"] == words
    post = created["post"]["id"]
    added = await send("AddComment", by=ann, post=post, text=words, key=f"2 {words}")
    assert added["comment"]["text"] == words
    [edge] = (await send("Feed", by=ann))["edges"]
    assert edge["node"]["text"] == edge["node"]["comments"]["edges"][0]["node"]["text"] == words


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
async def test_odd_words_name_a_group(words):
    chief = await a_person(grants=Grants.MODERATOR)
    plan = {"name": words, "about": words, "kind": "SOCIAL"}
    data = await graphql(GROUP, by=chief, plan=plan, key=words)
    assert data["foundGroup"]["group"] == {"name": words, "about": words}


@pytest.mark.parametrize(
    "words", [*WORDS.values(), "x" * 40_000, "汉" * 15_000, "ŉ" * 30, "", " \u200b"]
)
async def test_nobody_gets_in_by_odd_words(words):
    tried = {"number": words, "password": words, "device": words}
    assert (await send("SignIn", **tried))["code"] == "WRONG_PASSWORD"
    by_code = {"phone": words, "code": words, "number": words, "device": words}
    assert (await send("SignInWithCode", **by_code))["code"] == "NOT_A_PHONE"
    activate = {"number": words, "code": words, "password": words, "device": words}
    assert (await send("Activate", **activate))["kind"] in {"INVALID", "UNAUTHENTICATED"}


LONG = "x" * 100_000
TOO_MUCH = {
    "CreatePost": [
        ({"draft": {"text": LONG}}, "TOO_LONG"),
        ({"draft": {"text": "Hi", "tags": [LONG]}}, "BAD_TAGS"),
        ({"draft": {"text": "Hi", "tags": [str(n) for n in range(3000)]}}, "BAD_TAGS"),
        ({"draft": {"text": "Hi", "tags": ["\u200b"]}}, "BAD_TAGS"),
        ({"draft": {"text": "Hi", "photos": [f"upload_{'0' * 32}"] * 1000}}, "TOO_MANY_PHOTOS"),
        ({"draft": {"text": "\u202e\u200b\ufeff \n"}}, "NOTHING_WRITTEN"),
    ],
    "AddComment": [({"text": LONG}, "TOO_LONG"), ({"text": "\u2066 \u2069"}, "NOTHING_WRITTEN")],
    "EditPost": [({"text": LONG}, "TOO_LONG"), ({"text": ""}, "NOTHING_WRITTEN")],
}


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [(name, changed, code) for name, cases in TOO_MUCH.items() for changed, code in cases],
)
async def test_what_is_too_much_or_nothing_is_refused_by_name(name, changed, code):
    group = await a_group()
    ann = await a_member(group)
    post = await a_post(group, by=ann)
    whole = {"group": node("group", group), "post": node("post", post), "key": a_key()} | changed
    assert (await send(name, by=ann, **whole))["code"] == code


@pytest.mark.parametrize("words", ["\0", "a\0b", "e" + "\u0301\u0316" * 20_000])
async def test_what_no_database_keeps_is_refused_everywhere(words: Any):
    document, name = operation("SignIn")
    given = {"number": words, "password": words, "device": words}
    answer = await ask(document, name=name, **given)
    assert {error["extensions"]["kind"] for error in answer["errors"]} == {"INVALID"}
