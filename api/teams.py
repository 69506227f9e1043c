"""Teams, as those who lead them see them."""

from datetime import date

from api.challenges import TeamChallenge
from api.connections import Connection
from api.people import Person, Team
from api.posts import Post
from api.views import batch, itself, view
from community import buddies, teams
from core import people
from gamify.challenges import standings


@view(teams.Newcomer)
class TeamNewcomer:
    """The first day at work is day 1."""

    person: Person
    day: int
    buddy: Person | None = batch(buddies.of, key="person_id")


@view(teams.Anniversary)
class TeamAnniversary:
    person: Person
    on: date
    years: int


@view(people.Team)
class LedTeam:
    """For whom its members report to: nothing of what anybody does, earns, feels or achieves.

    A challenge shows the team's place alone.
    """

    team: Team = itself()
    questions: Connection[Post] = batch(teams.questions)
    newcomers: list[TeamNewcomer] = batch(teams.newcomers)
    anniversaries: list[TeamAnniversary] = batch(teams.anniversaries)
    challenges: list[TeamChallenge] = batch(standings.of_teams)
