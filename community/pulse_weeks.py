"""Pulse weeks: how a team and the company were, in bands, where nobody can be made out.

A week is told once, when it is over, and never again: told anew, without somebody who has since
left, the difference would be that person.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from statistics import mean
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community.pulses import CheckIn, Face
from core import clock, disclosure
from core.database import inserts
from core.database.sql import Statement
from core.people import Person
from core.together import together
from core.transactions import transaction

LEAST = 10  # people
WEEK = timedelta(days=7)
LATE = 4  # weeks after which one that was missed is not told any more
SHOWN = 12  # weeks
COMPANY = UUID(int=0)

FACES = {face: value for value, face in enumerate(Face, 1)}
WELL, LOW = 3.5, 2.5  # of a week's mean, from 1 to 5


class Mood(StrEnum):
    """How somebody's week was."""

    WELL = "WELL"
    BETWEEN = "BETWEEN"
    LOW = "LOW"


class Share(StrEnum):
    UNDER_A_QUARTER = "UNDER_A_QUARTER"
    UNDER_HALF = "UNDER_HALF"
    UNDER_THREE_QUARTERS = "UNDER_THREE_QUARTERS"
    THREE_QUARTERS_OR_MORE = "THREE_QUARTERS_OR_MORE"


class PulseWeek(Model):
    begins_on: date = fields.DateField(primary_key=True, description="a Monday")

    class Meta:
        table = "pulse_week"


class PulseFigure(Model):
    id = fields.UUIDField(primary_key=True)
    begins_on: date = fields.DateField()
    scope_id: UUID = fields.UUIDField(description="a team, or the company")
    well = fields.CharEnumField(Share, max_length=30)
    low = fields.CharEnumField(Share, max_length=30)

    class Meta:
        table = "pulse_figure"
        unique_together = ("scope_id", "begins_on")


RECENT = Statement(
    f"""
    SELECT pulse_week.*, pulse_figure.* FROM pulse_week
    LEFT JOIN pulse_figure ON pulse_figure.begins_on = pulse_week.begins_on AND scope_id = :scope
    ORDER BY pulse_week.begins_on DESC LIMIT {SHOWN}
    """,
    PulseWeek,
    PulseFigure,
)


class Week(NamedTuple):
    """How many were well, or low; None where that is withheld, whyever."""

    begins_on: date
    well: Share | None
    low: Share | None


async def of_team(person_ids: Sequence[UUID], *, viewer: Person) -> list[list[Week]]:
    """The last twelve weeks of the viewer's team, latest first."""
    weeks = await _recent(viewer.team_id) if viewer.team_id else []
    return [weeks for _ in person_ids]


@together
async def of_company(person_ids: Sequence[UUID]) -> list[list[Week]]:
    """The last twelve weeks of everybody, latest first."""
    weeks = await _recent(COMPANY)
    return [weeks for _ in person_ids]


async def close() -> None:
    """Due work: tell of the weeks that are over."""
    for begins_on in await _due():
        begin = datetime.combine(begins_on, time(), UTC)
        said = await CheckIn.filter(day__gte=begin, day__lt=begin + WEEK)
        people = Person.filter(id__in={one.consent_id for one in said})
        team_of = dict(await people.values_list("id", "team_id"))
        await _tell(begins_on, await asyncio.to_thread(_figures, said, team_of))


@transaction
async def _tell(begins_on: date, figures: Mapping[UUID, Sequence[Mood]]) -> None:
    """Whoever writes the week tells of it; there is no second time."""
    if await inserts.added(PulseWeek(begins_on=begins_on)):
        await PulseFigure.bulk_create(
            PulseFigure(
                id=uuid4(),
                begins_on=begins_on,
                scope_id=scope,
                well=_share(moods, Mood.WELL),
                low=_share(moods, Mood.LOW),
            )
            for scope, moods in figures.items()
        )


async def _due() -> list[date]:
    today = clock.business_date()
    monday = today - timedelta(days=today.weekday())
    over = [monday - WEEK * ago for ago in range(LATE, 0, -1)]
    told = await PulseWeek.filter(begins_on__in=over).values_list("begins_on", flat=True)
    return [week for week in over if week not in told]


def _figures(
    said: Sequence[CheckIn], team_of: Mapping[UUID, UUID | None]
) -> dict[UUID, list[Mood]]:
    """The moods in each team, and in the company, of which to tell."""
    faces = defaultdict(list)
    for one in said:
        faces[one.consent_id].append(FACES[one.face])
    moods = {person: _mood(mean(values)) for person, values in faces.items()}
    teams: dict[UUID, list[Mood]] = defaultdict(list)
    others: list[Mood] = []  # who are in no team
    for person, mood in moods.items():
        team = team_of[person]
        (teams[team] if team else others).append(mood)
    told = disclosure.told(teams, others, least=LEAST)
    shown = {team: moods for team, moods in teams.items() if team in told.parts}
    return {**shown, COMPANY: [*moods.values()]} if told.whole else {}


def _mood(value: float) -> Mood:
    if value >= WELL:
        return Mood.WELL
    return Mood.LOW if value <= LOW else Mood.BETWEEN


def _share(moods: Sequence[Mood], mood: Mood) -> Share:
    quarters = 4 * list(moods).count(mood) // len(moods)
    return list(Share)[min(quarters, 3)]


async def _recent(scope: UUID) -> list[Week]:
    return [
        Week(week.begins_on, figure and figure.well, figure and figure.low)
        for week, figure in await RECENT.rows(scope=scope)
    ]
