"""Results: robots of groups say that a challenge is over; who won is for the app to show."""

from core.events import Event
from core.messaging.announcements import News, announce
from core.text import Text
from gamify.challenges.challenges import Challenge

OVER = Text(
    "The challenge “{title}” is over. Open Breakroom to see how it went.",
    "挑战赛“{title}”结束了，打开茶水间看看结果吧。",
    "挑戰賽「{title}」結束了，打開茶水間看看結果吧。",
)


async def say(event: Event) -> None:
    """Subscriber: once, however often it is delivered."""
    challenge = await Challenge.get(id=event.payload["challenge"])
    await announce(News(f"challenge {challenge.id}", OVER, {"title": challenge.title}))
