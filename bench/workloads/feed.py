"""The feed: 20 posts of a group, newest first, with authors, their badges and first comments."""

from typing import Any

from bench import company
from bench.contestants import Contestant
from bench.stage import Sample, Stage
from bench.workloads import answers

READERS = 64
POSTS = 20

DOCUMENT = """
query Feed($group: ID!, $first: Int!, $after: String) {
  feed(groupId: $group, first: $first, after: $after) {
    edges {
      node {
        id text likeCount hugCount sameHereCount commentCount viewerReactions
        author { ... on Person { id name badges { id level } } }
        comments(first: 2) {
          edges {
            node { id text author { ... on Person { id name badges { id level } } } }
          }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def request(contestant: Contestant, reader: int, **page: object) -> bytes:
    group = contestant.id("group", company.key("group", 0))
    given = {"group": group, "first": POSTS, "after": None} | page
    return contestant.request("feed", DOCUMENT, by=reader, **given)


class Feed:
    name = "feed"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.series = [*stage.contestants]

    async def prepare(self) -> None:
        await answers.compare(self.series, self.answer)

    async def answer(self, name: str) -> Any:
        """Of somebody who has reacted to what they read."""
        reader = company.Post(self.stage.size.posts - 2, self.stage.size).liker(0)
        asked = request(self.stage.contestants[name], reader)
        return answers.same(await self.stage.ask(name, asked))

    async def round(self, name: str, seconds: float) -> Sample:
        readers = range(min(READERS, self.stage.size.people))
        requests = [request(self.stage.contestants[name], reader) for reader in readers]
        return await self.stage.measure(name, requests, seconds)
