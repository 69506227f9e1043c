import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api import documents
from api.documents import (
    DocumentNotFound,
    DocumentNotRegistered,
    Documents,
    HashMismatch,
    OperationNameNeeded,
    PersistedQueryNotFound,
    UnknownOperation,
)
from api.operations import Operation, WrongDocument
from api.parameters import Parameters
from tests.api import toy
from tests.api.toy import a_graph, ask

ME = "{ me { name } }"
ECHO = 'query Echo { echo(text: "hi") }'
TWO = "query A { me { name } } query B { __typename }"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def some_documents(*registered: str, **options: Any) -> Documents:
    schema = toy.schema._schema  # noqa: SLF001  # Strawberry hands it out nowhere else
    return Documents(schema, {digest(text): text for text in registered}, **options)


def find(documents: Documents, query: str | None = None, **sent: Any) -> Operation:
    return documents.operation(Parameters.of({"query": query, **sent}))


def persisted(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}


def test_the_same_text_is_prepared_once():
    known = some_documents()
    assert find(known, ME) is find(known, ME)
    assert find(known, ME) is not find(known, ME + " ")


def test_each_operation_of_a_document_is_found_by_its_name():
    known = some_documents()
    first, second = (find(known, TWO, operationName=name) for name in "AB")
    assert [first.name, second.name] == ["A", "B"]
    assert first.document is second.document


def test_one_of_several_operations_must_be_named():
    with pytest.raises(OperationNameNeeded):
        find(some_documents(), TWO)


@pytest.mark.parametrize("query", [ME, ECHO, TWO])
def test_an_operation_that_is_not_there_is_refused(query: str):
    with pytest.raises(UnknownOperation):
        find(some_documents(), query, operationName="C")


def test_what_was_asked_for_least_recently_makes_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documents, "ROOM", 2)
    known = some_documents()
    first, second = find(known, ME), find(known, ECHO)
    assert find(known, ME) is first
    find(known, "{ __typename }")
    assert find(known, ME) is first
    assert find(known, ECHO) is not second


def test_registered_documents_never_make_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documents, "ROOM", 0)
    known = some_documents(ME, ECHO, registered_only=True)
    assert find(known, ME) is find(known, ME)
    assert find(known, ECHO) is find(known, documentId=digest(ECHO))


def test_a_long_document_is_answered_but_not_kept():
    known, long = some_documents(), ME + " " * 20_000
    assert find(known, long) is not find(known, long)


def test_a_wrong_document_is_not_kept():
    known = some_documents()
    for _ in range(2):
        with pytest.raises(WrongDocument):
            find(known, "{ nobody }")
    assert not known.kept


@pytest.mark.parametrize("prefix", ["", "sha256:"])
def test_a_registered_document_is_found_by_its_id(prefix: str):
    known = some_documents(ECHO)
    assert find(known, documentId=prefix + digest(ECHO)) is find(known, ECHO)


def test_only_what_is_registered_has_a_document_id():
    known = some_documents(ECHO)
    find(known, ME)
    with pytest.raises(DocumentNotFound):
        find(known, documentId=digest(ME))


def test_a_hash_finds_what_was_sent_with_its_text_before():
    known = some_documents()
    with pytest.raises(PersistedQueryNotFound):
        find(known, extensions=persisted(ME))
    sent = find(known, ME, extensions=persisted(ME))
    assert find(known, extensions=persisted(ME)) is sent


def test_a_hash_of_something_else_is_refused_and_nothing_kept():
    known = some_documents()
    with pytest.raises(HashMismatch):
        find(known, ME, extensions=persisted(ECHO))
    assert not known.kept


def test_where_only_registered_documents_are_accepted_no_other_is():
    known = some_documents(ECHO, registered_only=True)
    assert find(known, ECHO).name == "Echo"
    assert find(known, extensions=persisted(ECHO)).name == "Echo"
    for sent in {"query": ME}, {"query": ME, "extensions": persisted(ME)}:
        with pytest.raises(DocumentNotRegistered):
            find(known, **sent)
    with pytest.raises(PersistedQueryNotFound):
        find(known, extensions=persisted(ME))


def test_a_folder_registers_its_documents(tmp_path: Path):
    (tmp_path / "Echo.graphql").write_text(ECHO, "utf-8")
    (tmp_path / "Echo.txt").write_text(ME, "utf-8")
    assert documents.registered(tmp_path) == {digest(ECHO): ECHO}


def test_a_manifest_registers_its_documents(tmp_path: Path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({digest(ECHO): ECHO, f"sha256:{digest(ME)}": ME}), "utf-8")
    assert documents.registered(manifest) == {digest(ECHO): ECHO, digest(ME): ME}


def test_a_manifest_with_a_wrong_hash_is_not_used(tmp_path: Path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({digest(ME): ECHO}), "utf-8")
    with pytest.raises(ValueError, match="is not the SHA-256 of its document"):
        documents.registered(manifest)


async def test_a_registered_document_runs_by_its_id_alone(tmp_path: Path):
    (tmp_path / "Echo.graphql").write_text(ECHO, "utf-8")
    graph = a_graph(documents=tmp_path, registered_documents_only=True)
    answer = await ask(graph, documentId=f"sha256:{digest(ECHO)}")
    assert answer.json() == {"data": {"echo": "hi"}}
    refused = await ask(graph, ME)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_REGISTERED"


async def test_apollos_protocol_is_spoken_to_the_letter():
    answer = await ask(
        a_graph(), extensions=persisted(ME), accept="application/json", language="zh"
    )
    assert answer.status_code == 200
    error = answer.json()["errors"][0]
    assert error["message"] == "PersistedQueryNotFound"
    assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
