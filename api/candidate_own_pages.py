"""A candidate's own page: where they stand, what comes next, and what is theirs to decide."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from api import forms, html_pages
from api.candidate_visits import LARGE, Visit, address, fault, gone, shown_phone, status
from api.candidate_words import STAGES
from api.deadlines import Deadline
from core import clock
from core.errors import NotFound, Refused
from core.identity import attempts
from referrals import candidates, copies, erasures, resumes
from referrals.candidates import COARSE, Candidate, CoarseStage, Details, Stage
from referrals.openings import Opening

WAY = [Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEW, Stage.OFFER, Stage.HIRED]

Act = Callable[[Candidate], Awaitable[None]]

ACTS: dict[str, Act] = {
    "share": partial(candidates.share_stage, agreed=True),
    "stop_sharing": partial(candidates.share_stage, agreed=False),
    "withdraw": candidates.withdraw,
    "erase": erasures.erase,
}


async def own(request: Request) -> Response:
    """GET shows where they stand, POST does what they decided."""
    visit = Visit.of(request)
    try:
        candidate = await candidates.own(request.path_params["secret"])
    except NotFound as refused:
        return gone(visit, refused)
    if request.method != "POST":
        return await _own(visit, candidate)
    try:
        act = await _decided(request, candidate)
    except Refused as refused:
        return await _own(visit, candidate, refused)
    return RedirectResponse(visit.place("/erased") if act == "erase" else visit.here(), 303)


async def erased(request: Request) -> Response:
    visit = Visit.of(request)
    return html_pages.page("erased", visit.language, visit=visit)


async def copy(request: Request) -> Response:
    visit = Visit.of(request)
    try:
        candidate = await candidates.own(request.path_params["secret"])
    except NotFound as refused:
        return gone(visit, refused)
    headers = {"content-disposition": 'attachment; filename="my-application.zip"'}
    return Response(await copies.made(candidate), media_type="application/zip", headers=headers)


BOUNDED, LONGER = ([Middleware(Deadline, until)] for until in ("request_seconds", "upload_seconds"))
ROUTES = [
    Route("/r/{code:str}/me/{secret:str}", own, methods=["GET", "POST"], middleware=LONGER),
    Route("/r/{code:str}/me/{secret:str}/copy", copy, middleware=BOUNDED),
    Route("/r/{code:str}/erased", erased, middleware=BOUNDED),
]


async def _decided(request: Request, candidate: Candidate) -> str:
    form = await forms.read(request, most=LARGE)
    try:
        act = forms.text(form, "act")
        if act in ACTS:
            await ACTS[act](candidate)
        elif act == "resume":
            await attempts.count("confirming", address(request))
            await resumes.keep(candidate, await resumes.checked(await forms.file(form, "resume")))
    finally:
        await form.close()
    return act


async def _own(visit: Visit, candidate: Candidate, refused: Refused | None = None) -> Response:
    is_over = COARSE[candidate.stage] is CoarseStage.CLOSED
    details = candidate.details or Details("", "")
    title, message = (text.to(visit.language) for text in STAGES[candidate.stage])
    return html_pages.page(
        "own",
        visit.language,
        status=status(refused),
        visit=visit,
        opening=await Opening.get(id=candidate.opening_id),
        candidate=candidate,
        details=details,
        phone=shown_phone(details.phone),
        is_over=is_over,
        may_withdraw=not is_over and candidate.stage is not Stage.HIRED,
        title=title,
        message=message,
        since=visit.day(clock.business_date(candidate.stage_moved_at)),
        way=_way(visit, candidate),
        has_resume=await resumes.is_kept(candidate),
        **fault(visit, refused),
    )


def _way(visit: Visit, candidate: Candidate) -> list[tuple[str, str]]:
    """Each step with whether it is past, now or to come."""
    if candidate.stage not in WAY:
        return []
    here = WAY.index(candidate.stage)
    return [
        (STAGES[stage][0].to(visit.language), "past" if n < here else "now" if n == here else "")
        for n, stage in enumerate(WAY)
    ]
