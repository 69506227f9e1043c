"""The pipeline, for HR alone: candidates, moved one by one or many at once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.connections import Connection
from api.deadlines import Deadline
from api.errors import Refusal
from api.media import verify
from api.openings import Opening
from api.people import Person as Colleague
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, id_of, view
from core import people
from core.errors import Refused
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person
from core.text import Language
from referrals import candidates, hires, openings, pipeline, pipeline_files, stages, steps
from referrals.candidates import Stage
from referrals.stages import Move
from referrals.steps import Source

strawberry.enum(Stage, name="CandidateStage")
strawberry.enum(Source, name="CandidateStepSource")


async def _referrers(rows: Sequence[candidates.Candidate]) -> list[Person | None]:
    return await people.by_id(await pipeline.referrers(rows))


@view(candidates.Details)
class CandidateDetails:
    """Who a candidate is. That one has looked stands in the audit trail."""

    name: str
    phone: str


@view(steps.Step)
class CandidateStep(Node):
    """A move, or a note where the stage stays; `by` is null where a system or a file said so."""

    stage: Stage
    source: Source
    reason: str | None
    next_step: str | None
    next_on: date | None
    at: datetime
    by: Colleague | None = batch(people.by_id, key="by_id")


@view(candidates.Candidate)
class Candidate(Node):
    """`isOverdue`: nothing was heard of them for longer than it should take.

    `reference` is their id in an applicant tracking system, once that has told it.
    """

    stage: Stage
    stage_moved_at: datetime
    applied_at: datetime
    interview_at: datetime | None
    interview_place: str
    has_resume: bool
    reference: str | None
    opening: Opening = batch(openings.by_id, key="opening_id")
    is_overdue: bool = batch(pipeline.overdue, key=ROW)
    details: CandidateDetails | None = batch(pipeline.details, key=ROW)
    referrer: Colleague | None = batch(_referrers, key=ROW)
    hired_person: Colleague | None = batch(people.by_id, key="hired_person_id")
    last_step: CandidateStep | None = batch(steps.latest)
    steps: Connection[CandidateStep] = batch(steps.of)


async def _refusals(
    outcomes: Sequence[pipeline.Outcome], *, language: Language
) -> list[Refusal | None]:
    told: list[Refused | None] = [outcome.refused for outcome in outcomes]
    return [Refusal.of(refused, language) if refused else None for refused in told]


@view(pipeline.Outcome)
class MoveOutcome:
    """What became of one move: the candidate as they stand, or why not."""

    candidate_id: UUID = id_of("candidate", key="candidate_id")
    candidate: Candidate | None
    refusal: Refusal | None = batch(_refusals, key=ROW)


@view(pipeline.Moved)
class CandidatesMoved:
    outcomes: list[MoveOutcome]


@strawberry.input
class CandidateMove:
    candidate_id: UUID
    stage: Stage
    reason: str = ""
    next_step: str = ""
    next_on: date | None = None
    interview_at: datetime | None = None
    interview_place: str = ""


@query(Connection[Candidate])
async def pipeline_(
    viewer: Person, page: Page, *, stage: Stage | None = None, opening_id: UUID | None = None
) -> Rows[candidates.Candidate]:
    """Candidates of one stage, or all of whom something is to be decided; longest unmoved first."""
    return await pipeline.listed(page=page, stage=stage, opening_id=opening_id)


@mutation(CandidatesMoved)
async def step_candidates(
    viewer: Person, moves: list[CandidateMove], idempotency_key: str
) -> pipeline.Moved:
    """Move up to 100 candidates, each for itself; declining one takes a reason."""
    each = [(move.candidate_id, _move(move)) for move in moves]
    return await pipeline.move_all(each, by=viewer, key=idempotency_key)


@mutation(payload("CandidateNoted", CandidateStep))
async def note_candidate(
    viewer: Person, candidate_id: UUID, words: str, idempotency_key: str
) -> steps.Step:
    """Write down what others in HR should know."""
    return await stages.note(candidate_id, words, by=viewer, key=idempotency_key)


@mutation(payload("CandidatesMerged", Candidate))
async def merge_candidates(
    viewer: Person, candidate_id: UUID, duplicate_id: UUID
) -> candidates.Candidate:
    """One person applied twice: the second application goes into the first and is erased."""
    return await pipeline.merge(candidate_id, duplicate_id, by=viewer)


@mutation(payload("HireMatched", Candidate))
async def match_hire(viewer: Person, candidate_id: UUID, number: str) -> candidates.Candidate:
    """Say by the employee number who a hired candidate is; milestones follow from their dates."""
    return await hires.match(candidate_id, number, by=viewer)


@view(pipeline_files.PipelineExport)
class PipelineExported:
    """Candidates with their names, for some minutes; who took them is on record."""

    sheet_url: str
    csv_url: str


@mutation(PipelineExported)
async def export_pipeline(
    viewer: Person, language: Language, *, opening_id: UUID | None = None
) -> pipeline_files.PipelineExport:
    """All candidates of a job, or of all jobs, for a spreadsheet."""
    return await pipeline_files.export(by=viewer, language=language, opening_id=opening_id)


async def get_file(request: Request) -> Response:
    try:
        verify(request)
        content, media_type = await pipeline_files.made(**request.path_params)
    except Refused as refused:
        return answers.refusal(request, refused)
    name = f"candidates.{request.path_params['name'].rpartition('.')[2]}"
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="{name}"',
    }
    return Response(content, media_type=media_type, headers=headers)


ROUTES = [
    Route(
        "/pipeline/{language:str}/{name:str}",
        get_file,
        methods=["GET"],
        middleware=[Middleware(Deadline, "request_seconds")],
    )
]


def _move(move: CandidateMove) -> Move:
    return Move(**{name: value for name, value in vars(move).items() if name != "candidate_id"})
