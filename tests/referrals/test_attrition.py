import pytest

from referrals.attrition import TOO_FEW, Ratio, Verdict, ratio
from referrals.survival import Curve, Stay


def curve(left: int, stayed: int, *, days: int = 100) -> Curve:
    return Curve.of([*[Stay(days, left=True)] * left, *[Stay(400, left=False)] * stayed])


def test_where_nobody_is_censored_it_is_the_ratio_of_two_proportions():
    """With the limits of D. Katz and others (1978): sqrt(1/10 - 1/100 + 1/40 - 1/100) is 0.324."""
    found = ratio(curve(10, 90), curve(40, 60))

    assert found.verdict is Verdict.LOWER
    assert [found.ratio, found.lower, found.upper] == pytest.approx(
        [0.25, 0.1325, 0.4718], abs=1e-4
    )


def test_the_other_way_round_it_is_higher():
    found = ratio(curve(40, 60), curve(10, 90))

    assert found.verdict is Verdict.HIGHER
    assert [found.ratio, found.lower, found.upper] == pytest.approx([4, 2.1196, 7.5489], abs=1e-4)


def test_limits_on_both_sides_of_one_decide_nothing():
    found = ratio(curve(10, 40), curve(12, 40))

    assert (found.verdict, found.lower < 1 < found.upper) == (Verdict.UNDECIDED, True)


@pytest.mark.parametrize("few", [curve(4, 96), curve(96, 9), curve(10, 90, days=366), Curve.of([])])
def test_few_who_left_or_were_watched_for_a_year_are_too_few_to_say(few):
    assert ratio(few, curve(40, 60)) == ratio(curve(40, 60), few) == TOO_FEW
    assert Ratio(Verdict.TOO_FEW) == TOO_FEW


def test_who_left_on_the_anniversary_left_within_the_year():
    assert ratio(curve(10, 90, days=365), curve(10, 90)).ratio == pytest.approx(1)
