"""A company of any size, the same each time: every row follows from its number alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b, sha256
from uuid import UUID

from bench.words import name, sentences
from community.groups import GroupKind, JoinPolicy
from community.memberships import Standing
from community.reactions import ReactionKind
from core import clock
from core.people import Grants

UNTIL = datetime(2026, 10, 1, tzinfo=UTC)
APART = timedelta(minutes=1)  # one post from the next
GROUPS = 40
CIRCLES = 10  # the groups but the first are each for one tenth of the people
STAFF = 10  # the last people, who carry grants
KINDS = (GroupKind.KNOWLEDGE, GroupKind.SOCIAL, GroupKind.IDEAS)

# By turns; of the last two the halves are equal, so that totals are exact.
TAGS = ("refund", "night shift", "coffee", "parcel", "新人", "投诉", "排班")
LIKES = (4, 0, 11, 2, 5, 1, 6, 3)
COMMENTS = (2, 4, 0, 2, 1, 3, 1, 3)


@dataclass(frozen=True)
class Size:
    people: int
    posts: int

    @property
    def comments(self) -> int:
        return self.posts * sum(COMMENTS) // len(COMMENTS)

    @property
    def likes(self) -> int:
        return self.posts * sum(LIKES) // len(LIKES)


SIZES = {
    "small": Size(2_000, 20_000),
    "medium": Size(20_000, 100_000),
    "large": Size(100_000, 500_000),
}


@dataclass(frozen=True, slots=True)
class Post:
    """The post of a number, and who has to do with it."""

    number: int
    size: Size

    @property
    def id(self) -> UUID:
        return key("post", self.number)

    @property
    def group(self) -> int:
        """Every other one is in the first group, where everybody is."""
        half, odd = divmod(self.number, 2)
        return 1 + half % (GROUPS - 1) if odd else 0

    @property
    def readers(self) -> Sequence[int]:
        return members(self.group, self.size)

    @property
    def author(self) -> int:
        return self.neighbour(0)

    @property
    def comments(self) -> int:
        return COMMENTS[self.number // len(LIKES) % len(COMMENTS)]

    @property
    def likes(self) -> int:
        return LIKES[self.number % len(LIKES)]

    @property
    def published_at(self) -> datetime:
        return UNTIL - (self.size.posts - self.number) * APART

    def neighbour(self, distance: int) -> int:
        """A reader; of other distances others, up to the number of readers."""
        return self.readers[(self.number * 7919 + distance) % len(self.readers)]

    def liker(self, number: int) -> int:
        """Those from `likes` on have not liked it yet."""
        return self.neighbour(1 + number)

    def commenter(self, number: int) -> int:
        return self.neighbour(5 + 3 * number)

    def comment(self, number: int) -> UUID:
        return key("comment", self.number, number)

    def is_thanked(self, number: int) -> bool:
        """Whether its comment of this number helped the neighbour at distance 1."""
        return number == 0 and self.number % 4 == 0


@cache
def members(group: int, size: Size) -> Sequence[int]:
    return range(size.people) if group == 0 else range(group % CIRCLES, size.people, CIRCLES)


def key(*what: str | int) -> UUID:
    return UUID(bytes=blake2b(repr(what).encode(), digest_size=16).digest())


def token(person: int) -> str:
    return f"bench-{person:06}"


def people(size: Size) -> Iterator[tuple[object, ...]]:
    for n in range(size.people):
        yield key("person", n), f"B{n:06}", name(n), int(grants(n, size))


def grants(person: int, size: Size) -> Grants:
    """Of the last people one half counsels; the other may do all that counsellors may not."""
    if person < size.people - STAFF:
        return Grants.NONE
    return Grants.COUNSELLOR if person % 2 else ~Grants.COUNSELLOR


def sessions(size: Size) -> Iterator[tuple[object, ...]]:
    now, today = datetime.now(UTC), clock.business_date()
    for n in range(size.people):
        known = sha256(token(n).encode()).hexdigest()
        yield key("session", n), key("person", n), known, "bench", now, today


def groups(size: Size) -> Iterator[tuple[object, ...]]:
    for n in range(GROUPS):
        kind = KINDS[n % len(KINDS)]
        founded = UNTIL - size.posts * APART - (GROUPS - n) * APART
        yield key("group", n), f"Group {n}", kind, JoinPolicy.OPEN, len(members(n, size)), founded


def memberships(size: Size) -> Iterator[tuple[object, ...]]:
    for group in range(GROUPS):
        for n in members(group, size):
            yield (
                *(key("membership", group, n), key("group", group), key("person", n)),
                *(Standing.MEMBER, UNTIL, UNTIL.date()),
            )


def posts(size: Size) -> Iterator[tuple[object, ...]]:
    for post in (Post(n, size) for n in range(size.posts)):
        yield (
            *(post.id, key("group", post.group), key("person", post.author)),
            *(sentences(post.number, 4), post.published_at, post.comments, post.likes),
        )


def tags(size: Size) -> Iterator[tuple[object, ...]]:
    for tag in TAGS:
        yield key("tag", tag), tag, tag, key("tag", tag)


def taggings(size: Size) -> Iterator[tuple[object, ...]]:
    """Every third post has a tag."""
    for n in range(0, size.posts, 3):
        yield key("tagging", n), key("tag", TAGS[n % len(TAGS)]), key("post", n), 0


def comments(size: Size) -> Iterator[tuple[object, ...]]:
    for post in (Post(n, size) for n in range(size.posts)):
        for n in range(post.comments):
            at = post.published_at + (n + 1) * APART / 10
            yield (
                *(post.comment(n), post.id, key("person", post.commenter(n))),
                *(sentences(post.number + 7 * n, 2), at, True, int(post.is_thanked(n))),
            )


def thanks(size: Size) -> Iterator[tuple[object, ...]]:
    for post in (Post(n, size) for n in range(size.posts)):
        for n in range(post.comments):
            if post.is_thanked(n):
                actor = str(key("person", post.neighbour(1)))
                yield key("thanks", post.number, n), post.comment(n), actor, False


def likes(size: Size) -> Iterator[tuple[object, ...]]:
    for post in (Post(n, size) for n in range(size.posts)):
        for n in range(post.likes):
            actor = str(key("person", post.liker(n)))
            yield key("like", post.number, n), post.id, actor, ReactionKind.LIKE
