"""Whether two threads are by one author: what another reader sees tells it no better than dice."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from random import SystemRandom
from statistics import mean
from typing import Any

from community import reactions
from community.comments import Comment
from community.groups import Group, GroupKind
from community.reactions import ReactionKind
from core import clock
from core.people import Person
from tests import crawl
from tests.makers import a_comment, a_crowd, a_group, a_member, a_post, a_token, client, node

PAIRS = 16  # by one author, and as many by two
BUCKET = timedelta(minutes=5)
CHANCE = (0.07, 0.93)  # more than 4 standard deviations of the statistic at this number of pairs

dice = SystemRandom()


class Seen:
    """All that a reader is shown of one thread."""

    def __init__(self, answer: dict[str, Any], place: int) -> None:
        self.text = json.dumps(answer, ensure_ascii=False)
        self.place = place
        self.id = int(answer["id"].partition("_")[2], 16)
        self.at = datetime.fromisoformat(answer["publishedAt"])

    @property
    def pieces(self) -> set[str]:
        return {
            word[n : n + 5]
            for word in re.findall(r"\w{5,}", self.text)
            for n in range(len(word) - 4)
        }


Likeness = Callable[[Seen, Seen], float]

LIKENESSES: dict[str, Likeness] = {
    "pieces of text, ids, links and cursors": lambda a, b: len(a.pieces & b.pieces),
    "places in the feed": lambda a, b: -abs(a.place - b.place),
    "times": lambda a, b: -abs((a.at - b.at).total_seconds()),
    "ids": lambda a, b: -abs(a.id - b.id),
    "first bits of ids": lambda a, b: -((a.id ^ b.id).bit_length()),
    "lengths": lambda a, b: -abs(len(a.text) - len(b.text)),
}


async def test_what_a_reader_sees_of_two_threads_does_not_tell_whether_their_author_is_one():
    one, two = await pairs(same=True), await pairs(same=False)
    for name, likeness in LIKENESSES.items():
        assert CHANCE[0] < separation(likeness, one, two) < CHANCE[1], name


def test_the_statistic_would_notice_a_trace():
    def a_thread(trace: str) -> Seen:
        id = f"post_{dice.getrandbits(128):032x}"
        return Seen({"id": id, "publishedAt": "2026-11-22T10:00:00+00:00", "is": trace}, 0)

    one = [(a_thread(trace), a_thread(trace)) for trace in traces(PAIRS)]
    two = [
        (a_thread(left), a_thread(right))
        for left, right in zip(traces(PAIRS), traces(PAIRS), strict=True)
    ]
    likeness = LIKENESSES["pieces of text, ids, links and cursors"]
    assert separation(likeness, one, two) > CHANCE[1]


def batched(values: list[str]) -> list[tuple[str, str]]:
    return list(zip(values[::2], values[1::2], strict=True))


def traces(count: int) -> list[str]:
    return [f"{dice.getrandbits(64):016x}" for _ in range(count)]


def separation(
    likeness: Likeness, one: list[tuple[Seen, Seen]], two: list[tuple[Seen, Seen]]
) -> float:
    """How often a pair by one author is more alike than one by two: 0.5 is chance."""
    same, others = [likeness(*pair) for pair in one], [likeness(*pair) for pair in two]
    return mean((s > o) + (s == o) / 2 for s in same for o in others)


async def pairs(*, same: bool) -> list[tuple[Seen, Seen]]:
    """Threads written in any order within half an hour, as somebody else sees them."""
    group = await a_group(kind=GroupKind.SUPPORT)
    authors = await a_crowd(group, PAIRS if same else 2 * PAIRS)
    written_by = [*authors, *authors] if same else authors
    order = list(enumerate(written_by))
    dice.shuffle(order)
    hugging = await a_member(group)
    ids = {place: await a_thread(group, author, hugging) for place, author in order}
    shown = await seen(group, await a_member(group))
    threads = [shown[ids[place]] for place in range(2 * PAIRS)]
    return list(zip(threads[:PAIRS], threads[PAIRS:], strict=True))


async def a_thread(group: Group, author: Person, hugging: Person) -> str:
    """Asks, answers and hugs, all unseen."""
    with clock.set_to(clock.now() - dice.randint(2, 7) * BUCKET):
        post = await a_post(group, by=author, anonymous=True, text="Rough call")
        await a_comment(post, by=author, anonymous=True, text="It goes on")
    with clock.set_to(clock.now() - BUCKET):
        last = await a_comment(post, by=author, anonymous=True, text="Thank you")
    await reactions.react(Comment, last.id, ReactionKind.HUG, by=hugging)
    return node("post", post)


async def seen(group: Group, reader: Person) -> dict[str, Seen]:
    """Every field of every post, page by page."""
    asked = {"authorization": f"Bearer {await a_token(reader)}"}
    id = node("group", group)
    shown: list[Any] = []
    async with client() as http:
        after = "null"
        while True:
            document = crawl.page("feed", f'groupId: "{id}" first: 5 after: {after}')
            answer = (await http.post("/graphql", json={"query": document}, headers=asked)).json()
            feed = answer["data"]["feed"]
            shown += [edge["node"] for edge in feed["edges"]]
            if not feed["pageInfo"]["hasNextPage"]:
                return {one["id"]: Seen(one, place) for place, one in enumerate(shown)}
            after = json.dumps(feed["pageInfo"]["endCursor"])
