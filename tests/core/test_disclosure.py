"""What is told is attacked by whoever adds and subtracts all of it, as if it were told exactly."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.disclosure import DIFFERING, crossed, fit, told

pytestmark = pytest.mark.once

LEAST = 10
MANY = [0, 1, 2] * 4
FEW = [0, 1, 2] * 3
ALIKE = [0] * 12

answers = st.lists(st.integers(0, 2), max_size=16) | st.integers(0, 16).map(lambda n: [1] * n)
rows = st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 1))
companies = st.tuples(st.lists(answers, max_size=4), answers)


def worked_out(groups: list[list[int]], others: list[int]) -> list[list[int]]:
    """The answers of each set of people whose counts follow from what is told, as sums of it."""
    shown = told(dict(enumerate(groups)), others, least=LEAST)
    atoms = [*groups, others]
    sets = [tuple(int(n == part) for n in range(len(atoms))) for part in shown.parts]
    sets += [(1,) * len(atoms)] if shown.whole else []
    found = []
    for signs in product((-1, 0, 1), repeat=len(sets)):
        sums = [
            sum(s * one[n] for s, one in zip(signs, sets, strict=True)) for n in range(len(atoms))
        ]
        if {*sums} <= {0, 1} and any(sums):
            found.append([a for n, atom in enumerate(atoms) if sums[n] for a in atom])
    return [one for one in found if one]


@given(companies)
def test_whatever_follows_is_about_many_who_differ(company):
    for group in worked_out(*company):
        assert len(group) >= LEAST
        assert len(group) - Counter(group).most_common(1)[0][1] >= DIFFERING


@given(companies)
def test_no_more_is_withheld_than_must_be(company):
    groups, others = company
    shown = told(dict(enumerate(groups)), others, least=LEAST)
    fit = [g for g in groups if len(g) >= LEAST and len(g) - max(Counter(g).values()) >= DIFFERING]
    assert len(shown.parts) >= (len(fit) - 1 if shown.whole else 0)


def test_a_small_team_alone_takes_another_one_with_it():
    parts = {"a": MANY, "b": MANY * 2, "few": FEW}
    assert told(parts, least=LEAST) == (True, {"b"})


def test_two_small_teams_hide_each_other():
    assert told({"a": MANY, "few": FEW, "others": FEW}, least=LEAST) == (True, {"a"})


def test_a_team_that_agrees_is_no_more_told_than_a_small_one():
    assert told({"a": MANY, "b": MANY * 2, "alike": ALIKE}, least=LEAST) == (True, {"b"})
    assert told({"a": MANY, "b": MANY * 2, "alike": [*ALIKE, 1]}, least=LEAST) == (True, {"b"})
    both = {"a", "b", "alike"}
    assert told({"a": MANY, "b": MANY, "alike": [*ALIKE, 1, 2]}, least=LEAST) == (True, both)


def test_who_is_in_no_team_is_protected_too():
    assert told({"a": MANY, "b": MANY * 2}, FEW, least=LEAST) == (True, {"b"})
    assert told({"a": MANY}, FEW, least=LEAST) == (True, set())
    assert told({"a": MANY}, MANY, least=LEAST) == (True, {"a"})


def test_of_a_small_company_nothing_is_told():
    assert told({"a": FEW}, least=LEAST) == (False, set())
    assert told({}, least=LEAST) == (False, set())


def test_every_pair_of_sizes_holds():
    for one, other in combinations(range(25), 2):
        parts = {"one": [n % 3 for n in range(one)], "other": [n % 3 for n in range(other)]}
        shown = told(parts, least=LEAST)
        hidden = sum(len(parts[part]) for part in parts.keys() - shown.parts)
        assert not shown.parts or hidden == 0 or hidden >= LEAST


def worked_out_of_both(people):
    """As `worked_out`, where one told whole is cut in two ways."""
    first, second = crossed(people, least=LEAST)
    atoms = sorted({person[:2] for person in people})
    sets = [[one == part for one, _ in atoms] for part in first]
    sets += [[other == part for _, other in atoms] for part in second]
    sets.append([True] * len(atoms))
    for signs in product((-1, 0, 1), repeat=len(sets)):
        sums = [
            sum(s * one[n] for s, one in zip(signs, sets, strict=True)) for n in range(len(atoms))
        ]
        if {*sums} <= {0, 1} and any(sums):
            within = {atom for n, atom in enumerate(atoms) if sums[n]}
            yield [answer for *atom, answer in people if tuple(atom) in within]


@given(st.lists(st.tuples(rows, st.integers(1, 12)), min_size=8, max_size=14))
def test_what_two_ways_of_cutting_tell_together_is_about_many_who_differ(counted):
    people = [row for row, times in counted for _ in range(times)]
    if fit([answer for *_, answer in people], LEAST):
        for group in worked_out_of_both(people):
            assert fit(group, LEAST), group


def test_a_site_that_opened_last_year_is_not_told_beside_that_years_cohort():
    """All but five of the year's people came to the new site: less the site, the year is them."""
    old = [("2024", "old", n % 2) for n in range(30)]
    new = [("2025", "new", n % 2) for n in range(30)]
    few = [("2025", "old", n % 2) for n in range(5)]

    assert crossed([*old, *new], least=LEAST) == ({"2024", "2025"}, {"old", "new"})
    years, sites = crossed([*old, *new, *few], least=LEAST)
    assert (years, len(sites)) == ({"2024", "2025"}, 0)
    both = {"2024", "2025"}, {"old", "new"}
    assert crossed([*old, *new, *few, *few], least=LEAST) == both
