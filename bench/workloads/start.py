"""The start: from starting the process to the first answer of a feed."""

from time import perf_counter

from bench import asking, processes
from bench.stage import Stage
from bench.workloads import feed


async def seconds(stage: Stage, name: str = "breakroom") -> float:
    """Raises Refused, NotServing."""
    contestant = stage.contestants[name]
    began = perf_counter()
    async with processes.serving(contestant.command, contestant.environment) as server:
        await asking.ask(server.port, feed.request(contestant, reader=0))
        return perf_counter() - began
