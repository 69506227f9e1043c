"""The like: the reaction, the counter and the event in one transaction; each request a new one."""

from collections.abc import Iterator
from itertools import count, islice
from typing import Any

from bench import company
from bench.company import LIKES, Post
from bench.contestants import Contestant
from bench.stage import Sample, Stage
from bench.workloads import answers

MOST_PER_SECOND = 12_000
STRIDE = 7919  # from one post to the next, so that neighbours do not follow each other

DOCUMENT = """
mutation Like($post: ID!) {
  react(subjectId: $post, kind: LIKE) {
    ... on Reacted { subject { ... on Post { id likeCount viewerReactions } } }
    ... on Refusal { code }
  }
}
"""

LEFT_BEHIND = """
    SELECT (SELECT like_count FROM post WHERE id = $1),
           (SELECT count(*) FROM reaction WHERE subject_id = $1 AND actor = $2 AND kind = 'LIKE'),
           (SELECT array_agg((name, actor_id, handle, payload::jsonb)::text) FROM event)
"""


class Like:
    name = "like"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.series = [*stage.contestants]
        self.unused = count()

    async def prepare(self) -> None:
        await answers.compare(self.series, self.answer)

    async def answer(self, name: str) -> Any:
        """What it says and what it leaves behind; each contestant's like is the first one."""
        post = Post(LIKES.index(0), self.stage.size)
        actor = str(company.key("person", post.liker(0)))
        said = await self.stage.ask(name, self.request(self.stage.contestants[name], post, 0))
        [left] = await self.stage.database.run(LEFT_BEHIND, post.id, actor)
        await self.stage.database.run("DELETE FROM reaction WHERE subject_id = $1", post.id)
        await self.stage.database.run("UPDATE post SET like_count = 0 WHERE id = $1", post.id)
        await self.forget()
        return answers.same(said), tuple(left)

    async def round(self, name: str, seconds: float) -> Sample:
        fresh = islice(self.fresh(self.stage.contestants[name]), int(MOST_PER_SECOND * seconds))
        sample = await self.stage.measure(name, [*fresh], seconds, once=True)
        await self.forget()
        return sample

    def fresh(self, contestant: Contestant) -> Iterator[bytes]:
        """Likes that are not there yet, in the group where everybody is."""
        posts = self.stage.size.posts // 2
        for number in self.unused:
            turn, place = divmod(number, posts)
            post = Post(place * STRIDE % posts * 2, self.stage.size)
            yield self.request(contestant, post, max(LIKES) + turn)

    def request(self, contestant: Contestant, post: Post, liker: int) -> bytes:
        id = contestant.id("post", post.id)
        return contestant.request(self.name, DOCUMENT, by=post.liker(liker), post=id)

    async def forget(self) -> None:
        """Or who delivers events would do so while others are measured."""
        await self.stage.database.run("DELETE FROM event")
