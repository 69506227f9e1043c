"""One operation, with and without Breakroom."""

from itertools import islice

from bench import contestants
from bench.operations import documents
from bench.operations.asked import OPERATIONS
from bench.operations.scripts import Request
from bench.running import Plan
from bench.stage import Sample, Stage

RECORDED = 48  # requests of each operation; more than there are connections
MOST_PER_SECOND = 5000
SERIES = ["breakroom", "bare"]


class Beside:
    """A workload. Breakroom gets requests that nobody has sent, the bare handler recorded ones."""

    def __init__(self, stage: Stage, name: str, plan: Plan) -> None:
        self.stage, self.name = stage, name
        self.series = SERIES
        requests = map(_http, documents.requests(name, stage.size))
        self.recorded = [*islice(requests, RECORDED)]
        most = int(MOST_PER_SECOND * plan.seconds)
        self.fresh = [*islice(requests, most * (plan.rounds + 1))]
        self.share = len(self.fresh) // (plan.rounds + 1)

    async def prepare(self) -> None:
        """There is nothing to compare: the bare handler answers what Breakroom has answered."""

    async def round(self, series: str, seconds: float) -> Sample:
        if series == "bare":
            return await self.stage.measure(series, self.recorded, seconds)
        requests, self.fresh = self.fresh[: self.share], self.fresh[self.share :]
        options = {"once": True, "unwanted": b'"code":'}
        sample = await self.stage.measure(series, requests, seconds, **options)
        for sql in ("DELETE FROM event", *OPERATIONS[self.name].undo):
            await self.stage.database.run(sql)
        return sample


def _http(request: Request) -> bytes:
    return contestants.post("/graphql", request.token, request.body)
