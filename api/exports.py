"""One's own data: `requestMyData`, then `myData` until it has a `url`, then GET that once."""

from datetime import datetime
from uuid import UUID

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.deadlines import Deadline
from api.media import verify
from api.roots import mutation, payload, query
from api.views import Node, view
from core import exports
from core.errors import Refused
from core.people import Person


@view(exports.Export)
class DataExport(Node):
    """A copy of everything that is held of the viewer's own, what they wrote unseen included."""

    requested_at: datetime
    is_ready: bool
    is_fetched: bool
    url: str | None


@query(DataExport | None)
async def my_data(viewer: Person) -> exports.Export:
    """The copy that the viewer asked for within the last three days."""
    return await exports.own(viewer)


@mutation(payload("MyDataRequested", DataExport))
async def request_my_data(viewer: Person, idempotency_key: str) -> exports.Export:
    """Ask for a copy, which is made soon after: a zip file for you alone, to be fetched once."""
    return await exports.request(by=viewer, key=idempotency_key)


async def get_export(request: Request) -> Response:
    try:
        verify(request)
        content = await exports.fetch(UUID(hex=request.path_params["id"]))
    except Refused as refused:
        return answers.refusal(request, refused)
    headers = {
        "cache-control": "no-store",
        "content-disposition": 'attachment; filename="my-data.zip"',
    }
    return Response(content, media_type="application/zip", headers=headers)


ROUTES = [
    Route(
        "/exports/{id:str}",
        get_export,
        methods=["GET"],
        middleware=[Middleware(Deadline, "request_seconds")],
    )
]
