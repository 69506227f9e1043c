"""What HR reports of the shop: liability, taxable values, popularity; pick lists and sheets."""

from datetime import date, datetime, timedelta
from uuid import UUID

import strawberry
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.connections import Connection
from api.deadlines import Deadline
from api.media import verify
from api.people import Person as PersonView
from api.roots import query
from api.shop.inbox import RedemptionFilter
from api.shop.redemptions import Redemption
from api.shop.rewards import Reward
from api.views import batch, view
from core import clock, people, settings
from core.crypto import signing
from core.errors import Refused
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person
from core.sheets import sheets
from core.sheets.sheets import SheetFormat
from core.text import Language
from gamify.shop import liability, order_sheets, payroll, pick_lists, rewards
from gamify.shop.inbox import Filter
from gamify.shop.order_sheets import Asked

OPEN_FOR = timedelta(minutes=10)

strawberry.enum(SheetFormat)


@view(liability.Outstanding)
class OutstandingPoints:
    """Points that can be spent until a day; `value` is in whole units of the currency."""

    expires_on: date
    points: int
    value: int


@view(liability.Breakage)
class PointsBreakage:
    """Of the points earned in a year, how many ended unspent; `rate` is in per cent."""

    year: int
    earned: int
    lapsed: int
    rate: float


@view(liability.Liability)
class PointsLiability:
    """What is owed in points, valued by the terms of that version."""

    as_of: date
    terms_version: int
    value: int
    outstanding: list[OutstandingPoints]
    pending_points: int
    reserved_points: int
    breakage: list[PointsBreakage]


@view(payroll.TaxableValue)
class TaxableValue:
    """What one person was handed in a period."""

    value_cents: int
    prize_count: int
    person: PersonView | None = batch(people.by_id, key="id")


@view(payroll.Popularity)
class RewardPopularity:
    order_count: int
    points: int
    reward: Reward = batch(rewards.by_id, key="reward_id")


@view(pick_lists.PickGroup)
class PickGroup:
    """Orders of those who come on duty together; without times, nobody knows when they come."""

    begins_at: datetime | None
    ends_at: datetime | None
    redemptions: list[Redemption]


@query(PointsLiability)
async def points_liability(viewer: Person) -> liability.Liability:
    """As it stands now."""
    return await liability.now()


@query(Connection[TaxableValue])
async def taxable_values(
    viewer: Person, page: Page, *, since: date, until: date
) -> Rows[payroll.TaxableValue]:
    """For payroll: what was handed out from one day to another, both included."""
    return await payroll.taxable_values(since, until, page=page)


@query(list[RewardPopularity])
async def reward_popularity(viewer: Person, since: date, until: date) -> list[payroll.Popularity]:
    """What was ordered most from one day to another."""
    return await payroll.popularity(since, until)


@query(list[PickGroup])
async def pick_list(viewer: Person, site_id: UUID) -> list[pick_lists.PickGroup]:
    """What is to be packed or handed out at a site, up to 300 orders."""
    return await pick_lists.of(site_id)


@query(str)
async def redemption_sheet(
    viewer: Person,
    language: Language,
    *,
    format: SheetFormat,
    filter: RedemptionFilter | None = None,
) -> str:
    """A link of some minutes to what the inbox shows, as a file for spreadsheets."""
    chosen = filter.chosen if filter else Filter()
    ticket = order_sheets.ticket(Asked(viewer, chosen, language, format))
    place = f"/sheets/{ticket}"
    signed = signing.sign(place, expires=clock.now() + OPEN_FOR)
    return f"{settings.current().public_url}{place}?{signed}"


async def get_sheet(request: Request) -> Response:
    try:
        verify(request)
        asked = await order_sheets.opened(request.path_params["ticket"])
        sheet = await order_sheets.sheet(asked)
    except Refused as refused:
        return answers.refusal(request, refused)
    content = sheets.content(sheet, asked.format)
    name = f"orders-{clock.business_date()}.{asked.format.lower()}"
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="{name}"',
    }
    return Response(content, media_type=asked.format.media_type, headers=headers)


ROUTES = [
    Route(
        "/sheets/{ticket:str}",
        get_sheet,
        methods=["GET"],
        middleware=[Middleware(Deadline, "request_seconds")],
    )
]
