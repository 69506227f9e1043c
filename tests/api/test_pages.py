from contextlib import AsyncExitStack
from ipaddress import ip_network

import pytest
from pydantic import SecretStr
from tortoise.connection import get_connection

from api.composition import MODELS
from core import health, settings
from core.database import migrations
from tests.api.edge import get

NO_DATABASE = "does not answer: start it, or correct BREAKROOM_DATABASE"


async def test_a_process_that_lives_says_so():
    answer = await get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_what_has_all_it_needs_is_ready():
    answer = await get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "problems": {}})


async def test_a_database_that_lacks_migrations_is_told_from_one_that_has_them(empty_database):
    async with migrations.opened(empty_database, MODELS, migrations.PACKAGE):
        answer = await get("/readyz")
    lacking = ", ".join(sorted(migrations.known()))
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "problems": {"database": f"lacks {lacking}: run `breakroom migrate`"},
    }


async def test_a_database_that_cannot_be_reached_is_told_without_its_address(kind, tmp_path):
    urls = {"sqlite": f"sqlite://{tmp_path}", "postgres": "postgres://me:secret@127.0.0.1:1/x"}
    async with migrations.opened(urls[kind], MODELS, migrations.PACKAGE):
        answer = await get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "problems": {"database": NO_DATABASE}}


@pytest.mark.committed
async def test_a_database_that_keeps_us_waiting_is_not_ready(kind, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    connections = 1 if kind == "sqlite" else settings.current().database_connections
    async with AsyncExitStack() as taken:
        for _ in range(connections):
            await taken.enter_async_context(get_connection("default").acquire_connection())
        answer = await get("/readyz")
    assert (answer.status_code, answer.json()["problems"]) == (503, {"database": NO_DATABASE})
    assert (await get("/readyz")).status_code == 200


async def test_without_its_redis_the_service_goes_on_and_says_so(set_limits):
    set_limits(redis="redis://:secret@127.0.0.1:1")
    answer = await get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "problems": {"redis": "does not answer: start it, or correct BREAKROOM_REDIS"},
    }


async def test_a_redis_that_answers_is_no_problem(set_limits, redis_url):
    set_limits(redis=redis_url)
    assert (await get("/readyz")).json() == {"ready": True, "problems": {}}


@pytest.mark.committed
async def test_metrics_are_read_from_this_machine_alone():
    assert (await get("/metrics")).status_code == 200
    assert (await get("/metrics", "::1")).status_code == 200
    assert (await get("/metrics", "203.0.113.9")).status_code == 404


@pytest.mark.committed
async def test_metrics_are_not_read_through_a_proxy_on_this_machine():
    assert (await get("/metrics", x_forwarded_for="127.0.0.1")).status_code == 404
    assert (await get("/metrics", forwarded="for=127.0.0.1")).status_code == 404


@pytest.mark.committed
async def test_metrics_are_read_from_chosen_addresses_or_with_a_token(set_limits):
    set_limits(metrics_from=(ip_network("10.1.0.0/16"),), metrics_token=SecretStr("t0ken"))
    assert (await get("/metrics", "10.1.2.3")).status_code == 200
    assert (await get("/metrics")).status_code == 404
    assert (await get("/metrics", authorization="Bearer t0ken")).status_code == 200
    assert (await get("/metrics", authorization="Bearer token")).status_code == 404
    assert (await get("/metrics", authorization="Bearer ")).status_code == 404
