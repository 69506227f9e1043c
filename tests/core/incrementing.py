"""A process of its own that often reads a number and writes the next one."""

import asyncio
import sys

from api.composition import MODELS
from core.database import db
from core.events import Event
from core.transactions import transaction


@transaction
async def increment(event_id: str) -> None:
    event = await Event.select_for_update().get(id=event_id)
    event.attempts += 1
    await event.save(update_fields=["attempts"])


async def main(url: str, event_id: str, times: str) -> None:
    await db.connect(url, MODELS)
    for _ in range(int(times)):
        await increment(event_id)
    await db.disconnect()


asyncio.run(main(*sys.argv[1:]))
