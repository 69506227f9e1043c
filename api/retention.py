"""Retention, for HR alone: how long people stay, by the channel through which they were hired.

As figures, as pictures and as a workbook; the latter two by links that hold for some minutes.
"""

from datetime import date

import strawberry
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.deadlines import Deadline
from api.media import verify
from api.roots import query
from api.views import ROW, batch, view
from core.errors import Refused
from core.people import HireChannel
from referrals import attrition, retention, retention_files, survival
from referrals.attrition import Verdict

strawberry.enum(HireChannel)
strawberry.enum(
    Verdict, name="AttritionVerdict", description="Of the interval; TOO_FEW: nothing can be said."
)


@view(survival.Median)
class RetentionMedian:
    """Days after which half have left, with 95 % limits; null where so many have not."""

    days: int | None
    lower: int | None
    upper: int | None


@view(survival.Step)
class RetentionStep:
    """A day on which somebody left: the share that stayed longer, with 95 % limits.

    `censored` are those watched for less than until this day, and not counted before.
    """

    day: int
    at_risk: int
    left: int
    censored: int
    share: float
    lower: float | None
    upper: float | None


@view(retention.Mark)
class RetentionMark:
    """What holds on a day; `share` is null where nobody was watched for so long."""

    day: int
    at_risk: int
    share: float | None
    lower: float | None
    upper: float | None


@view(survival.Curve)
class RetentionCurve:
    """A Kaplan–Meier curve; who is still here is censored."""

    n: int
    left: int
    censored: int
    median: RetentionMedian
    marks: list[RetentionMark] = batch(retention.marks, key=ROW)
    steps: list[RetentionStep]


@view(retention.Retention)
class Retention:
    """Of a channel, or of everybody (null); `curve` is null where it is withheld."""

    channel: HireChannel | None
    curve: RetentionCurve | None


@view(retention.Group)
class RetentionGroup:
    """Everybody, those hired in a year, or those of a department."""

    year: int | None
    department: str | None
    retentions: list[Retention]
    chart_url: str = batch(retention_files.charts, key=ROW)


@view(attrition.Ratio)
class AttritionRatio:
    """What share leaves within a year: of whom colleagues referred, to that of all others."""

    verdict: Verdict
    ratio: float | None
    lower: float | None
    upper: float | None


@view(retention.Report)
class HrReport:
    as_of: date
    attrition: AttritionRatio
    groups: list[RetentionGroup]
    sheet_url: str = batch(retention_files.sheets, key=ROW)


@query(HrReport)
async def hr_report() -> retention.Report:
    """How long people stay, by hiring channel, in figures that no single person can be seen in."""
    return await retention.report()


async def get_file(request: Request) -> Response:
    try:
        verify(request)
        file = await retention_files.made(**request.path_params)
    except Refused as refused:
        return answers.refusal(request, refused)
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'inline; filename="{request.path_params["name"]}"',
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


ROUTES = [
    Route(
        "/retention/{language:str}/{name:str}",
        get_file,
        methods=["GET"],
        middleware=[Middleware(Deadline, "request_seconds")],
    )
]
