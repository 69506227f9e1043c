"""Groups of people that the policy speaks of.

`REACHED` fields may be read by whoever could reach their object: every object is reached through
one function of its noun (`posts.visible`), which raises unless the viewer may.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from community.counsellors import counsels
from core.people import Grants, Person


@dataclass(frozen=True)
class Who:
    """A group of people, told from the viewer and the row at hand."""

    name: str
    holds: Callable[[Person | None, Any], bool]

    def __or__(self, other: "Who") -> "Who":
        return Who(
            f"{self.name} | {other.name}",
            lambda viewer, row: self.holds(viewer, row) or other.holds(viewer, row),
        )


def _granted(grants: Grants) -> Who:
    return Who(str(grants.name), lambda viewer, _: viewer is not None and viewer.may(grants))


ANYONE = Who("ANYONE", lambda viewer, row: True)
REACHED = Who("REACHED", lambda viewer, row: True)
EMPLOYEE = Who("EMPLOYEE", lambda viewer, row: viewer is not None)
SELF = Who("SELF", lambda viewer, row: viewer is not None and viewer.id == row.id)
SUBJECT = Who("SUBJECT", lambda viewer, row: viewer is not None and viewer.id == row.person_id)
BUYER = Who("BUYER", lambda viewer, row: viewer is not None and viewer.id == row.buyer_id)
PINNER = Who("PINNER", lambda viewer, row: viewer is not None and viewer.id == row.pinned_by_id)
SUPERVISOR = _granted(Grants.SUPERVISOR)
HR = _granted(Grants.HR)
ADMIN = _granted(Grants.ADMIN)
MODERATOR = _granted(Grants.MODERATOR)
COUNSELLOR = Who("COUNSELLOR", lambda viewer, row: viewer is not None and counsels(viewer))
