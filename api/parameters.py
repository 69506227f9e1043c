"""What a client sends with a request, over HTTP or on a socket."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import orjson
from starlette.requests import Request

from api import limits
from core.errors import Invalid
from core.text import Text


class BadRequest(Invalid):
    """Not a GraphQL request at all, which HTTP has its own status for."""

    status: ClassVar[int] = 400
    text = Text("This is not a request.", "这不是有效的请求。", "這不是有效的請求。")


class MethodNotAllowed(BadRequest):
    status = 405
    text = Text("Use GET or POST.", "请使用 GET 或 POST。", "請使用 GET 或 POST。")


class UnsupportedMediaType(BadRequest):
    status = 415
    text = Text(
        "Send application/json in UTF-8.",
        "请发送 UTF-8 编码的 application/json。",
        "請傳送 UTF-8 編碼的 application/json。",
    )


class BodyTooLarge(BadRequest):
    status = 413
    text = Text(
        "The body is larger than {limit} bytes.",
        "请求体超过了 {limit} 字节。",
        "請求內容超過了 {limit} 位元組。",
    )


class MalformedJson(BadRequest):
    text = Text("This is not valid JSON.", "这不是有效的 JSON。", "這不是有效的 JSON。")


class BatchingOff(BadRequest):
    text = Text(
        "Send one operation a request.",
        "每个请求只能发送一个操作。",
        "每個請求只能傳送一個操作。",
    )


class WrongParameter(BadRequest):
    text = Text(
        "The parameter {name} must be of type {type}.",
        "参数 {name} 的类型必须是 {type}。",
        "參數 {name} 的型別必須是 {type}。",
    )


class NothingToDo(BadRequest):
    text = Text(
        "Send a query, a documentId or a persistedQuery hash.",
        "请发送 query、documentId 或 persistedQuery 哈希。",
        "請傳送 query、documentId 或 persistedQuery 雜湊。",
    )


@dataclass(frozen=True, slots=True)
class Parameters:
    query: str | None
    document_id: str | None
    persisted_hash: str | None
    operation_name: str | None
    variables: dict[str, Any]

    @classmethod
    def of(cls, sent: Any) -> Self:
        if isinstance(sent, list):
            raise BatchingOff
        if not isinstance(sent, dict):
            raise WrongParameter(name="(body)", type="object")
        persisted = _object(_object(sent, "extensions"), "persistedQuery")
        asked = cls(
            query=_string(sent, "query"),
            document_id=_string(sent, "documentId"),
            persisted_hash=_string(persisted, "sha256Hash"),
            operation_name=_string(sent, "operationName") or None,
            variables=_object(sent, "variables"),
        )
        if asked.query is asked.document_id is asked.persisted_hash is None:
            raise NothingToDo
        return asked

    @property
    def hash(self) -> str | None:
        """SHA-256 of the document, in hexadecimal."""
        return self.document_id.removeprefix("sha256:") if self.document_id else self.persisted_hash


async def read(request: Request) -> Parameters:
    """Raises BadRequest; never reads more of a body than is allowed."""
    if request.method == "POST":
        return Parameters.of(_json(await _body(request)))
    if request.method == "GET":
        return Parameters.of(_of_query_string(request))
    raise MethodNotAllowed


async def _body(request: Request) -> bytearray:
    if not _is_json(request.headers.get("content-type", "")):
        raise UnsupportedMediaType
    body = bytearray()
    _check_size(int(request.headers.get("content-length", 0)))
    async for chunk in request.stream():
        body += chunk
        _check_size(len(body))
    return body


def _of_query_string(request: Request) -> dict[str, Any]:
    _check_size(len(request.scope["query_string"]))
    sent: dict[str, Any] = dict(request.query_params)
    return sent | {name: _json(sent[name]) for name in ("variables", "extensions") if name in sent}


def _check_size(size: int) -> None:
    if size > limits.BODY:
        raise BodyTooLarge(limit=limits.BODY)


def _is_json(content_type: str) -> bool:
    media_type, _, rest = content_type.lower().partition(";")
    charset = rest.partition("charset=")[2].partition(";")[0].strip(' "')
    return media_type.strip() == "application/json" and charset in {"", "utf-8", "utf8"}


def _json(text: str | bytearray) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise MalformedJson from None


def _string(sent: dict[str, Any], name: str) -> str | None:
    value = sent.get(name)
    if isinstance(value, str | None):
        return value
    raise WrongParameter(name=name, type="string")


def _object(sent: dict[str, Any], name: str) -> dict[str, Any]:
    value = sent.get(name)
    if isinstance(value, dict):
        return value
    if value is None:
        return {}
    raise WrongParameter(name=name, type="object")
