"""A phone that loses its line asks again, and a thumb taps twice: there is one effect."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from community.comments import Comment
from community.posts import Post
from community.reactions import Reaction
from community.thanks import Thanks
from core.events import Event
from core.media.uploads import Upload
from gamify.shop.redemptions import Redemption
from gamify.shop.stock import Stock
from tests.cli.service import Service, a_service
from tests.gamify.makers import give
from tests.gamify.shop.makers import a_reward, wanted
from tests.integrity import findings
from tests.makers import a_comment, a_group, a_key, a_member, a_post, a_token, node, operation

pytestmark = pytest.mark.committed

MANY = 50


@pytest.fixture(scope="module")
async def service(database_url: str) -> AsyncIterator[Service]:
    async with a_service(database=database_url) as running:
        yield running


async def everything_one_can_do() -> tuple[str, dict[str, dict[str, Any]]]:
    """A token, and what its owner sends by name of the operation."""
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    post = await a_post(group, by=ann, is_question=True)
    answer = node("comment", await a_comment(post, by=ben))
    await give(ann.id, 800)
    cooker = await wanted(prize := await a_reward())
    at = {"siteId": f"site_{cooker.site_id.hex}"}
    return await a_token(ann), {
        "CreatePost": {"group": node("group", group), "draft": {"text": "Hi"}, "key": a_key()},
        "AddComment": {"post": node("post", post), "text": "Hi", "key": a_key()},
        "RequestUpload": {"purpose": "PHOTO", "key": a_key()},
        "Redeem": {"reward": node("reward", prize), "cost": 500, "to": at, "key": a_key()},
        "React": {"subject": answer, "kind": "LIKE"},
        "ThankComment": {"comment": answer},
    }


async def check_one_effect() -> None:
    """Beside the post and the answer that were there."""
    assert (await Post.all().count(), await Comment.all().count()) == (2, 2)
    rows = [await model.all().count() for model in (Upload, Reaction, Thanks, Redemption)]
    assert rows == [1, 1, 1, 1]
    assert (await Stock.get()).left == 6
    told = await Event.all().values_list("name", flat=True)
    assert sorted(told) == [
        "answer.accepted",
        *["comment.created"] * 2,
        *["post.created"] * 2,
        "reaction.added",
        "redemption.requested",
        "reward.restocked",
    ]
    assert await findings() == []


async def test_what_is_sent_again_after_the_line_broke_is_done_once(service):
    token, sent = await everything_one_can_do()
    for name, variables in sent.items():
        for _ in range(5):
            await hung_up(service, name, token, variables)
    first = {name: await service.send(name, by=token, **given) for name, given in sent.items()}
    again = {name: await service.send(name, by=token, **given) for name, given in sent.items()}
    assert [name for name in sent if named(first[name]) != named(again[name])] == []
    await check_one_effect()


async def test_what_is_sent_many_times_at_once_is_done_once(service):
    token, sent = await everything_one_can_do()
    for name, given in sent.items():
        calls = (service.send(name, by=token, **given) for _ in range(MANY))
        answers = await asyncio.gather(*calls)
        assert {named(answer) for answer in answers} == {named(answers[0])}
    await check_one_effect()


async def test_a_key_that_was_used_for_something_else_is_refused(service):
    token, sent = await everything_one_can_do()
    given = sent["CreatePost"]
    await service.send("CreatePost", by=token, **given)
    other = given | {"draft": {"text": "Other words"}}
    assert (await service.send("CreatePost", by=token, **other))["code"] == "KEY_REUSED"


def named(answer: Any) -> str:
    """The id of what an answer shows."""
    thing, *_ = answer.values()
    return thing["id"]


async def hung_up(service: Service, name: str, token: str, variables: dict[str, Any]) -> None:
    """Sent, but nobody listens to the answer."""
    document, name = operation(name)
    body = json.dumps({"query": document, "operationName": name, "variables": variables}).encode()
    head = (
        "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    host, _, port = service.address.partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(head.encode() + body)
    await writer.drain()
    writer.close()
