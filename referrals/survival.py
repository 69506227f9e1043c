"""Survival: how long people stay, estimated by the method of Kaplan and Meier.

Who is still here is censored: they count among those at risk for as long as they have been here,
and never as somebody who stayed for good.

E. L. Kaplan, P. Meier: Nonparametric Estimation from Incomplete Observations. JASA 53 (1958).
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log, sqrt
from operator import attrgetter
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
HALF = 1 / 2 + 1e-12  # a product of fractions may miss it by a rounding
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Stay(NamedTuple):
    """In days since the first; who has not left has been here for so many as yet."""

    days: int
    left: bool


class Step(NamedTuple):
    """A day on which somebody left, and the share that stayed longer.

    `censored` were watched until the step before or later, but not until this one. `spread` is
    Greenwood's sum: the variance of the share is its square times that.
    """

    day: int
    at_risk: int
    left: int
    censored: int
    share: float
    spread: float

    @property
    def lower(self) -> float | None:
        return self._limit(+1)

    @property
    def upper(self) -> float | None:
        return self._limit(-1)

    def _limit(self, sign: int) -> float | None:
        """Symmetrical for log(-log(share)), so that it stays between 0 and 1; None at either end.

        M. Greenwood: The Errors of Sampling of the Survivorship Tables (1926). J. D. Kalbfleisch,
        R. L. Prentice: The Statistical Analysis of Failure Time Data, 2nd edition (2002), 1.4.
        """
        if not 0 < self.share < 1:
            return None
        width = Z * sqrt(self.spread) / -log(self.share)
        return exp(log(self.share) * exp(sign * width))


START = Step(day=0, at_risk=0, left=0, censored=0, share=1.0, spread=0.0)


class Median(NamedTuple):
    """Days after which half have left; None where so many have not left yet.

    Its limits are the days on which those of the curve come to a half (R. Brookmeyer, J. Crowley:
    A Confidence Interval for the Median Survival Time. Biometrics 38, 1982).
    """

    days: int | None
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class Curve:
    """`stays` in order."""

    stays: Sequence[Stay]

    @classmethod
    def of(cls, stays: Iterable[Stay]) -> "Curve":
        return cls(sorted(stays))

    @property
    def n(self) -> int:
        return len(self.stays)

    @cached_property
    def left(self) -> int:
        return sum(stay.left for stay in self.stays)

    @property
    def censored(self) -> int:
        return self.n - self.left

    @cached_property
    def steps(self) -> list[Step]:
        steps: list[Step] = []
        for day, left in sorted(Counter(stay.days for stay in self.stays if stay.left).items()):
            steps.append(self._step(day, left, steps[-1] if steps else START))
        return steps

    def _step(self, day: int, left: int, before: Step) -> Step:
        at_risk = self.at_risk(day)
        stayed = at_risk - left
        return Step(
            day=day,
            at_risk=at_risk,
            left=left,
            censored=(before.at_risk or self.n) - before.left - at_risk,
            share=before.share * stayed / at_risk,
            spread=before.spread + (left / (at_risk * stayed) if stayed else 0),
        )

    def at_risk(self, day: int) -> int:
        """How many were here for at least so many days, and might have left on this one."""
        return self.n - bisect_left(self.stays, day, key=attrgetter("days"))

    def at(self, day: int) -> Step | None:
        """The step that holds on a day; None where nobody was watched for so long."""
        if not self.at_risk(day) and not (self.steps and self.steps[-1].share == 0):
            return None
        passed = bisect_right(self.steps, day, key=attrgetter("day"))
        return self.steps[passed - 1] if passed else START

    @cached_property
    def median(self) -> Median:
        return Median(
            days=self._first(step for step in self.steps if step.share <= HALF),
            lower=self._first(step for step in self.steps if (step.lower or 0) <= HALF),
            upper=self._first(step for step in self.steps if (step.upper or 0) <= HALF),
        )

    def _first(self, steps: Iterable[Step]) -> int | None:
        return next((step.day for step in steps), None)
