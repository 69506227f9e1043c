"""HR, and what it looks after."""

from collections.abc import Collection

from core.people import Grants, Person


async def known(wanted: Collection[object], ann: Person) -> dict[str, str]:
    """For the variables of operations: Ann is in HR where it takes that."""
    if "hr" not in {*map(str, wanted)}:
        return {}
    await Person.filter(id=ann.id).update(grants=Grants.HR)
    return {"hr": ""}
