"""Where a value stands in the answer, and how far a null climbs from there."""

from typing import Any, TypeAlias

Place: TypeAlias = tuple["Place | None", Any, str | int, bool]
"""What it stands in, as a place; its dict or list; its key there; and whether it may be null.

A plain tuple, for a request makes hundreds of them.
"""


def path(place: Place | None) -> list[str | int]:
    keys: list[str | int] = []
    while place:
        place, _, key, _ = place
        keys.append(key)
    return keys[::-1]


def nullify(place: Place | None) -> bool:
    """Puts null where one may stand, here or above; whether there is such a place."""
    while place:
        above, holder, key, may_be_null = place
        if may_be_null:
            holder[key] = None
            return True
        place = above
    return False


def is_attached(place: Place, data: object) -> bool:
    """Whether it is still a part of the answer, and no null has taken the place of it all."""
    above, holder, _, _ = place
    while above:
        inner = holder
        above, holder, key, _ = above
        if not _holds(holder, key, inner):
            return False
    return holder is data


def _holds(holder: Any, key: str | int, inner: object) -> bool:
    try:
        return holder[key] is inner
    except LookupError:  # what failed was never put there
        return False
