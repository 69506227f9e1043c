"""The shop beside a model of it: whatever people and HR do in whatever order, both agree."""

import os
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core import clock
from gamify.shop.redemptions import APPROVED, FULFILLED, READY, REJECTED, REQUESTED, RETURNED
from tests.gamify.shop.makers import findings
from tests.gamify.shop.modelled import PEOPLE, Model, a_model

EXAMPLES = int(os.environ.get("BREAKROOM_TEST_EXAMPLES", "6"))
WHO, PRIZE, ANY = st.integers(0, PEOPLE - 1), st.integers(0, 2), st.integers(0, 50)
SOME = st.lists(ANY, min_size=1, max_size=4)
STEPS = st.sampled_from([APPROVED, REJECTED, READY, FULFILLED, RETURNED])
ORDER = st.tuples(st.just("order"), WHO, PRIZE)
ONWARDS = st.tuples(st.just("step"), SOME, st.none())
ACTS = st.one_of(
    *[ORDER] * 4,
    *[ONWARDS] * 5,
    st.tuples(st.just("step"), SOME, STEPS),
    st.tuples(st.just("cancel"), ANY),
    *[st.tuples(st.just("undo"), ANY)] * 2,
    *[st.tuples(st.just("collect"), ANY)] * 2,
    st.tuples(st.just("wait"), st.integers(1, 12)),
    st.tuples(st.just("reprice"), PRIZE, st.sampled_from([200, 299, 300, 500])),
    st.tuples(st.just("archive"), PRIZE),
    st.tuples(st.just("leave"), WHO),
)
NEXT = {REQUESTED: APPROVED, APPROVED: READY, READY: FULFILLED, FULFILLED: RETURNED}


A_WHOLE_WAY = [
    ("order", 0, 0),
    ("step", [0], APPROVED),
    ("step", [0], READY),
    ("undo", 0),  # too much has followed
    ("undo", 1),
    ("step", [0], READY),
    ("collect", 0),
    ("order", 0, 1),
    ("collect", 1),
    ("step", [0, 1], RETURNED),
]


@example(acts=A_WHOLE_WAY)
@given(acts=st.lists(ACTS, min_size=15, max_size=25))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_is_done_in_whatever_order_the_model_agrees(acts):
    model = await a_model()
    for name, *given_ in acts:
        with clock.set_to(model.now):
            await act(model, name, *given_)
            await model.check()
    assert await findings() == []


async def act(model: Model, name: str, what: Any, *more: Any) -> None:
    """Any number stands for one of those that there are."""
    there = {"cancel": model.orders, "collect": model.orders, "undo": model.batches}
    if name == "wait":
        model.now += timedelta(minutes=what)
    elif name == "step" and model.orders:
        chosen = [*{n % len(model.orders): None for n in what}]
        to = more[0] or NEXT.get(model.orders[chosen[0]].state, APPROVED)
        await model.step([model.orders[n] for n in chosen], to)
    elif there.get(name):
        await getattr(model, name)(what % len(there[name]))
    elif name in {"order", "reprice", "archive", "leave"}:
        await getattr(model, name)(what, *more)
