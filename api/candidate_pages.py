"""What a shared link opens: the job, what is stored, and two steps to apply, without any script.

Nothing is stored before the second step; what is between them is in a sealed ticket.
"""

from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from api import forms, html_pages
from api.candidate_visits import LARGE, Visit, address, fault, gone, shown_phone, status
from api.deadlines import Deadline
from core import phones, settings
from core.errors import Conflict, Invalid, NotFound, Refused
from core.identity import attempts, sms_codes
from core.identity.sms import SmsNotOffered
from core.text import Text
from referrals import applications, candidates, links, resumes, sharers, tickets
from referrals.applications import Application
from referrals.candidates import CandidateNotFound
from referrals.links import Link
from referrals.openings import Opening, OpeningState
from referrals.resumes import Resume
from referrals.tickets import Ticket, TicketExpired

SMALL = 20_000  # bytes of a form without a résumé


class ConsentFirst(Invalid):
    text = Text(
        "Please agree first; without that we store nothing.",
        "请先勾选同意，否则我们什么都不会保存。",
        "請先勾選同意，否則我們什麼都不會保存。",
    )


class NotApplied(NotFound):
    text = Text(
        "Nobody applied for this job with this phone. You can do it here.",
        "这个手机号还没有申请过这个职位，你可以在这里申请。",
        "這個手機號碼還沒有應徵過這個職缺，你可以在這裡應徵。",
    )


class NoCodes(Conflict):
    text = Text(
        "We cannot send codes just now. Please try again later.",
        "暂时无法发送验证码，请稍后再试。",
        "暫時無法傳送驗證碼，請稍後再試。",
    )


async def job(request: Request) -> Response:
    """GET shows the job, POST sends a code to the phone."""
    visit = Visit.of(request)
    try:
        if request.method == "POST":
            return await _send_code(request, visit)
        look = links.visited if request.method == "GET" else links.reached
        return await _job(visit, *await look(visit.code))
    except NotFound as refused:
        return gone(visit, refused)


async def confirm(request: Request) -> Response:
    """GET asks for the code and who it is, POST applies."""
    visit, issued = Visit.of(request), request.query_params.get("t", "")
    try:
        link, opening = await links.reached(visit.code)
        try:
            ticket = tickets.read(issued, code=visit.code)
        except TicketExpired as refused:
            return await _job(visit, link, opening, refused)
        if request.method == "POST":
            return await _confirmed(request, visit, ticket, issued)
        return _confirm(visit, ticket, issued)
    except NotFound as refused:
        return gone(visit, refused)


def _route(path: str, endpoint: Any, deadline: str) -> Route:
    methods, middleware = ["GET", "POST"], [Middleware(Deadline, deadline)]
    return Route(path, endpoint, methods=methods, middleware=middleware)


ROUTES = [
    _route("/r/{code:str}", job, "request_seconds"),
    _route("/r/{code:str}/confirm", confirm, "upload_seconds"),
]


async def _send_code(request: Request, visit: Visit) -> Response:
    link, opening = await links.reached(visit.code)
    form = await forms.read(request, most=SMALL)
    phone, returning = forms.text(form, "phone"), bool(forms.text(form, "returning"))
    try:
        if not returning and not forms.text(form, "agreed"):
            raise ConsentFirst
        await _request(phone, visit, request)
    except Refused as refused:
        return await _job(visit, link, opening, refused, phone=phone, returning=returning)
    ticket = tickets.issue(Ticket(phones.e164(phone), returning), code=visit.code)
    place = f"/r/{visit.code}/confirm?{urlencode({'t': ticket, 'lang': visit.language})}"
    return RedirectResponse(place, 303)


async def _request(phone: str, visit: Visit, request: Request) -> None:
    place = address(request)
    try:
        await sms_codes.request_as_applicant(phone, language=visit.language, address=place)
    except SmsNotOffered:
        raise NoCodes from None


async def _confirmed(request: Request, visit: Visit, ticket: Ticket, issued: str) -> Response:
    form = FormData()
    try:
        await attempts.count("confirming", address(request))
        form = await forms.read(request, most=LARGE)
        sms_code = forms.text(form, "code")
        if ticket.returning:
            secret = await applications.come_back(
                visit.code, ticket.phone, sms_code=sms_code, ticket=issued
            )
        else:
            secret = await _apply(form, visit, ticket, issued)
    except CandidateNotFound:
        return await _job(visit, *await links.reached(visit.code), NotApplied())
    except Refused as refused:
        return _confirm(visit, ticket, issued, refused, form)
    finally:
        await form.close()
    return RedirectResponse(visit.place(f"/me/{secret}"), 303)


async def _apply(form: FormData, visit: Visit, ticket: Ticket, issued: str) -> str:
    resume = await _resume(form)
    application = Application(
        name=forms.text(form, "name"),
        phone=ticket.phone,
        shares_stage=bool(forms.text(form, "shares_stage")),
        language=visit.language,
        former_number=forms.text(form, "former_number"),
    )
    sms_code = forms.text(form, "code")
    secret = await applications.apply(visit.code, application, sms_code=sms_code, ticket=issued)
    if resume:
        await resumes.keep(await candidates.own(secret), resume)
    return secret


async def _resume(form: FormData) -> Resume | None:
    content = await forms.file(form, "resume")
    return await resumes.checked(content) if content else None


async def _job(
    visit: Visit,
    link: Link,
    opening: Opening,
    refused: Refused | None = None,
    **typed: Any,
) -> Response:
    return html_pages.page(
        "job",
        visit.language,
        status=status(refused),
        visit=visit,
        opening=opening,
        friend=await sharers.shown(link),
        is_open=opening.state is OpeningState.OPEN,
        days=settings.current().candidate_days,
        phone=typed.get("phone", ""),
        returning=typed.get("returning", False),
        **fault(visit, refused),
    )


def _confirm(
    visit: Visit,
    ticket: Ticket,
    issued: str,
    refused: Refused | None = None,
    form: FormData | None = None,
) -> Response:
    return html_pages.page(
        "confirm",
        visit.language,
        status=status(refused),
        visit=visit,
        ticket=issued,
        phone=shown_phone(ticket.phone),
        returning=ticket.returning,
        typed=form or FormData(),
        **fault(visit, refused),
    )
