"""Thousands of runs of generated operations in a garden full of faults: the answers agree."""

from collections import Counter
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.operations import Operation, WrongDocument
from core.errors import Refused
from core.people import Person
from tests.engine import garden
from tests.engine.executors import Both, essence
from tests.engine.garden import Season
from tests.engine.turnstile import Turnstile

pytestmark = pytest.mark.once

DOCUMENTS = 1000
SEASONS = 3  # in which other things are ill
IDS = [*(f"tree_{n:032x}" for n in range(1, 9)), f"bird_{3:032x}", f"cat_{5:032x}"]
PAGES = [0, 1, 2, 2, 3, 4]
VALUES_ILL = [10, 40, 200, 10**9]  # one in so many
CALLS_ILL = [8, 30, 10**9]


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # graphql-core forgets some
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # and says so late
async def test_generated_operations_have_the_same_answer_whatever_fails():
    both, found = Both(garden.schema()), Counter()
    with capture_logs():  # of thousands of faults
        for seed in range(DOCUMENTS):
            for ours, usual in await answers(both, seed):
                assert essence(ours) == essence(usual), seed
                found["same"] += ours == usual
                found["compared"] += 1
                found["failed"] += b'"errors"' in usual
                found["nulled"] += b'"data":null' in usual

    assert found["compared"] > DOCUMENTS * SEASONS * 0.9
    assert found["failed"] > found["compared"] * 0.4
    assert found["nulled"] > found["compared"] * 0.1
    assert found["same"] > found["compared"] * 0.99


async def answers(both: Both, seed: int) -> list[tuple[bytes, bytes]]:
    generator = both.generator(seed, IDS, PAGES)
    document, variables = generator.operation("query" if seed % 3 else "mutation")
    try:
        operation = both.operation(document)
    except (Refused, WrongDocument):
        return []
    seasons = range(seed * SEASONS, (seed + 1) * SEASONS)
    return [await in_season(both, season, operation, variables) for season in seasons]


async def in_season(
    both: Both, season: int, operation: Operation, variables: Any
) -> tuple[bytes, bytes]:
    ours = await both.by_plan(operation, variables, a_season(season))
    return ours, await both.usually(operation, variables, a_season(season, Turnstile()))


def a_season(seed: int, turnstile: Turnstile | None = None) -> Season:
    viewer = Person(name="Ann", number="1")
    ill = {"values": VALUES_ILL[seed % 4], "calls": CALLS_ILL[seed // 4 % 3]}
    return Season("en", "request-1", viewer=viewer, seed=seed, turnstile=turnstile, **ill)


@pytest.mark.parametrize(
    ("numbers", "step", "signed_in"),
    [([1, 2, 3], 1, True), ([4, 0, 5], 2, True), ([], 1, True), ([1], None, True), ([1], 1, False)],
)
async def test_each_event_of_a_subscription_has_the_same_answer(numbers, step, signed_in):
    both = Both(garden.schema())
    operation = both.operation("""
        subscription ($numbers: [Int!]!, $step: Int = 1) {
          groupActivity(numbers: $numbers, step: $step) {
            name parent { height } guests { __typename }
          }
        }
    """)
    variables = {"numbers": numbers, "step": step}
    for seed in range(20):
        ours, usual = a_season(seed), a_season(seed, Turnstile())
        if not signed_in:
            ours.viewer = usual.viewer = None
        with capture_logs():
            told = await both.events_by_plan(operation, variables, ours)
            assert told == await both.events_usually(operation, variables, usual)
