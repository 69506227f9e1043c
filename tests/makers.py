"""The least valid things tests need, and how they ask the API."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image
from starlette.applications import Starlette

from api.app import app
from community import comments, groups, memberships, posts, reports, subjects
from community.comments import Comment
from community.groups import Group, GroupKind, Plan
from community.moderation_cases import ReportReason
from community.posts import Draft, Post
from community.reports import Charge, Report
from community.subjects import Subject
from core.identity import sessions
from core.media import uploads
from core.media.uploads import Purpose, Upload
from core.people import Grants, Person
from core.rosters.shifts import Shift

OPERATIONS = Path(__file__).parent / "operations"

numbers = count(1)


@cache
def the_app() -> Starlette:
    return app()


async def a_person(**given: Any) -> Person:
    n = next(numbers)
    return await Person.create(**{"number": f"T{n:05}", "name": f"Person {n}"} | given)


async def a_group(*, kind: GroupKind = GroupKind.KNOWLEDGE, **plan: Any) -> Group:
    founder = await a_person(grants=Grants.MODERATOR)
    plan = {"name": f"Group {next(numbers)}", "kind": kind} | plan
    return await groups.found(Plan(**plan), by=founder, key=a_key())


async def a_member(group: Group, **given: Any) -> Person:
    person = await a_person(**given)
    await memberships.join(group.id, by=person)
    return person


async def a_crowd(group: Group, size: int = 10) -> list[Person]:
    """As many active members as it takes to be anonymous among them."""
    return [await a_member(group) for _ in range(size)]


async def a_post(group: Group | None = None, *, by: Person | None = None, **draft: Any) -> Post:
    group = group or await a_group()
    author = by or await a_member(group)
    draft = {"text": f"Post {next(numbers)}"} | draft
    return await posts.create(group.id, Draft(**draft), by=author, key=a_key())


async def a_comment(post: Post, *, by: Person | None = None, **given: Any) -> Comment:
    author = by or await a_member(await Group.get(id=post.group_id))
    given = {"text": f"Comment {next(numbers)}"} | given
    return await comments.add(post.id, by=author, key=a_key(), **given)


async def a_report(
    row: Subject, *, by: Person | None = None, reason: ReportReason = ReportReason.INSULT
) -> Report:
    post = row if isinstance(row, Post) else await Post.get(id=row.post_id)
    person = by or await a_member(await Group.get(id=post.group_id))
    charge = Charge(reason)
    return await reports.report(subjects.kind(row), row.id, charge, by=person, key=a_key())


async def an_upload(purpose: Purpose, *, by: Person) -> Upload:
    """A picture that has arrived."""
    upload = await uploads.request(purpose, by=by, key=a_key())
    await uploads.receive(upload.id, chunks(a_picture()))
    return upload


async def a_shift(person: Person, begins_at: datetime, ends_at: datetime) -> Shift:
    return await Shift.create(person_id=person.id, begins_at=begins_at, ends_at=ends_at)


@cache
def a_picture(width: int = 640, height: int = 480) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "JPEG")
    return file.getvalue()


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


def a_key() -> str:
    return uuid4().hex


def node(tag: str, row: Any) -> str:
    return f"{tag}_{row.id.hex}"


async def a_token(person: Person) -> str:
    return (await sessions.open_for(person, device="test")).token


@cache
def operation(name: str) -> tuple[str, str]:
    """What a phone sends: the document with this operation, and its name."""
    for file in sorted(OPERATIONS.glob("*.graphql")):
        if re.search(rf"^(query|mutation|subscription) {name}\b", file.read_text(), re.MULTILINE):
            return file.read_text(), name
    raise LookupError(name)


async def send(name: str, *, by: Person | None = None, **variables: Any) -> Any:
    """The data a client's operation gets: of a mutation what its one field holds."""
    document, name = operation(name)
    answer = await ask(document, by=by, name=name, **variables)
    assert "errors" not in answer, answer["errors"]
    return next(iter(answer["data"].values())) if len(answer["data"]) == 1 else answer["data"]


async def ask(
    document: str,
    *,
    by: Person | None = None,
    token: str | None = None,
    language: str = "en",
    name: str | None = None,
    **variables: Any,
) -> Any:
    """The whole answer, asked over HTTP as a person, by a token, or as nobody."""
    headers = {"accept-language": language}
    if token := await a_token(by) if by else token:
        headers["authorization"] = f"Bearer {token}"
    async with client() as http:
        asked = {"query": document, "operationName": name, "variables": variables}
        answer = await http.post("/graphql", json=asked, headers=headers)
    return answer.json()


async def graphql(document: str, *, by: Person | None = None, **variables: Any) -> Any:
    """The data of an answer; any error fails the test."""
    answer = await ask(document, by=by, **variables)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(the_app()), base_url="http://test")
