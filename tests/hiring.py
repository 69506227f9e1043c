"""HR, and whom it looks after."""

from collections.abc import Collection
from typing import Any

from core import clock
from core.people import Grants, Person
from referrals import stages
from referrals.candidates import Stage
from referrals.stages import Move
from tests.makers import a_person, node
from tests.referrals.makers import a_candidate, an_hr


async def known(wanted: Collection[object], ann: Person) -> dict[str, Any]:
    """For the variables of operations: Ann is in HR where it takes that, and there are some."""
    names = {*map(str, wanted)}
    if "hr" not in names:
        return {}
    await Person.filter(id=ann.id).update(grants=Grants.HR)
    if not {"candidate", "duplicate", "hire", "moves", "pipeline"} & names:
        return {"hr": ""}
    candidate, duplicate, hire = [await a_candidate() for _ in range(3)]
    await stages.move(hire.id, Move(Stage.HIRED), by=await an_hr())
    colleague = await a_person(hired_on=clock.business_date())
    move = {"candidateId": node("candidate", candidate), "stage": "SCREENING"}
    return {
        "hr": "",
        "candidate": node("candidate", candidate),
        "duplicate": node("candidate", duplicate),
        "hire": node("candidate", hire),
        "colleague's": colleague.number,
        "moves": [move],
    }
