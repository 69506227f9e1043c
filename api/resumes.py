"""Résumés, for HR: each look is recorded, and what is fetched is saved, never shown in place."""

from uuid import UUID

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.deadlines import Deadline
from api.media import verify
from api.roots import mutation, payload
from api.views import view
from core.errors import Refused
from core.people import Person
from referrals import resumes
from referrals.candidates import Candidate
from referrals.resumes import NoResume


@view(resumes.ResumeLink)
class ResumeLink:
    """To be fetched within some minutes."""

    url: str


@mutation(payload("ResumeOpened", ResumeLink))
async def open_resume(viewer: Person, candidate_id: UUID) -> resumes.ResumeLink:
    """For HR. That one looked stands in the audit trail."""
    return await resumes.read(candidate_id, by=viewer)


async def get_resume(request: Request) -> Response:
    try:
        verify(request)
        candidate = await Candidate.get_or_none(id=UUID(hex=request.path_params["id"]))
        if candidate is None:
            raise NoResume
        resume = await resumes.opened(candidate)
    except Refused as refused:
        return answers.refusal(request, refused)
    name = f"resume{resume.suffix}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(resume.content, media_type=resume.media_type, headers=headers)


ROUTES = [
    Route("/resumes/{id:str}", get_resume, middleware=[Middleware(Deadline, "request_seconds")])
]
