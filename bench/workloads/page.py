"""The page: the first of a feed beside one far behind it, of the same server."""

from bench.stage import Sample, Stage
from bench.workloads import feed

DEEP = 10_000  # the number of the page, where the company is big enough
STEP = 100  # posts at once, on the way there


class Page:
    name = "page"

    def __init__(self, stage: Stage, contestant: str = "breakroom") -> None:
        self.stage = stage
        self.server = contestant
        self.deep = min(DEEP, stage.size.posts // 2 // feed.POSTS)
        self.series = ["page 1", f"page {self.deep:,}"]
        self.cursor: str | None = None

    async def prepare(self) -> None:
        """Walk to the deep page as a phone would."""
        left = (self.deep - 1) * feed.POSTS
        while left:
            step = min(STEP, left)
            answer = await self.stage.ask(self.server, self.request(first=step, after=self.cursor))
            self.cursor = answer["data"]["feed"]["pageInfo"]["endCursor"]
            left -= step

    async def round(self, page: str, seconds: float) -> Sample:
        after = None if page == self.series[0] else self.cursor
        readers = range(min(feed.READERS, self.stage.size.people))
        requests = [self.request(reader, after=after) for reader in readers]
        return await self.stage.measure(self.server, requests, seconds)

    def request(self, reader: int = 0, **page: object) -> bytes:
        return feed.request(self.stage.contestants[self.server], reader, **page)
