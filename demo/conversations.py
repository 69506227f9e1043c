"""Conversations: a thread as it comes to pass, through the services that clients use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID, uuid4

from community import buckets, comments, posts, reactions, thanks
from community.comments import Comment
from community.groups import Group
from community.posts import Draft, Post
from community.reactions import ReactionKind
from core import clock
from core.media.uploads import Purpose
from core.people import Person
from demo import pictures, scenes
from demo.agenda import Act
from demo.threads import ANYBODY, ASKER, Reply, Thread, Words

PAUSE = (3, 40)  # minutes until somebody replies, unless the thread tells
LATER = timedelta(hours=2)  # after which people react, on average


@dataclass
class Said:
    """What was said: known to the database once it was."""

    words: Words
    by: Person
    kind: type[Post | Comment]
    id: UUID | None = None

    @property
    def known(self) -> UUID:
        if self.id is None:
            raise LookupError(self.words.text)
        return self.id


@dataclass
class Gathering:
    """A group with those who belong to it."""

    group: Group
    members: list[Person]
    cast: dict[str, Person]
    personas: set[Person]

    def here(self, moment: datetime) -> list[Person]:
        """Who worked here by then."""
        day = clock.business_date(moment)
        return [one for one in self.members if one.hired_on is None or one.hired_on < day]

    def shown(self, moment: datetime) -> datetime:
        """When what is said at that moment appears."""
        with clock.set_to(moment):
            return buckets.shown_at(self.group)


class Conversation:
    def __init__(self, thread: Thread, gathering: Gathering, rng: Random) -> None:
        self.thread, self.gathering, self.rng = thread, gathering, rng
        self.now = clock.now()
        self.began = thread.began(self.now)
        self.here = gathering.here(self.began)
        self.unnamed = self._unnamed()
        self.asker = self._speaker(thread)

    def acts(self) -> Iterator[Act]:
        post = Said(self.thread, self.asker, Post)
        yield Act(self.began, partial(self._post, post))
        shown = self.gathering.shown(self.began)
        yield from self._reactions(post, shown)
        for reply in self.thread.comments:
            at = shown + timedelta(minutes=reply.after or self.rng.randint(*PAUSE))
            shown = self.gathering.shown(at)
            yield from self._replies(reply, post, at, shown)

    def _replies(self, reply: Reply, post: Said, at: datetime, shown: datetime) -> Iterator[Act]:
        said = Said(reply, self._speaker(reply), Comment)
        yield Act(at, partial(self._reply, said, post))
        yield from self._reactions(said, shown)
        if reply.accepted:
            yield Act(self._soon(shown), partial(self._thank, said, self.asker))
        for colleague in self._some(reply.me_too, but={said.by, self.asker}):
            yield Act(self._soon(shown), partial(self._thank, said, colleague))

    def _reactions(self, said: Said, shown: datetime) -> Iterator[Act]:
        words = said.words
        wanted = (words.likes, words.hugs, words.same_here)
        for kind, many in zip(ReactionKind, wanted, strict=True):
            for colleague in self._some(many, but={said.by}):
                yield Act(self._soon(shown), partial(self._react, said, kind, colleague))

    def _unnamed(self) -> Iterator[Person]:
        """Those who speak where the thread names nobody: another one each time."""
        words = [self.thread, *self.thread.comments]
        named = {self.gathering.cast.get(one.by) for one in words} | self.gathering.personas
        return iter(self._some(len(words), but=named))

    def _speaker(self, words: Words) -> Person:
        if words.by == ANYBODY:
            return next(self.unnamed)
        return self.asker if words.by == ASKER else self.gathering.cast[words.by]

    def _some(self, many: int, *, but: set[Person | None]) -> list[Person]:
        drawn = self.rng.sample(self.here, min(many + len(but), len(self.here)))
        return [one for one in drawn if one not in but][:many]

    def _soon(self, shown: datetime) -> datetime:
        """Some time after something appeared, but not later than now."""
        later = timedelta(seconds=self.rng.expovariate(1 / LATER.total_seconds()))
        return shown + min(later, (self.now - shown) * self.rng.random())

    async def _post(self, post: Said) -> None:
        thread = self.thread
        photos = [await _taken(photo, post.by) for photo in thread.photos]
        draft = Draft(thread.text, thread.is_question, thread.anonymous, thread.tags, photos)
        made = await posts.create(self.gathering.group.id, draft, by=post.by, key=uuid4().hex)
        post.id = made.id

    async def _reply(self, said: Said, post: Said) -> None:
        hidden = said.words.anonymous or (said.by is self.asker and self.thread.anonymous)
        made = await comments.add(
            post.known, said.words.text, by=said.by, key=uuid4().hex, anonymous=hidden
        )
        said.id = made.id

    async def _react(self, said: Said, kind: ReactionKind, by: Person) -> None:
        await reactions.react(said.kind, said.known, kind, by=by)

    async def _thank(self, said: Said, by: Person) -> None:
        await thanks.thank(said.known, by=by)


async def _taken(photo: str, by: Person) -> UUID:
    return await pictures.send(scenes.draw(photo), Purpose.PHOTO, by=by)
