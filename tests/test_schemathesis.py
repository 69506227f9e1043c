"""Requests that nobody would write by hand: each is answered or explained, and soon."""

import asyncio
import re
from collections.abc import Iterator
from itertools import cycle

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

FITTING = 10  # documents for each field as the schema wants them
BROKEN = 2  # and not; graphql-core refuses these alike, whatever the field and the database
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


OPERATIONS = {found.ok().label: found.ok() for found in every.get_all_operations()}


def documents(label: str, mode: GenerationMode, examples: int) -> list[str]:
    """With one root field, the same on every run. "@post" stands for the id of a post."""
    generated: list[str] = []

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(OPERATIONS[label].as_strategy(generation_mode=mode))
    def generate(case):
        generated.append(case.body)

    generate()
    return generated


def descendants(cls: type) -> Iterator[type]:
    for one in cls.__subclasses__():
        yield one
        yield from descendants(one)


EXPLAINED = {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"} | {
    refused.code for refused in descendants(Refused)
}
"""the codes of everything that a client can understand and act on"""


async def codes(document: str, by: Person | None = None) -> set[str]:
    async with asyncio.timeout(PATIENCE):
        answer = await ask(document, by=by)
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


@pytest.mark.committed
@pytest.mark.parametrize("label", OPERATIONS)
async def test_whatever_is_asked_is_answered_or_explained(label):
    known, people = await a_life()
    asked = documents(label, GenerationMode.POSITIVE, FITTING)
    for document, person in zip(asked, cycle(people), strict=False):
        named = re.sub(r'"@(\w+)"', lambda match: f'"{known.get(match[1], "")}"', document)
        assert await codes(named, by=person) <= EXPLAINED, named

    assert await findings() == []


@pytest.mark.once
@pytest.mark.parametrize("label", OPERATIONS)
async def test_what_does_not_fit_the_schema_is_explained_before_anything_is_done(label):
    for document in documents(label, GenerationMode.NEGATIVE, BROKEN):
        assert await codes(document) <= EXPLAINED, document


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
