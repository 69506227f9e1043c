"""Attrition: what share leaves within a year, and how that of two groups compares."""

from enum import StrEnum
from math import exp, log, sqrt
from typing import NamedTuple

from referrals.survival import Curve, Step, Z

YEAR = 365  # days
LEAST_LEFT = 5  # in a year, and ...
LEAST_WATCHED = 10  # ... watched for longer: with fewer the logarithm is far from normal


class Verdict(StrEnum):
    LOWER = "LOWER"
    HIGHER = "HIGHER"
    UNDECIDED = "UNDECIDED"
    TOO_FEW = "TOO_FEW"


class Ratio(NamedTuple):
    """Of the share that left within a year in one group to that in another, with its limits."""

    verdict: Verdict
    ratio: float | None = None
    lower: float | None = None
    upper: float | None = None


TOO_FEW = Ratio(Verdict.TOO_FEW)


def ratio(one: Curve, other: Curve) -> Ratio:
    """Too few where either group does not bear a figure.

    The limits are symmetrical for the logarithm of the ratio, whose variance is the sum of both
    groups' by the delta method: var log(1 - S) = S² · Greenwood's sum / (1 - S)², as in D. G.
    Altman, P. K. Andersen: Calculating the number needed to treat for trials where the outcome is
    time to an event. BMJ 319 (1999).
    """
    first, second = one.at(YEAR), other.at(YEAR)
    if not first or not second or not (_bears(one) and _bears(other)):
        return TOO_FEW
    value = (1 - first.share) / (1 - second.share)
    width = Z * sqrt(_variance(first) + _variance(second))
    lower, upper = exp(log(value) - width), exp(log(value) + width)
    return Ratio(_verdict(lower, upper), value, lower, upper)


def _bears(curve: Curve) -> bool:
    left = sum(step.left for step in curve.steps if step.day <= YEAR)
    return left >= LEAST_LEFT and curve.at_risk(YEAR + 1) >= LEAST_WATCHED


def _variance(step: Step) -> float:
    return step.spread * (step.share / (1 - step.share)) ** 2


def _verdict(lower: float, upper: float) -> Verdict:
    if upper < 1:
        return Verdict.LOWER
    return Verdict.HIGHER if lower > 1 else Verdict.UNDECIDED
