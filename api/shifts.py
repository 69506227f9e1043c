"""Shifts: when the viewer is on duty."""

from datetime import date, datetime

from api.views import view
from core.rosters import shifts


@view(shifts.Shift)
class Shift:
    """A shift over midnight belongs to the business date it began."""

    begins_at: datetime
    ends_at: datetime
    business_date: date
