"""What clients send: their documents, by the operations in them."""

import re
from collections.abc import Iterator

import orjson

from bench import company
from bench.company import Size
from bench.operations.asked import OPERATIONS
from bench.operations.scripts import Request
from bench.processes import ROOT

FOLDER = ROOT / "tests" / "operations"
NAME = re.compile(r"^(?:query|mutation|subscription) (\w+)", re.MULTILINE)


def all() -> dict[str, str]:
    texts = [file.read_text() for file in sorted(FOLDER.glob("*.graphql"))]
    return {name: text for text in texts for name in NAME.findall(text)}


def requests(name: str, size: Size) -> Iterator[Request]:
    """Of an operation, no two alike if it writes."""
    document = all()[name]
    for person, variables in OPERATIONS[name].requests(size):
        asked = {"query": document, "operationName": name, "variables": variables}
        yield Request(company.token(person), orjson.dumps(asked))
