"""A supplier hears of what was approved, signed, until they have taken it."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from api.composition import SUBSCRIBERS
from core import clock, events
from core.messaging import webhooks
from core.messaging.webhooks import WebhookCall
from gamify.shop import undoing
from gamify.shop.redemptions import APPROVED
from tests.core.makers import chosen
from tests.gamify.shop.makers import a_reward, an_hr, an_order, approval_from, stepped
from tests.receivers import receiving

SAMPLE = Path(__file__).parents[3] / "docs" / "supplier_receiver.py"
SETTINGS = {"supplier_url": "{url}/orders", "supplier_secret": "s3cret", "supplier_private": "true"}


async def delivered(minutes: float = 0) -> None:
    with clock.set_to(clock.now() + timedelta(minutes=minutes)):
        while await events.deliver(SUBSCRIBERS):
            pass


async def test_what_is_approved_is_told_once_it_can_not_be_undone():
    async with receiving(**SETTINGS) as supplier:
        order, undone = await an_order(), await an_order()
        await stepped(order, APPROVED)
        [batch] = await stepped(undone, APPROVED)
        await undoing.undo(batch.id, by=await an_hr())
        await delivered(9)
        assert await webhooks.send() == 0
        await delivered(11)
        await delivered(11)
        with clock.set_to(clock.now() + timedelta(minutes=12)):
            assert (await webhooks.send(), await webhooks.send()) == (1, 0)

        [call] = supplier.messages
        timestamp = call.headers["webhook-timestamp"]
        expected = webhooks.signature(order.id.hex, timestamp, call.body, b"s3cret")
        assert call.headers["webhook-signature"] == expected
        assert (call.path, call.json["type"]) == ("/orders", "redemption.approved")
        assert call.json["data"]["order"] == order.id.hex
        assert call.json["data"]["site"] == "Chengdu"
        assert str(order.buyer_id.hex) not in call.body.decode()
    assert not await WebhookCall.exists()


async def test_what_needs_no_approval_is_told_at_once():
    await approval_from(1000)
    async with receiving(**SETTINGS) as supplier:
        await an_order(await a_reward())
        await delivered()
        assert await webhooks.send() == 1
        assert len(supplier.messages) == 1


async def test_what_a_supplier_does_not_take_is_tried_again_and_set_aside_in_the_end():
    await approval_from(1000)
    async with receiving(**SETTINGS) as supplier:
        supplier.answers = [(503, {})] * webhooks.ATTEMPTS
        await an_order(await a_reward())
        await delivered()
        now = clock.now()
        for attempt in range(webhooks.ATTEMPTS):
            with clock.set_to(now := now + timedelta(hours=3)):
                assert await webhooks.send() == 1
                if attempt == 0:
                    assert await webhooks.send() == 0  # not at once
        with clock.set_to(now + timedelta(days=3)):
            assert await webhooks.send() == 0
            [aside] = await webhooks.failed(limit=10)
            assert aside.error == "HTTP 503"
            assert await webhooks.retry() == 1
            assert await webhooks.send() == 1
    assert {call.headers["webhook-id"] for call in supplier.messages} == {aside.id.hex}
    assert not await WebhookCall.exists()


async def test_without_a_supplier_nobody_is_told():
    await approval_from(1000)
    await an_order(await a_reward())
    await delivered()
    assert not await WebhookCall.exists()


@asynccontextmanager
async def the_sample(secret: str):
    """Its process, and where it listens."""
    settings = os.environ | {"SECRET": secret}
    code = f"""
import runpy
from http.server import HTTPServer
server = HTTPServer(("127.0.0.1", 0), runpy.run_path({str(SAMPLE)!r})["Receiver"])
print(server.server_port, flush=True)
server.serve_forever()
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=settings, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process, int(await process.stdout.readline())
    finally:
        process.kill()
        await process.communicate()


@pytest.mark.only("sqlite")
async def test_the_sample_of_a_supplier_takes_what_we_sign_and_nothing_else():
    await approval_from(1000)
    async with the_sample("s3cret") as (process, port):
        url = f"http://localhost:{port}/"
        given = {"supplier_url": url, "supplier_private": "true"}
        with chosen(**given, supplier_secret="wrong"):  # noqa: S106  # of nobody
            order = await an_order(await a_reward())
            await delivered()
            await webhooks.send()
            [call] = await WebhookCall.all()
            assert call.error == "HTTP 401"
        later = clock.now() + timedelta(minutes=1)
        with chosen(**given, supplier_secret="s3cret"), clock.set_to(later):  # noqa: S106  # of nobody
            assert await webhooks.send() == 1
        assert order.id.hex in (await process.stdout.readline()).decode()
    assert not await WebhookCall.exists()
