"""Bytes in and out: uploads are PUT, pictures are read, by signed links alone."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import Stranger
from core import pictures, signing, storage, uploads
from core.errors import Kind, Refused
from core.signing import BadLink

STATUS = {
    Kind.NOT_FOUND: 404,
    Kind.FORBIDDEN: 403,
    Kind.CONFLICT: 409,
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.BUSY: 503,
}


async def put_upload(request: Request) -> Response:
    """204 when the picture is received and clean; a refusal as JSON otherwise."""
    try:
        _verify(request)
        await uploads.receive(UUID(hex=request.path_params["id"]), request.stream())
    except Refused as refused:
        return _refusal(request, refused)
    return Response(status_code=204)


async def get_media(request: Request) -> Response:
    try:
        _verify(request)
        content = await storage.current().get(request.path_params["name"])
    except Refused as refused:
        return _refusal(request, refused)
    headers = {
        "cache-control": "private, max-age=3600, immutable",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=pictures.MEDIA_TYPE, headers=headers)


ROUTES = [
    Route("/uploads/{id:str}", put_upload, methods=["PUT"]),
    Route("/media/{name:str}", get_media),
]


def _verify(request: Request) -> None:
    given = request.query_params
    if not {"expires", "signature"} <= given.keys():
        raise BadLink
    signing.verify(request.url.path, expires=given["expires"], signature=given["signature"])


def _refusal(request: Request, refused: Refused) -> Response:
    message = refused.message(Stranger.of(request).language)
    told = {"code": refused.code, "kind": refused.kind, "message": message}
    return JSONResponse(told, STATUS[refused.kind])
