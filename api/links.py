"""Links: a colleague shares an opening, as a link, a QR code or a poster."""

from uuid import UUID

import strawberry
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.deadlines import Deadline
from api.media import verify
from api.openings import Opening
from api.roots import mutation, payload, query
from api.views import Node, batch, view
from core import settings
from core.errors import Refused
from core.people import Person
from referrals import links, openings, posters, share_figures
from referrals.links import ShareChannel

strawberry.enum(ShareChannel)


@view(links.Link)
class ReferralLink(Node):
    """One's own for an opening and channel; posters and codes are to be fetched within an hour."""

    code: str
    url: str
    channel: ShareChannel
    shows_name: bool
    opening: Opening = batch(openings.by_id, key="opening_id")
    poster_url: str
    qr_url: str


@view(share_figures.Figure)
class ShareFigure:
    """What came of a channel. How often links were opened is told of five sharers and more."""

    channel: ShareChannel
    applications: int
    hires: int
    sharers: int | None
    visits: int | None


@mutation(payload("OpeningShared", ReferralLink))
async def share_opening(
    viewer: Person, opening_id: UUID, channel: ShareChannel, *, shows_name: bool = False
) -> links.Link:
    """Your link for this job and channel, always the same one. Your friend applies by it; you type
    nothing about them. With `showsName` the page says what friends call you.
    """
    return await links.share(opening_id, channel, by=viewer, shows_name=shows_name)


@query(list[ShareFigure])
async def share_figures_() -> list[share_figures.Figure]:
    """For HR: which channel works."""
    return await share_figures.all_()


async def poster(request: Request) -> Response:
    return await _picture(request, posters.poster, "poster.png")


async def qr(request: Request) -> Response:
    return await _picture(request, posters.qr, "qr.png")


ROUTES = [
    Route("/posters/{code:str}", poster, middleware=[Middleware(Deadline, "request_seconds")]),
    Route("/qr/{code:str}", qr, middleware=[Middleware(Deadline, "request_seconds")]),
]


async def _picture(request: Request, drawn: posters.Drawn, name: str) -> Response:
    try:
        verify(request)
        link, opening = await links.reached(request.path_params["code"])
    except Refused as refused:
        return answers.refusal(request, refused)
    base = settings.current().public_url or str(request.base_url).rstrip("/")
    content = await drawn(link, opening, url=f"{base}{link.path}")
    headers = {"content-disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="image/png", headers=headers)
