"""What notices say, in the language of the reader, when they are read."""

from collections.abc import Sequence

from core import people
from core.messaging import notice_kinds
from core.messaging.notice_kinds import MANNERS
from core.messaging.notices import Notice
from core.people import Person
from core.text import Language

SHOWN = 3  # people with their faces, and ...
NAMED = 2  # ... of those in the sentence


async def actors(notices: Sequence[Notice]) -> list[list[Person]]:
    """Who is in the news, the latest three."""
    shown = [notice.content.actors[:SHOWN] for notice in notices]
    found = iter(await people.named([id for ids in shown for id in ids]) if any(shown) else ())
    return [[next(found) for _ in ids] for ids in shown]


async def texts(notices: Sequence[Notice], *, language: Language) -> list[str]:
    named = await actors(notices)
    return [_said(*one, language) for one in zip(notices, named, strict=True)]


def _said(notice: Notice, actors: Sequence[Person], language: Language) -> str:
    manner, content = MANNERS[notice.kind], notice.content
    names = [person.called(language) for person in actors[:NAMED]]
    text = manner.named if names and manner.named else manner.plain
    who = notice_kinds.joined(names, len(content.actors), language) if names else ""
    return text.to(language, who=who, amount=content.amount)
