"""The board: the first 50 of the week, and one's own rank."""

from typing import Any

from bench.board import members
from bench.contestants import Contestant
from bench.stage import Sample, Stage
from bench.workloads import answers

FIRST = 50

DOCUMENT = """
query Board($first: Int!) {
  board(measure: POINTS, span: WEEK, first: $first) {
    places { rank score isViewers person { id name } }
    viewerPlace { rank score }
  }
}
"""


class Board:
    name = "board"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.series = [*stage.contestants]
        self.readers = range(min(members.READERS, stage.size.people))

    async def prepare(self) -> None:
        for reader in self.readers[:3]:
            self.reader = reader
            await answers.compare(self.series, self.answer)

    async def answer(self, name: str) -> Any:
        request = self.request(self.stage.contestants[name], self.reader)
        return answers.same(_shaped((await self.stage.ask(name, request))["data"]))

    async def round(self, name: str, seconds: float) -> Sample:
        contestant = self.stage.contestants[name]
        requests = [self.request(contestant, reader) for reader in self.readers]
        return await self.stage.measure(name, requests, seconds)

    def request(self, contestant: Contestant, reader: int) -> bytes:
        board = str(members.the_board().id)
        return contestant.request(self.name, DOCUMENT, by=reader, first=FIRST, board=board)


def _shaped(data: dict[str, Any]) -> dict[str, Any]:
    """PostGraphile has no object around both."""
    if "board" in data:
        return dict(data["board"])
    places = [
        {
            **{key: row[key] for key in ("rank", "score", "isViewers")},
            "person": {"id": row["personId"], "name": row["name"]},
        }
        for row in data["places"]["nodes"]
    ]
    return {"places": places, "viewerPlace": data["viewerPlace"]}
