"""What the documentation says is so."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from api.metrics import REGISTRY
from api.schema import schema
from cli.settings import table

pytestmark = pytest.mark.once

DOCS = Path(__file__).parent.parent / "docs"
OPERATING = (DOCS / "operating.md").read_text("utf-8")
CLIENTS = (DOCS / "clients.md").read_text("utf-8")


def test_operators_find_every_setting_as_it_is():
    """`python3 run.py settings` prints the table."""
    assert "\n".join(table()) in OPERATING


def test_operators_find_every_figure():
    ours = {
        family.name + "_total" * (family.type == "counter")
        for family in REGISTRY.collect()
        if family.name.startswith("breakroom_")
    }
    assert ours == set(re.findall(r"`(breakroom_\w+)`", OPERATING))


@pytest.mark.parametrize("block", re.findall(r"```graphql\n(.*?)```", CLIENTS, re.DOTALL))
def test_what_clients_are_shown_fits_the_schema(block):
    assert validate(build_schema(schema().as_str()), parse(block)) == []
