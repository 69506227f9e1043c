import pytest

from core import clock, events
from core.events import ATTEMPTS, Event

pytestmark = pytest.mark.committed


@pytest.fixture
def outbox(command):
    def run(*options: str) -> list[str]:
        done = command("outbox", *options)
        assert done.stderr == ""
        return done.stdout.splitlines()

    return run


async def set_aside(**given) -> Event:
    told = {"name": "tea.made", "error": "ValueError('Ann said no')", "due_at": clock.now()}
    gone = {"failed_at": clock.now(), "attempts": ATTEMPTS, "payload": {}}
    return await Event.create(**told | gone | given)


async def test_what_was_set_aside_is_shown_without_the_words_of_its_error(outbox):
    event = await set_aside()
    await set_aside(failed_at=None, attempts=0)
    assert outbox() == [
        f"{event.failed_at:%Y-%m-%d %H:%M:%S} tea.made {event.id}: ValueError",
        "1 events are due, 1 were set aside",
    ]


async def test_twenty_are_shown_and_the_others_counted(outbox):
    for _ in range(22):
        await set_aside()
    lines = outbox()
    assert lines[20:] == ["… and 2 more", "0 events are due, 22 were set aside"]


async def test_what_was_set_aside_is_delivered_after_all(outbox):
    event, delivered = await set_aside(), await set_aside(delivered_at=clock.now(), failed_at=None)
    seen = []

    async def subscriber(event: Event) -> None:
        seen.append(event.id)

    assert await events.deliver({"tea.made": [subscriber]}) == 0
    assert outbox("--retry") == ["1 events will be delivered again by `breakroom serve`"]

    assert await events.deliver({"tea.made": [subscriber]}) == 1
    assert seen == [event.id]
    assert (await Event.get(id=delivered.id)).attempts == ATTEMPTS
    assert outbox() == ["0 events are due, 0 were set aside"]
