"""Pictures of badges, read by anybody, and share cards, read by whoever has the link."""

from uuid import UUID

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.deadlines import Deadline
from community import tags
from core.errors import Refused
from core.text import Language
from gamify.badges import cards, pictures

MEDIA_TYPE = "image/png"
DAY = {"cache-control": "public, max-age=86400"}
HOUR = {"cache-control": "private, max-age=3600"}


async def get_picture(request: Request) -> Response:
    try:
        picture = await pictures.found(request.path_params["name"])
    except Refused as refused:
        return answers.refusal(request, refused)
    return Response(picture, media_type=MEDIA_TYPE, headers=DAY)


async def get_card(request: Request) -> Response:
    try:
        card = await _card(**request.path_params)
    except Refused as refused:
        return answers.refusal(request, refused)
    return Response(card, media_type=MEDIA_TYPE, headers=HOUR)


async def _card(id: UUID, language: Language, mark: str) -> bytes:
    award, holder = await cards.shared(id, language, mark)
    [tag] = await tags.known([award.tag_id]) if award.tag_id else [None]
    return await cards.drawn(award, holder, language, tag=tag.name if tag else None)


LIMITED = [Middleware(Deadline, "request_seconds")]
ROUTES = [
    Route("/badges/{name:str}", get_picture, methods=["GET"], middleware=LIMITED),
    Route(
        "/cards/{id:uuid}/{language:str}/{mark:str}.png",
        get_card,
        methods=["GET"],
        middleware=LIMITED,
    ),
]
