"""How a plan runs, what it leaves to graphql-core, and what plans cost in memory."""

import gc
import resource
from pathlib import Path

import pytest
from graphql import OperationType
from graphql.execution.values import VariableValues

import api.schema
from api import documents
from api.documents import Documents
from api.engine.compiler import Compiler
from api.engine.plan import Stream
from api.engine.plans import ROOM, Plans
from api.parameters import Parameters
from core.people import Person
from tests.engine import garden
from tests.engine.executors import Both, unplanned
from tests.engine.garden import Season
from tests.makers import OPERATIONS

pytestmark = pytest.mark.once

HEALTHY = {"values": 10**9, "calls": 10**9}
TEXTS = 2_000  # whoever kept them all would hold 20 megabytes
MEGABYTE = 2**20


@pytest.fixture
def both() -> Both:
    return Both(garden.schema())


async def called(both: Both, document: str, **variables: object) -> list[tuple[str, int]]:
    """The batches that were called, and with how many keys."""
    season = Season("en", "request-1", viewer=Person(name="Ann"), **HEALTHY)
    await both.by_plan(both.operation(document), variables, season)
    return season.called


async def test_a_batch_is_called_once_for_all_rows_of_its_level(both):
    document = """
        {
          groups(numbers: [1, 2, 3, 4, 6]) {
            birds { song }
            parent { birds { song } owner { id } }
          }
        }
    """
    assert await called(both, document) == [
        ("birds", 5),
        ("parents", 5),
        ("songs", 10),
        ("birds", 5),
        ("owners", 5),
        ("songs", 10),
    ]


async def test_ten_rows_take_as_many_calls_as_one(both):
    document = """
        query ($numbers: [Int!]!) {
          groups(numbers: $numbers) {
            branches { edges { node { parent { name } twigs(first: 2) { edges { cursor } } } } }
            guests { ... on Bird { nest { song } } ... on Tree { parent { song } } }
          }
        }
    """
    one = await called(both, document, numbers=[1])
    ten = await called(both, document, numbers=[*range(1, 11)])
    assert [name for name, _ in ten] == [name for name, _ in one]


async def test_fields_with_the_same_arguments_share_a_call_and_others_do_not(both):
    document = """
        {
          groups(numbers: [1, 2]) {
            song
            loud: song(loud: true)
            again { alike: song(loud: false) }
          }
        }
    """
    assert await called(both, document) == [("songs", 4), ("songs", 2)]


async def test_a_call_whose_rows_are_all_gone_is_not_made(both):
    season = Season("en", "request-1", seed=3, values=1, calls=10**9)
    document = "{ groups(numbers: [1]) { name song } }"
    await both.by_plan(both.operation(document), {}, season)
    assert season.called == []


async def test_roots_of_a_mutation_are_done_one_after_the_other_and_of_a_query_by_level(both):
    fields = "parent { song }"
    mutation = f"""
        mutation {{
          a: createPost(draft: {{name: "a"}}) {{ ... on TreePlanted {{ tree {{ {fields} }} }} }}
          b: createPost(draft: {{name: "b"}}) {{ ... on TreePlanted {{ tree {{ {fields} }} }} }}
        }}
    """
    query = f"{{ a: viewer(number: 1) {{ {fields} }} b: viewer(number: 2) {{ {fields} }} }}"
    one, all_ = [("parents", 1), ("songs", 1)], [("parents", 2), ("songs", 2)]
    assert await called(both, mutation) == one + one
    assert await called(both, query) == all_


def test_every_operation_of_a_client_has_a_plan():
    product = Both(api.schema.schema())
    for file in OPERATIONS.glob("*.graphql"):
        for operation in product.operations(file.read_text()).values():
            plan = Compiler(product.schema, operation, VariableValues({}, {})).plan()
            is_subscription = operation.kind is OperationType.SUBSCRIPTION
            assert isinstance(plan, Stream) == is_subscription


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ __schema { queryType { name } } }", {}),
        ('{ __type(name: "Tree") { name } }', {}),
        ("query ($yes: Boolean = true) { viewer { name @include(if: $yes) } }", {"yes": None}),
    ],
)
async def test_what_has_no_plan_is_left_to_graphql_core_and_counted(both, document, variables):
    operation = both.operation(document)
    season = Season("en", "request-1", **HEALTHY)
    before = unplanned()
    ours = await both.compiled.execute(operation, variables, season)
    assert ours == await both.usual.execute(operation, variables, season)
    assert unplanned() == before + 1


async def test_an_operation_is_compiled_once_for_each_choice_of_its_directives(both):
    document = """
        query ($a: Boolean!, $b: Boolean!, $n: Int!) {
          viewer(number: $n) { name @include(if: $a) nick @skip(if: $b) }
        }
    """
    operation = both.operation(document)
    for n in range(4):
        for a in (True, False):
            await both.by_plan(operation, {"a": a, "b": False, "n": n}, Season("en", "r"))
    [plans] = both.compiled.plans.values()
    assert len(plans.kept) == 2


async def test_of_the_choices_of_one_operation_only_some_are_kept(both):
    plans = await every_choice(both, times=1)
    assert len(plans.kept) == ROOM


async def test_what_fields_of_a_plan_were_given_goes_with_the_plan(both):
    plans = await every_choice(both, times=3)
    assert sum(len(known.given) for known in plans.known.values()) <= ROOM


async def every_choice(both: Both, times: int) -> Plans:
    """More of them than are kept, so that each is compiled anew every time."""
    names = [f"v{n}" for n in range(6)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: nick @include(if: ${name})" for name in names)
    text = f"query ({declared}, $number: Int) {{ viewer(number: $number) {{ {fields} name }} }}"
    for choice in [*range(2 ** len(names))] * times:
        variables = {name: bool(choice >> n & 1) for n, name in enumerate(names)}
        await both.by_plan(both.operation(text), variables | {"number": 1}, Season("en", "r"))
    [plans] = both.compiled.plans.values()
    return plans


async def test_two_thousand_texts_leave_no_more_behind_than_the_documents_that_are_kept(both):
    known = Documents(both.core)

    async def ask(numbers: range) -> None:
        for number in numbers:
            text = f"{{ nobody{number}: feed {{ edges {{ node {{ name parent {{ song }} }} }} }} }}"
            operation = known.operation(Parameters.of({"query": text}))
            await both.compiled.execute(operation, {}, Season("en", "request-1", calls=1))

    await ask(range(documents.ROOM))
    before = resident()
    await ask(range(documents.ROOM, TEXTS))
    assert resident() - before < 10 * MEGABYTE
    assert len(both.compiled.plans) == documents.ROOM


def resident() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
