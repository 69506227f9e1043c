"""Holidays: on which days HR works."""

from datetime import date

from api.roots import mutation, query
from api.views import view
from core.people import Person
from gamify.shop import holidays


@view(holidays.Holiday)
class Holiday:
    """A day off, or one that is worked although it is at a weekend."""

    day: date
    name: str
    is_worked: bool


@view(holidays.Days)
class HolidaysPut:
    """The days around them as they are now."""

    holidays: list[Holiday]


@query(list[Holiday])
async def holidays_(viewer: Person, since: date, until: date) -> list[holidays.Holiday]:
    """Both days included, at most a year and a month apart."""
    return await holidays.listed(since=since, until=until)


@mutation(HolidaysPut)
async def put_holidays(
    viewer: Person, since: date, until: date, name: str, *, is_worked: bool = False
) -> holidays.Days:
    """Say how these days are, both included."""
    return await holidays.put(since, until, name, is_worked=is_worked, by=viewer)


@mutation(HolidaysPut)
async def remove_holidays(viewer: Person, since: date, until: date) -> holidays.Days:
    """Let these days be as others of their weekday."""
    return await holidays.remove(since, until, by=viewer)
