from click.testing import CliRunner

from api.composition import KEEPING
from cli import main


def test_every_table_is_told_with_what_becomes_of_it():
    told = CliRunner().invoke(main, ["keeping"]).output.splitlines()
    assert len(told) == len(KEEPING) + 2
    assert "| `person` | made nameless |  |" in told
    assert "| `notice` | deleted |  |" in told
    assert "| `revision` | deleted | gone 365 days after `replaced_at` |" in told
    assert "| `risk_case` | made nameless | blank 180 days after `closed_at` |" in told
    assert "| `reaction` | stays: it counts |  |" in told
