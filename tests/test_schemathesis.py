"""Requests that nobody would write by hand: each is answered or explained, and soon."""

import asyncio
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import graphql
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from api.schema import schema
from community import memberships
from community.groups import GroupKind, JoinPolicy
from core.errors import Refused
from core.identity import sessions
from core.media import uploads
from core.media.uploads import Purpose, Upload
from core.people import Grants, Person
from tests.integrity import findings
from tests.makers import a_comment, a_crowd, a_group, a_key, a_member, a_post, ask, node

EXAMPLES = 15
PATIENCE = 5  # seconds

THINGS = ("post", "comment", "group", "shelter", "closed", "person", "session", "photo", "avatar")
NUMBERS = (1, 2, 3, 20, 100, 0, -1, 101, 2**31 - 1, -(2**31))

schemathesis.graphql.scalar(
    "ID", st.sampled_from(THINGS).map(lambda thing: graphql.StringValueNode(value=f"@{thing}"))
)
schemathesis.graphql.scalar(
    "Int", st.sampled_from(NUMBERS).map(lambda number: graphql.IntValueNode(value=str(number)))
)
every = schemathesis.graphql.from_dict(
    graphql.introspection_from_schema(schema()._schema)  # noqa: SLF001  # handed out nowhere else
)


def documents(operation: Any) -> st.SearchStrategy[str]:
    """With one root field; most of them fit the schema. "@post" stands for the id of a post."""
    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)
    return st.one_of(right, right, wrong).map(lambda case: case.body)


DOCUMENTS = {found.ok().label: documents(found.ok()) for found in every.get_all_operations()}


def explained() -> set[str]:
    """The codes of everything that a client can understand and act on."""
    return {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"} | {
        refused.code for refused in descendants(Refused)
    }


def descendants(cls: type) -> Iterator[type]:
    for one in cls.__subclasses__():
        yield one
        yield from descendants(one)


@pytest.mark.committed
@pytest.mark.parametrize("label", DOCUMENTS)
async def test_whatever_is_asked_is_answered_or_explained(label):
    known, people = await a_life()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(DOCUMENTS[label])
    def generate(document):
        asked.append(document)

    asked: list[str] = []
    generate()
    for document, person in zip(asked, cycle(people), strict=False):
        named = re.sub(r'"@(\w+)"', lambda match: f'"{known[match[1]]}"', document)
        async with asyncio.timeout(PATIENCE):
            answer = await ask(named, by=person)
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        assert codes <= explained(), (answer, named)

    assert await findings() == []


async def a_life() -> tuple[dict[str, str], list[Person | None]]:
    """The ids of what there is, and who asks: one who may do everything, an agent, nobody."""
    group, shelter = await a_group(), await a_group(kind=GroupKind.SUPPORT)
    closed = await a_group(join_policy=JoinPolicy.APPLICATION)
    ann, ben = await a_member(group, grants=Grants.ADMIN | Grants.HR), await a_member(group)
    await a_crowd(shelter)
    for group_id in (shelter.id, closed.id):
        await memberships.join(group_id, by=ben)
    post = await a_post(shelter, by=ben, is_question=True, anonymous=True)
    session = (await sessions.open_for(ben, device="phone")).session
    known = {
        "post": node("post", post),
        "comment": node("comment", await a_comment(await a_post(group, by=ben), by=ann)),
        "group": node("group", group),
        "shelter": node("group", shelter),
        "closed": node("group", closed),
        "person": node("person", ben),
        "session": node("session", session),
        "photo": node("upload", await an_upload(Purpose.PHOTO, by=ben)),
        "avatar": node("upload", await an_upload(Purpose.AVATAR, by=ben)),
    }
    return known, [ben, ann, None, ben]


async def an_upload(purpose: Purpose, *, by: Person) -> Upload:
    """As if the bytes had arrived."""
    upload = await uploads.request(purpose, by=by, key=a_key())
    names = {"full_name": f"{'0' * 32}.webp", "thumb_name": f"{'1' * 32}.webp"}
    await Upload.filter(id=upload.id).update(**names, width=1, height=1)
    return upload
