"""Seeding: six weeks of a company's life, lived in the order in which they happened."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from random import Random

from api.composition import SHIPPED
from community import memberships
from community.groups import Group
from community.memberships import Membership, Standing
from community.posts import Post
from core import clock
from core.people import Person
from demo import company, moving_in, murmurs, threads
from demo.agenda import Act, Told, perform
from demo.conversations import Conversation, Gathering
from demo.moving_in import Founded, MovingIn
from demo.threads import Thread

HISTORY = timedelta(days=44)
WAITING = timedelta(hours=3)  # since when some wait to be let in, and some are invited
LOOKED = ((20.0, 24.0), (0.1, 1.2))  # days ago, when each looked into their groups
NEWS = timedelta(minutes=10)  # after which it is none any more
SEED = 20_260_101

#: Called with what is begun and of how many pieces it is; what it returns, with each piece done.
Track = Callable[[str, int], Told]


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


PEOPLE = {Size.SMALL: 48, Size.LARGE: 2_000}
MURMURS = {Size.SMALL: 0, Size.LARGE: 1_500}


async def seed(size: Size, track: Track) -> None:
    """Fill a database that is migrated and empty."""
    rng = _chance()
    for ship in SHIPPED:
        await ship()
    founded = await _move_in(PEOPLE[size], rng, track)
    told = [thread for circle in threads.circles() for thread in circle.threads]
    past = [thread for thread in told if not thread.is_news]
    past += murmurs.drawn(MURMURS[size], rng)
    agenda = [*await _conversations(past, rng), *await _looks(rng), *await _waiting(founded)]
    await perform(agenda, done=track("six weeks go by", len(agenda)))
    await _tell([thread for thread in told if thread.is_news], rng, track)


async def refresh(track: Track) -> None:
    """Tell something new, where nothing was said in the last minutes."""
    lately = (clock.now() - NEWS, clock.now())
    if not await Post.filter(published_at__range=lately).exists():
        await _tell(await _unheard(), _chance(), track)


async def _move_in(people: int, rng: Random, track: Track) -> Founded:
    now = clock.now()
    staff = company.of(people, rng)
    with clock.set_to(now - HISTORY):
        await company.hire(staff, today=clock.business_date(now))
        cast = await company.cast()
        founded = await moving_in.found(by=cast[moving_in.MODERATOR])
        crowd = await Person.exclude(number__in=company.numbers()).order_by("number")
        agenda = [*MovingIn(cast, crowd, rng).acts(founded, today=now)]
    await perform(agenda, done=track("people move in", len(agenda)))
    await moving_in.close_doors(founded)
    return founded


async def _tell(news: Sequence[Thread], rng: Random, track: Track) -> None:
    agenda = [*await _conversations(news, rng)]
    await perform(agenda, done=track("the last hours", len(agenda)))


async def _conversations(told: Sequence[Thread], rng: Random) -> Iterator[Act]:
    gatherings = await _gatherings()
    return (
        act for thread in told for act in Conversation(thread, gatherings[thread.group], rng).acts()
    )


async def _gatherings() -> dict[str, Gathering]:
    """By group; who belongs to it, in the order of their numbers."""
    cast = await company.cast()
    personas = {cast[key] for key in company.personas()}
    names = {circle.name: circle.key for circle in threads.circles()}
    found = {
        group.id: Gathering(group, [], cast, personas)
        for group in await Group.filter(name__in=names)
    }
    inside = Membership.filter(standing=Standing.MEMBER, group_id__in=found)
    for membership in await inside.select_related("person").order_by("person__number"):
        found[membership.group_id].members.append(membership.person)
    return {names[gathering.group.name]: gathering for gathering in found.values()}


async def _looks(rng: Random) -> Iterator[Act]:
    """The cast read what there is, now and then."""
    inside = Membership.filter(standing=Standing.MEMBER, person__number__in=company.numbers())
    rows = await inside.select_related("person").order_by("person__number", "group__name")
    now = clock.now()
    return (
        Act(
            now - timedelta(days=rng.uniform(*days)),
            partial(memberships.mark_read, row.group_id, by=row.person),
        )
        for row in rows
        for days in LOOKED
    )


async def _waiting(founded: Founded) -> Iterator[Act]:
    """Those who ask to be let in, and those who are asked to come."""
    cast, at = await company.cast(), clock.now() - WAITING
    host = cast[moving_in.MODERATOR]
    applying = [
        Act(at, partial(memberships.join, group.id, by=cast[key]))
        for circle, group in founded
        for key in circle.applied
    ]
    inviting = [
        Act(at, partial(memberships.invite, group.id, cast[key], by=host))
        for circle, group in founded
        for key in circle.invited
    ]
    return iter([*applying, *inviting])


async def _unheard() -> Sequence[Thread]:
    """Of what there is to tell, what was told never or the longest ago."""
    arrivals = threads.arrivals()
    texts = [thread.text for told in arrivals for thread in told]
    posts = await Post.filter(text__in=texts).order_by("published_at")
    heard = {post.text: post.published_at for post in posts}
    never = datetime.min.replace(tzinfo=UTC)
    return min(arrivals, key=lambda told: heard.get(told[0].text, never))


def _chance() -> Random:
    return Random(SEED)  # noqa: S311  # the same company every time
