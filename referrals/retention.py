"""Retention: how long people stay, by the channel through which they were hired.

A curve is about employments: who is hired again counts anew. It is told of everybody, of each
channel, and of a channel in one year of hiring or in one department; each only where it is about
enough people, and where nothing about fewer can be worked out from all that is told.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from core import clock, disclosure, settings
from core.people import HireChannel
from core.personnel import employments
from core.personnel.employments import Employment
from referrals import attrition
from referrals.attrition import TOO_FEW, Ratio
from referrals.survival import Curve, Stay

LEAST = 10  # people
YEARS = 5  # of hiring, the last ones, that are told each for itself
MARKS = (30, 90, 180, 365, 730, 1095)  # days


class Scope(NamedTuple):
    """Of whom: everybody, those hired in a year, or those whose last department it is."""

    year: int | None = None
    department: str | None = None


COMPANY = Scope()


class Hire(NamedTuple):
    channel: HireChannel
    year: int
    department: str
    stay: Stay


class Mark(NamedTuple):
    """What holds on a day; no share where nobody was watched for so long."""

    day: int
    at_risk: int
    share: float | None
    lower: float | None
    upper: float | None


class Retention(NamedTuple):
    """Of a channel, or of everybody; no curve where it is withheld, whyever."""

    channel: HireChannel | None
    curve: Curve | None


class Group(NamedTuple):
    scope: Scope
    retentions: Sequence[Retention]

    @property
    def year(self) -> int | None:
        return self.scope.year

    @property
    def department(self) -> str | None:
        return self.scope.department


class Report(NamedTuple):
    """`attrition` compares those whom colleagues referred with all others."""

    as_of: date
    attrition: Ratio
    groups: Sequence[Group]


Told = dict[tuple[Scope, HireChannel | None], Curve]


async def report() -> Report:
    """As of today."""
    today = clock.business_date()
    begun = await employments.begun(since=settings.current().hires_known_since)
    return await asyncio.to_thread(_report, [_hire(one, today) for one in begun], today)


async def marks(curves: Sequence[Curve]) -> list[list[Mark]]:
    return [marked(curve) for curve in curves]


def marked(curve: Curve) -> list[Mark]:
    return [_mark(curve, day) for day in MARKS]


def _hire(employment: Employment, today: date) -> Hire:
    hired_on, left_on = employment.hired_on, employment.left_on
    left = left_on is not None and left_on <= today
    until = max(left_on, hired_on) if left_on and left else today
    stay = Stay((until - hired_on).days, left)
    return Hire(employment.channel, hired_on.year, employment.department, stay)


def _mark(curve: Curve, day: int) -> Mark:
    step, at_risk = curve.at(day), curve.at_risk(day)
    if step is None:
        return Mark(day, at_risk, None, None, None)
    return Mark(day, at_risk, step.share, step.lower, step.upper)


def _report(hires: Sequence[Hire], today: date) -> Report:
    told = _told(hires, today)
    scopes = [COMPANY]
    scopes += [Scope(year=year) for year in sorted({one.year for one in hires} & _years(today))]
    scopes += [Scope(department=name) for name in sorted({one.department for one in hires} - {""})]
    return Report(today, _attrition(hires, told), [_group(scope, told) for scope in scopes])


def _group(scope: Scope, told: Told) -> Group:
    channels = [None, *HireChannel] if scope is COMPANY else [*HireChannel]
    return Group(scope, [Retention(channel, told.get((scope, channel))) for channel in channels])


def _told(hires: Sequence[Hire], today: date) -> Told:
    parts = defaultdict(list)
    for one in hires:
        parts[one.channel].append(one)
    answers = {channel: [one.stay.left for one in them] for channel, them in parts.items()}
    whole, channels = disclosure.told(answers, least=LEAST)
    told: Told = {(COMPANY, None): _curve(hires)} if whole else {}
    for channel, them in parts.items():
        if channel in channels:
            told[COMPANY, channel] = _curve(them)
            told |= {(scope, channel): curve for scope, curve in _within(them, today)}
    return told


def _within(hires: Sequence[Hire], today: date) -> Iterable[tuple[Scope, Curve]]:
    """Of one channel, by year and by department."""
    recent = _years(today)
    rows = [(one.year if one.year in recent else 0, one.department, one.stay.left) for one in hires]
    years, departments = disclosure.crossed(rows, least=LEAST)
    for year in years - {0}:
        yield Scope(year=year), _curve(one for one in hires if one.year == year)
    for name in departments - {""}:
        yield Scope(department=name), _curve(one for one in hires if one.department == name)


def _years(today: date) -> set[int]:
    return {today.year - ago for ago in range(YEARS)}


def _curve(hires: Iterable[Hire]) -> Curve:
    return Curve.of(one.stay for one in hires)


def _attrition(hires: Sequence[Hire], told: Told) -> Ratio:
    referred = told.get((COMPANY, HireChannel.REFERRAL))
    if referred is None:
        return TOO_FEW
    return attrition.ratio(
        referred, _curve(one for one in hires if one.channel is not HireChannel.REFERRAL)
    )
