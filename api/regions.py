"""Regions, for counsellors: where teams work, so that help is near."""

from uuid import UUID

from api.people import Team
from api.roots import mutation, payload
from community import regions
from core import people
from core.people import Person


@mutation(payload("TeamRegionPut", Team))
async def put_team_region(viewer: Person, team_id: UUID, region: str) -> people.Team:
    """Whose help lines a team sees, such as TW."""
    return await regions.put(team_id, region, by=viewer)
