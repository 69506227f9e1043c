"""An evening of many phones at once, each of which tries again until it hears an answer."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import httpx

from api.composition import SUBSCRIBERS
from community.comments import Comment
from community.posts import Post
from community.reactions import Reaction
from community.thanks import Thanks
from core import clock, events
from core.events import Event
from core.people import Person
from gamify import points
from gamify.ledger import Transfer
from gamify.reasons import Reason
from gamify.shop.redemptions import Redemption
from gamify.shop.stock import Stock
from tests.cli.service import Service
from tests.gamify.makers import give
from tests.gamify.shop.makers import a_reward, wanted
from tests.integrity import findings
from tests.makers import a_comment, a_group, a_key, a_member, a_post, a_token, node, operation

AT_ONCE = 8
PATIENCE = 20  # seconds
PRICE = 400  # points of what they order
PAUSE = 0.05  # seconds until a phone tries again


class NotAcknowledged(Exception):
    """The line broke, or the service was busy."""


@dataclass(eq=False)
class Deed:
    """What a phone asks for, with the same key each time."""

    name: str
    by: str
    variables: dict[str, Any]
    result: str = ""

    async def ask(self, http: httpx.AsyncClient) -> str:
        """The id of what came of it."""
        document, name = operation(self.name)
        sent = {"query": document, "operationName": name, "variables": self.variables}
        headers = {"authorization": f"Bearer {self.by}"}
        try:
            answer = (await http.post("/graphql", json=sent, headers=headers)).json()
        except httpx.TransportError as broken:
            raise NotAcknowledged from broken
        return _acknowledged(answer)


class Evening:
    """Askers write, answerers react and comment, and every asker thanks every answerer."""

    def __init__(self) -> None:
        self.askers: list[Person] = []
        self.answerers: list[Person] = []
        self.deeds: list[Deed] = []
        self.open: deque[Deed] = deque()
        self.refused = 0

    @property
    def acknowledged(self) -> int:
        return sum(bool(deed.result) for deed in self.deeds)

    async def plan(self, askers: int, answerers: int) -> None:
        group = await a_group()
        people = [await a_member(group) for _ in range(askers + answerers)]
        tokens = {person.id: await a_token(person) for person in people}
        self.askers, self.answerers = people[:askers], people[askers:]
        prize = await self._prize(len(self.answerers))
        for asker, answerer in product(self.askers, self.answerers):
            post = await a_post(group, by=asker, is_question=True)
            answer = await a_comment(post, by=answerer)
            draft = {"text": f"As {asker.name} said", "tags": [answerer.name[-1]]}
            remark = {"post": node("post", post), "text": "Really", "key": a_key()}
            self.deeds += [
                Deed("AddComment", tokens[answerer.id], remark),
                Deed("React", tokens[answerer.id], {"subject": node("post", post), "kind": "HUG"}),
                Deed("Redeem", tokens[asker.id], prize | {"key": a_key()}),
                Deed("ThankComment", tokens[asker.id], {"comment": node("comment", answer)}),
                Deed(
                    "CreatePost",
                    tokens[asker.id],
                    {"group": node("group", group), "draft": draft, "key": a_key()},
                ),
            ]
        self.open.extend(self.deeds)

    async def _prize(self, each: int) -> dict[str, Any]:
        """What every asker wants so many times, and can afford."""
        for asker in self.askers:
            await give(asker.id, each * PRICE)
        reward = await a_reward(lying=each * len(self.askers), price=PRICE)
        order = await wanted(reward)
        at = {"siteId": f"site_{order.site_id.hex}"}
        return {"reward": node("reward", reward), "cost": PRICE, "to": at}

    async def go_on(
        self, service: Service, *, until: float = 1, then: Callable[[], None] | None = None
    ) -> None:
        """Until this share of all is acknowledged; then the others are still under way."""
        enough = round(until * len(self.deeds))

        async def one_phone() -> None:
            while self.open and self.acknowledged < enough:
                await self._try(self.open.popleft(), http)
            if ends:
                ends.pop()()

        ends = [then] if then else []
        async with service.client(timeout=PATIENCE) as http:
            await asyncio.gather(*(one_phone() for _ in range(AT_ONCE)))

    async def _try(self, deed: Deed, http: httpx.AsyncClient) -> None:
        try:
            deed.result = await deed.ask(http)
        except NotAcknowledged:
            self.refused += 1
            self.open.append(deed)
            await asyncio.sleep(PAUSE)

    async def repeat(self, service: Service) -> None:
        """What is asked for again comes to the same."""
        async with service.client(timeout=PATIENCE) as http:
            for deed in self.deeds:
                assert await deed.ask(http) == deed.result

    async def check(self) -> None:
        """All that was acknowledged is there, nothing twice; thanks and prizes are paid once."""
        await _deliver_all()
        pairs = len(self.deeds) // 5
        assert await findings() == []
        assert await Post.filter(id__in=self._results("CreatePost")).count() == pairs
        assert await Comment.filter(id__in=self._results("AddComment")).count() == pairs
        assert await Post.all().count() == await _told("post.created") == 2 * pairs
        assert await Comment.all().count() == await _told("comment.created") == 2 * pairs
        assert await Reaction.all().count() == await _told("reaction.added") == pairs
        assert await Thanks.all().count() == await _told("answer.accepted") == pairs
        assert await Transfer.filter(event_id__isnull=False).count() == pairs
        assert await Redemption.filter(id__in=self._results("Redeem")).count() == pairs
        assert await Redemption.all().count() == await _told("redemption.requested") == pairs
        assert await Transfer.filter(reason=Reason.REDEEMED).count() == pairs
        assert (await Stock.get()).left == 0
        spent = await points.balances([person.id for person in self.askers])
        assert {balance.available for balance in spent} == {0}
        balances = await points.balances([person.id for person in self.answerers])
        assert {balance.pending for balance in balances} == {10 * pairs / len(self.answerers)}

    def _results(self, name: str) -> list[UUID]:
        return [UUID(deed.result.partition("_")[2]) for deed in self.deeds if deed.name == name]


def _acknowledged(answer: Any) -> str:
    payloads = [*(answer.get("data") or {}).values()]
    told = [*answer.get("errors", ()), *payloads]
    codes = {one.get("code") or one.get("extensions", {}).get("code") for one in told} - {None}
    if codes:
        assert codes == {"SERVICE_BUSY"}, answer
        raise NotAcknowledged
    [payload] = payloads
    thing, *_ = payload.values()
    return thing["id"]


async def _told(name: str) -> int:
    return await Event.filter(name=name).count()


async def _deliver_all() -> None:
    """What a process held when it was killed is free when its lease is over."""
    with clock.set_to(clock.now() + events.LEASE * 2):
        while await events.deliver(SUBSCRIBERS):
            pass
