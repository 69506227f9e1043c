from hypothesis import given
from hypothesis import strategies as st

from core.personnel import staff_surveys

NUMBERS = st.sampled_from("ABCDEFGH")


def test_whoever_reports_to_themselves_is_on_a_circle():
    managers = {"A": "B", "B": "C", "C": "A", "D": "A", "E": "E", "F": "G"}
    circle = ["A", "B", "C"]
    assert staff_surveys.circles(managers) == {"A": circle, "B": circle, "C": circle, "E": ["E"]}


def reaches_itself(number: str, managers: dict[str, str]) -> bool:
    above = managers.get(number)
    for _ in managers:
        if above == number:
            return True
        above = managers.get(above)
    return False


@given(st.dictionaries(NUMBERS, NUMBERS))
def test_a_number_is_on_a_circle_exactly_when_walking_up_returns_to_it(managers):
    expected = {number for number in managers if reaches_itself(number, managers)}
    assert staff_surveys.circles(managers).keys() == expected


def test_a_long_line_is_walked_once():
    managers = {str(n): str(n + 1) for n in range(100_000)}
    assert staff_surveys.circles(managers) == {}
