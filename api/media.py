"""Bytes in and out: uploads are PUT, pictures are read, by signed links alone."""

from uuid import UUID

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.deadlines import Deadline
from core.crypto import signing
from core.crypto.signing import BadLink
from core.errors import Refused
from core.media import pictures, storage, uploads


async def put_upload(request: Request) -> Response:
    """204 when the picture is received and clean; a refusal as JSON otherwise."""
    try:
        verify(request)
        await uploads.receive(UUID(hex=request.path_params["id"]), request.stream())
    except Refused as refused:
        return answers.refusal(request, refused)
    return Response(status_code=204)


async def get_media(request: Request) -> Response:
    try:
        verify(request)
        content = await storage.current().get(request.path_params["name"])
    except Refused as refused:
        return answers.refusal(request, refused)
    headers = {"cache-control": "private, max-age=3600, immutable"}
    return Response(content, media_type=pictures.MEDIA_TYPE, headers=headers)


ROUTES = [
    Route(
        "/uploads/{id:str}",
        put_upload,
        methods=["PUT"],
        middleware=[Middleware(Deadline, "upload_seconds")],
    ),
    Route("/media/{name:str}", get_media, middleware=[Middleware(Deadline, "request_seconds")]),
]


def verify(request: Request) -> None:
    given = request.query_params
    if not {"expires", "signature"} <= given.keys():
        raise BadLink
    signing.verify(request.url.path, expires=given["expires"], signature=given["signature"])
