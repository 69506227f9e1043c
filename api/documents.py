"""Documents: prepared once, found again by the hash of their text."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

import orjson
from graphql import GraphQLSchema, OperationDefinitionNode, parse

from api import operations
from api.operations import Document, Operation
from api.parameters import Parameters
from core.errors import Forbidden, Invalid, NotFound
from core.text import Text

ROOM = 200
"""documents kept beside the registered ones"""
LONGEST_KEPT = 20_000
"""characters; with ROOM it bounds the memory that strangers' documents can take"""


class DocumentNotFound(NotFound):
    text = Text(
        "No document is registered under this id.",
        "没有以此 id 注册的文档。",
        "沒有以此 id 註冊的文件。",
    )


class PersistedQueryNotFound(NotFound):
    """The words are Apollo's protocol: a client answers by sending the text with the hash."""

    text = Text(*["PersistedQueryNotFound"] * 3)


class HashMismatch(Invalid):
    text = Text(
        "The hash is not the SHA-256 of the query.",
        "该哈希不是此查询的 SHA-256。",
        "該雜湊不是此查詢的 SHA-256。",
    )


class DocumentNotRegistered(Forbidden):
    text = Text(
        "Only registered documents are accepted here.",
        "此处只接受已注册的文档。",
        "此處只接受已註冊的文件。",
    )


class UnknownOperation(Invalid):
    text = Text(
        "The document has no operation of this name.",
        "文档中没有这个名称的操作。",
        "文件中沒有這個名稱的操作。",
    )


class OperationNameNeeded(Invalid):
    text = Text(
        "The document has several operations: name one.",
        "文档中有多个操作，请指定 operationName。",
        "文件中有多個操作，請指定 operationName。",
    )


class Documents:
    def __init__(
        self,
        schema: GraphQLSchema,
        registered: Mapping[str, str] | None = None,
        *,
        registered_only: bool = False,
        introspection: bool = False,
    ) -> None:
        self.schema = schema
        self.registered = registered or {}
        self.registered_only = registered_only
        self.introspection = introspection
        self.room = ROOM + len(self.registered)
        self.kept: OrderedDict[str, Document] = OrderedDict()

    def operation(self, asked: Parameters) -> Operation:
        """Raises Refused or WrongDocument."""
        operation = _named(self._document(asked), asked.operation_name)
        operations.check_cost(self.schema, operation, asked.variables)
        return operation

    def _document(self, asked: Parameters) -> Document:
        if asked.query is None:
            return self._by_hash(asked)
        digest = sha256(asked.query.encode()).hexdigest()
        if asked.hash not in {None, digest}:
            raise HashMismatch
        return self._known(digest) or self._prepared(digest, asked.query)

    def _by_hash(self, asked: Parameters) -> Document:
        if asked.document_id and asked.hash not in self.registered:
            raise DocumentNotFound
        if document := self._known(asked.hash or ""):
            return document
        raise PersistedQueryNotFound

    def _known(self, digest: str) -> Document | None:
        if digest in self.kept:
            self.kept.move_to_end(digest)
            return self.kept[digest]
        if digest in self.registered:
            return self._prepared(digest, self.registered[digest])
        return None

    def _prepared(self, digest: str, text: str) -> Document:
        if self.registered_only and digest not in self.registered:
            raise DocumentNotRegistered
        document = operations.prepare(self.schema, text, introspection=self.introspection)
        if len(text) <= LONGEST_KEPT:
            self.kept[digest] = document
        if len(self.kept) > self.room:
            self.kept.popitem(last=False)
        return document


def registered(source: Path | None) -> dict[str, str]:
    """Documents by hash: those of a folder's *.graphql, or of a manifest {hash: document}."""
    if source is None:
        return {}
    if source.is_dir():
        texts = [path.read_text("utf-8") for path in sorted(source.glob("*.graphql"))]
        return {sha256(text.encode()).hexdigest(): text for text in texts}
    manifest: dict[str, str] = orjson.loads(source.read_bytes())
    for digest, text in manifest.items():
        if sha256(text.encode()).hexdigest() != digest.removeprefix("sha256:"):
            raise ValueError(f"{source}: {digest} is not the SHA-256 of its document")
    return {digest.removeprefix("sha256:"): text for digest, text in manifest.items()}


def operation_names(texts: Iterable[str]) -> set[str]:
    """The names of all operations in these documents."""
    nodes = (node for text in texts for node in parse(text).definitions)
    operations = (node for node in nodes if isinstance(node, OperationDefinitionNode))
    return {node.name.value for node in operations if node.name}


def _named(document: Document, name: str | None) -> Operation:
    if name is None and len(document) > 1:
        raise OperationNameNeeded
    if name is not None and name not in document:
        raise UnknownOperation
    return next(iter(document.values())) if name is None else document[name]
