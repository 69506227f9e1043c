"""However much there is, an index leads to what is asked for: PostgreSQL says how it would look."""

import re

import pytest
from tortoise.connection import get_connection

from api.composition import DUTIES, SUBSCRIBERS
from community import activity, memberships
from community.groups import Group
from community.memberships import Membership
from core import events
from core.identity import sessions
from tests.makers import a_token, client, operation
from tests.test_operations import COSTS

pytestmark = pytest.mark.only("postgres")

#: Tables that do not grow.
FEW = {"badge", "budget", "help_card", "on_call_turn", "reward", "rule", "site", "terms"}
ANEW = {'DELETE FROM "tag_link"'}  # what is made anew goes as a whole


async def scanned(statements: list[str]) -> set[str]:
    """The tables that would be read from end to end, even if that were dear."""
    run = get_connection("default").execute_script
    await run("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan")
    found = set()
    for sql in statements:
        if sql not in ANEW and re.match(r"\s*(SELECT|UPDATE|DELETE)\b", sql):
            await run(f"PREPARE asked AS {sql}")
            found |= set(re.findall(r"Seq Scan on (\w+)", await plan(sql)))
            await run("DEALLOCATE asked")
    return found - FEW


async def plan(sql: str) -> str:
    """Of what is prepared; a generic one, so the values do not matter."""
    count = max(map(int, re.findall(r"\$(\d+)", sql)), default=0)
    values = f"({', '.join(['NULL'] * count)})" if count else ""
    return str(await get_connection("default").execute_query_dict(f"EXPLAIN EXECUTE asked{values}"))


async def test_what_no_index_leads_to_is_noticed():
    assert await scanned(["SELECT * FROM person WHERE name = $1"]) == {"person"}


@pytest.mark.parametrize(("name", "variables"), [(name, given) for name, given, _ in COSTS])
async def test_no_operation_reads_a_table_from_end_to_end(life, statements, name, variables):
    ann, sent = await life.asks(variables)
    asked = {"query": operation(name)[0], "operationName": name, "variables": sent}
    headers = {"authorization": f"Bearer {await a_token(ann)}"}
    async with client() as http:
        statements()
        await http.post("/graphql", json=asked, headers=headers)
    assert await scanned(statements()) == set()


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: f"{duty.__module__}.{duty.__name__}")
async def test_no_duty_reads_a_table_from_end_to_end(life, statements, duty):
    statements()
    await duty()
    assert await scanned(statements()) == set()


async def test_neither_do_the_relay_and_the_watch(life, statements):
    ann, _ = await life.asks({})
    session = await sessions.open_for(ann, device="phone")
    groups = await Group.all().values_list("id", flat=True)
    members = await Membership.all().values_list("id", flat=True)
    statements()
    await events.deliver(SUBSCRIBERS)
    await events.backlog()
    await events.failed(limit=10)
    await sessions.alive([session.session.id])
    await memberships.alive(members)
    await activity.newest(groups)
    assert await scanned(statements()) == set()
