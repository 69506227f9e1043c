"""Live: somebody who has waited for some minutes when one begins to look, and is answered then."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from community import buckets, comments, posts, vents
from community.posts import Draft, Post
from core import clock, events
from core.events import Event
from core.people import Person
from demo.conversations import Gathering
from demo.threads import HERE, read

GROUP = "tree_hole"
WAITED = timedelta(minutes=14)  # at most, and 5 minutes less at least
SOON = timedelta(seconds=40)  # after listeners were asked

ANSWER = "demo.answer"


async def wait(gathering: Gathering, rng: Random) -> None:
    """Somebody lets something out that nobody has answered yet."""
    told = await _unheard()
    colleagues = [one for one in gathering.members if one not in gathering.personas]
    author, helper = rng.sample(colleagues, 2)
    appeared = clock.rounded_up(clock.now() - WAITED, buckets.BUCKET)
    with clock.set_to(appeared - timedelta(minutes=1)):
        draft = Draft(told["text"], anonymous=True)
        post = await posts.create(gathering.group.id, draft, by=author, key=uuid4().hex)
    soon = appeared + vents.PATIENCE + SOON
    await events.record(ANSWER, due_at=soon, post=post.id, by=helper.id, text=told["answer"])


async def answer(event: Event) -> None:
    """Subscriber: of those who were there all along somebody writes back."""
    told = event.payload
    helper = await Person.get(id=told["by"])
    await comments.add(
        UUID(told["post"]), told["text"], by=helper, key=str(event.id), anonymous=True
    )


async def _unheard() -> Mapping[str, Any]:
    """What was told never, or the longest ago."""
    told: list[Mapping[str, Any]] = read(HERE / "vents.toml")["vents"]
    earlier = await Post.filter(text__in=[one["text"] for one in told]).order_by("published_at")
    heard = {post.text: post.published_at for post in earlier}
    return min(told, key=lambda one: heard.get(one["text"], datetime.min.replace(tzinfo=UTC)))
