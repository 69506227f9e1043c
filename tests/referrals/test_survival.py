"""Checked against a published example, and against the curves of lifelines."""

import math
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.survival import Curve, Median, Stay

pytestmark = pytest.mark.once

#: Weeks in remission of children with acute leukemia (E. J. Freireich and others: The Effect of
#: 6-Mercaptopurine on the Duration of Steroid-induced Remissions in Acute Leukemia. Blood 21,
#: 1963), as in D. R. Cox, D. Oakes: Analysis of Survival Data (1984), table 1.1.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def read(weeks: str) -> Curve:
    return Curve.of(Stay(int(week.rstrip("+")), not week.endswith("+")) for week in weeks.split())


def test_the_treated_children_are_as_published():
    curve = read(TREATED)

    told = [(s.day, s.at_risk, s.left, s.censored, round(s.share, 3)) for s in curve.steps]
    assert told == [
        (6, 21, 3, 0, 0.857),
        (7, 17, 1, 1, 0.807),
        (10, 15, 1, 1, 0.753),
        (13, 12, 1, 2, 0.690),
        (16, 11, 1, 0, 0.627),
        (22, 7, 1, 3, 0.538),
        (23, 6, 1, 0, 0.448),
    ]
    errors = [round(step.share * math.sqrt(step.spread), 4) for step in curve.steps]
    assert errors == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    limits = [(round(step.lower, 3), round(step.upper, 3)) for step in curve.steps]
    assert limits[0] == (0.620, 0.952)
    assert limits[-1] == (0.188, 0.680)
    assert (curve.n, curve.left, curve.censored) == (21, 9, 12)
    assert curve.median == Median(23, 13, None)


def test_the_other_children_all_relapsed():
    curve = read(PLACEBO)

    assert [round(curve.at(week).share, 4) for week in (1, 5, 8, 12, 22)] == [
        *(0.9048, 0.5714, 0.3810, 0.1905, 0.0476),
    ]
    assert curve.median == Median(8, 4, 11)
    end = curve.steps[-1]
    assert (end.day, end.share, end.lower, end.upper) == (23, 0, None, None)
    assert curve.at(100) == end


def test_who_is_still_here_is_no_success():
    """Nine new colleagues say nothing about the second month."""
    curve = Curve.of([Stay(40, left=True), *[Stay(10, left=False)] * 9])

    assert (curve.at(40).at_risk, curve.at(40).share) == (1, 0)
    assert (curve.at(39).share, curve.at_risk(10), curve.at_risk(11)) == (1, 10, 1)


def test_beyond_what_was_watched_nothing_is_known():
    curve = read(TREATED)

    assert curve.at(35).share == curve.steps[-1].share
    assert curve.at(36) is None
    assert Curve.of([]).at(0) is None


def test_before_anybody_left_there_are_no_limits():
    start = read(TREATED).at(5)

    assert (start.share, start.lower, start.upper) == (1, None, None)
    assert Curve.of([Stay(5, left=False)]).median == Median(None, None, None)


def test_half_is_half_however_it_was_multiplied():
    curve = Curve.of([*(Stay(day, left=True) for day in range(1, 6)), *[Stay(9, left=False)] * 5])

    assert curve.steps[4].share == pytest.approx(0.5)
    assert curve.median.days == 5


stays = st.lists(st.builds(Stay, st.integers(1, 40), st.booleans()), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def fitter():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its imports say is not about us
        from lifelines import KaplanMeierFitter  # noqa: PLC0415  # takes seconds

    return KaplanMeierFitter


@given(given_stays=stays)
@settings(max_examples=40, deadline=None)
def test_every_curve_is_that_of_lifelines(fitter, given_stays):
    from lifelines.utils import median_survival_times  # noqa: PLC0415  # as above

    curve = Curve.of(given_stays)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it divides by 0 where everybody has left
        theirs = fitter().fit([stay.days for stay in given_stays], [s.left for s in given_stays])
    shares, limits = theirs.survival_function_, theirs.confidence_interval_

    for step in curve.steps:
        assert step.share == pytest.approx(shares.loc[step.day].item())
        if 0 < step.share < 1:
            assert [step.lower, step.upper] == pytest.approx(limits.loc[step.day].to_list())
        row = theirs.event_table.loc[step.day]
        assert (step.at_risk, step.left) == (row["at_risk"], row["observed"])
    if any(step.share == pytest.approx(0.5) for step in curve.steps):
        return  # where theirs takes a day or the next one, as rounding falls
    medians = [theirs.median_survival_time_, *median_survival_times(limits).iloc[0]]
    assert [days if days is not None else math.inf for days in curve.median] == medians
