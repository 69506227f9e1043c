"""Answers outside GraphQL that are not what was asked for: JSON with a code and a message."""

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from api.errors import UNEXPECTED, Stranger
from core.errors import Kind, Refused

STATUS = {
    Kind.NOT_FOUND: 404,
    Kind.FORBIDDEN: 403,
    Kind.CONFLICT: 409,
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.BUSY: 503,
}


def refusal(connection: HTTPConnection, refused: Refused) -> Response:
    message = refused.message(Stranger.of(connection).language)
    told = {"code": refused.code, "kind": refused.kind, "message": message}
    return JSONResponse(told, STATUS[refused.kind])


def fault(connection: HTTPConnection) -> Response:
    """Of a fault nothing is told but the id under which the log knows it."""
    reader = Stranger.of(connection)
    told = {"code": "INTERNAL", "message": UNEXPECTED.to(reader.language)}
    return JSONResponse(told | {"requestId": reader.request_id}, 500)
