"""Teams as their leads see them: who is new, whose day it is, which questions wait.

Nothing here tells what anybody does, earns, feels or achieves, nor anything out of support groups.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from community import blocks, buddies, memberships
from community.groups import reader
from community.posts import Post
from core import clock, pages, people
from core.database.sql import Statement
from core.pages import Connection, Listing, Page
from core.people import Grants, Person, Team

AHEAD = timedelta(days=30)  # in which anniversaries are announced
OLDEST = timedelta(days=30)  # of a question that waits

WAITING = Listing("questions of a team", "published_at")


class Newcomer(NamedTuple):
    """The first day at work is day 1."""

    person: Person
    day: int

    @property
    def person_id(self) -> UUID:
        return self.person.id


class Anniversary(NamedTuple):
    person: Person
    on: date
    years: int


QUESTIONS = pages.Each(
    Post,
    f"""is_question AND answered_at IS NULL AND deleted_at IS NULL AND hidden_at IS NULL
    AND published_at > :since AND published_at <= :now AND {blocks.unblocked("author_id")}
    AND author_id IN (SELECT person.id FROM person WHERE person.team_id = parent.id)
    AND group_id IN (SELECT membership.group_id FROM {memberships.READABLE}
                     AND community_group.kind = 'KNOWLEDGE')""",
    WAITING,
)


REPORTS = Statement(
    f"SELECT person.* FROM person WHERE {people.EMPLOYED} AND manager_id = ANY(:leads)", Person
)
MEMBERS = f"SELECT person.* FROM person WHERE {people.EMPLOYED} AND team_id = ANY(:teams)"
ALL = Statement(MEMBERS, Person)
NEW = Statement(
    f"""
    {MEMBERS} AND hired_on > :since AND hired_on <= :today ORDER BY hired_on DESC, name, id
    """,
    Person,
)


async def led(leads: Sequence[Person]) -> list[list[Team]]:
    """The teams whose members report to each supervisor; nobody else leads any."""
    supervisors = [lead.id for lead in leads if lead.may(Grants.SUPERVISOR)]
    reports = await REPORTS.rows(leads=supervisors, today=clock.business_date())
    # Leads report to somebody too, whose team theirs is not.
    members = [one for (one,) in reports if not one.may(Grants.SUPERVISOR)]
    teams = await people.teams([one.team_id for one in members])
    found: dict[UUID | None, dict[UUID, Team]] = defaultdict(dict)
    for member, team in zip(members, teams, strict=True):
        if team:
            found[member.manager_id][team.id] = team
    return [sorted(found[lead.id].values(), key=lambda team: team.name) for lead in leads]


async def questions(
    team_ids: Sequence[UUID], *, viewer: Person, page: Page
) -> list[Connection[Post]]:
    """What members asked by name in knowledge groups that the viewer reads, and nobody answered."""
    now = clock.now()
    return await QUESTIONS.read(team_ids, page, now=now, since=now - OLDEST, **reader(viewer))


async def newcomers(team_ids: Sequence[UUID]) -> list[list[Newcomer]]:
    """Who came within the last 90 days, latest first."""
    today = clock.business_date()
    found: dict[UUID | None, list[Newcomer]] = defaultdict(list)
    for (person,) in await NEW.rows(teams=team_ids, today=today, since=today - buddies.NEW):
        found[person.team_id].append(Newcomer(person, (today - person.hired_on).days + 1))
    return [found[id] for id in team_ids]


async def anniversaries(team_ids: Sequence[UUID]) -> list[list[Anniversary]]:
    """Who will have been here for so many years within the next 30 days, soonest first."""
    found: dict[UUID | None, list[Anniversary]] = defaultdict(list)
    for (person,) in await ALL.rows(teams=team_ids, today=clock.business_date()):
        if day := _anniversary(person):
            found[person.team_id].append(day)
    return [sorted(found[id], key=lambda day: (day.on, day.person.name)) for id in team_ids]


def _anniversary(person: Person) -> Anniversary | None:
    today = clock.business_date()
    if person.hired_on is None:
        return None
    for year in (today.year, today.year + 1):
        on, years = _in_year(person.hired_on, year), year - person.hired_on.year
        if today <= on < today + AHEAD and years > 0 and not _gone_by(person, on):
            return Anniversary(person, on, years)
    return None


def _in_year(day: date, year: int) -> date:
    """The 29th of February is the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _gone_by(person: Person, on: date) -> bool:
    return person.left_on is not None and person.left_on <= on
