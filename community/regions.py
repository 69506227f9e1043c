"""Regions: where a team works, so that help is near."""

import re
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import audit, settings
from core.database import inserts
from core.database.sql import Statement
from core.errors import Invalid, NotFound
from core.people import Person, Team
from core.text import Text
from core.transactions import transaction

CODE = 8  # characters
INTERNATIONAL = "INTL"
WELL_FORMED = re.compile(rf"[A-Z]{{2}}(-[A-Z0-9]{{1,5}})?|{INTERNATIONAL}")


class TeamRegion(Model):
    """Of teams that are not where the organisation is."""

    team_id: UUID = fields.UUIDField(primary_key=True)
    region = fields.CharField(max_length=CODE)

    class Meta:
        table = "team_region"


OF = Statement("SELECT team_region.* FROM team_region WHERE team_id = :team", TeamRegion)


class NoRegion(Invalid):
    text = Text(
        "A region is written CN, TW, US-CA and the like, or INTL.",
        "地区请写作 CN、TW、US-CA 这样的代码，或 INTL。",
        "地區請寫作 CN、TW、US-CA 這樣的代碼，或 INTL。",
    )


class TeamNotFound(NotFound):
    text = Text("This team is not here.", "找不到这个班组。", "找不到這個班組。")


@transaction
async def put(team_id: UUID, region: str, *, by: Person) -> Team:
    """Where a team works."""
    region, team = code(region), await Team.get_or_none(id=team_id)
    if team is None:
        raise TeamNotFound
    await inserts.put(TeamRegion(team_id=team.id, region=region), "team_id")
    await audit.record("team_region.put", by=by.id, about=team.id, region=region)
    return team


def code(region: str) -> str:
    """Raises NoRegion."""
    if not WELL_FORMED.fullmatch(region):
        raise NoRegion
    return region


async def of(person: Person) -> str:
    own = await OF.rows(team=person.team_id) if person.team_id else []
    regions: list[str] = [row.region for (row,) in own]
    return regions[0] if regions else settings.current().help_region
