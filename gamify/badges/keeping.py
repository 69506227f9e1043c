"""Keeping: what becomes of badges when somebody is erased."""

from core.keeping import deleted, stays
from gamify.badges.awards import Award
from gamify.badges.deeds import Deed, DeedTag

KEEPING = [
    deleted(Award, "person_id"),
    deleted(Deed, "person_id"),
    stays(DeedTag, "it goes with its deed"),
]
