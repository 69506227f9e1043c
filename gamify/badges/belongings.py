"""What is held of somebody's badges; who gave, or confirmed, is theirs to tell."""

from core.belongings import Belonging, Row, of, plain
from core.people import Person
from gamify.badges.awards import Award
from gamify.badges.deeds import Deed, DeedTag


async def _tags(person: Person) -> list[Row]:
    return [plain(row) for row in await DeedTag.filter(deed__person_id=person.id)]


BELONGINGS = [
    of(Award, "person_id", without=["slot", "given_by"]),
    of(Deed, "person_id", without=["confirmed_by", "gesture"]),
    Belonging(DeedTag, _tags),
]
