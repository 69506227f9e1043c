"""Seeding: six weeks of a company's life, lived in the order in which they happened."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import NamedTuple

from tortoise.queryset import QuerySet

from api.composition import SHIPPED
from community import listeners, memberships, pulse_weeks
from community.groups import Group, GroupKind
from community.listeners import NoSupportGroup
from community.memberships import Membership, Standing
from community.posts import Post
from core import clock
from core.people import Person
from demo import (
    alumni,
    care,
    company,
    live,
    moderation,
    moving_in,
    murmurs,
    pulses,
    referrals,
    rosters,
    shop,
    threads,
)
from demo.agenda import Act, Told, perform
from demo.contests import Contests
from demo.conversations import Conversation, Gathering
from demo.moving_in import Founded, MovingIn
from demo.recognition import Recognition
from demo.threads import Thread

HISTORY = timedelta(days=44)
WAITING = timedelta(hours=3)  # since when some wait to be let in, and some are invited
LATELY = (0.1, 1.2)  # days ago, when each looked into their groups, ...
BEFORE = (20.0, 24.0)  # ... and when they did so before
NEWS = timedelta(minutes=10)  # after which it is none any more
AGENT = "lin"
LISTENING = 3  # one in so many listens, besides the agent's team
SEED = 20_260_101

#: Called with what is begun and of how many pieces it is; what it returns, with each piece done.
Track = Callable[[str, int], Told]


class Size(NamedTuple):
    people: int  # those whom the files name, and strangers
    murmurs: int  # threads of strangers


SIZES = {"small": Size(48, 0), "large": Size(2_000, 1_500)}


async def seed(size: Size, track: Track) -> None:
    """Fill a database that is migrated and empty."""
    rng = _chance()
    for ship in SHIPPED:
        await ship()
    founded = await _move_in(size.people, rng, track)
    told = [thread for circle in threads.circles() for thread in circle.threads]
    past = [thread for thread in told if not thread.is_news]
    past += murmurs.drawn(size.murmurs, rng)
    agenda = [
        *await _looks(_of_cast(), rng, BEFORE, LATELY),
        *await _conversations(past, rng),
        *await _waiting(founded),
        *await pulses.acts(),
        *referrals.acts(await company.cast()),
        *alumni.acts(_chance()),
        *Contests(await company.cast()).acts(),
    ]
    await perform(agenda, done=track("six weeks go by", len(agenda)))
    await alumni.become_nameless()
    await _recognised(rng, track)
    await _come_off_shift()
    await care.put_up_rota(await company.cast())
    news = [thread for thread in told if thread.is_news]
    news += [matter.thread for matter in moderation.matters()]
    moderated = moderation.acts(await company.cast())
    cared_for = care.acts((await _gatherings())[live.GROUP], _chance())
    agenda = [*await _conversations(news, rng), *moderated, *cared_for, *await _lately()]
    await perform(agenda, done=track("the last hours", len(agenda)))
    await pulse_weeks.close()
    agenda = [*shop.Shop(await company.cast(), _chance()).acts()]
    await perform(agenda, done=track("prizes are ordered", len(agenda)))


async def _recognised(rng: Random, track: Track) -> None:
    recognition = Recognition(await company.cast(), rng)
    endorsed = [*recognition.acts()]
    await perform(endorsed, done=track("colleagues are recognised", len(endorsed)))
    reviewed = [*recognition.reviews()]
    await perform(reviewed, done=track("experts are reviewed", len(reviewed)))


async def refresh(track: Track) -> None:
    """Tell something new, where nothing was said in the last minutes."""
    if await Post.filter(published_at__range=(clock.now() - NEWS, clock.now())).exists():
        return
    rng, personas = _chance(), [one.number for one in company.personas().values()]
    sheltered = _of_cast().filter(group__kind=GroupKind.SUPPORT)
    await _come_off_shift()
    agenda = [
        *await _looks(sheltered.exclude(person__number__in=personas), rng, LATELY),
        *await _conversations(await _unheard(), rng),
        *await _lately(),
    ]
    await perform(agenda, done=track("the last minutes", len(agenda)))


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


async def _come_off_shift() -> None:
    """Rosters are up, some listen, and what came before the agent's shift was read."""
    cast = await company.cast()
    await rosters.put_up()
    for n, person in enumerate(cast.values()):
        if n % LISTENING == 0 or person.team_id == cast[AGENT].team_id:
            with suppress(NoSupportGroup):
                await listeners.listen(None, by=person)
    await rosters.look_in_before(cast[AGENT])


async def _lately() -> list[Act]:
    """At last, somebody waits."""
    gathering = (await _gatherings())[live.GROUP]
    return [Act(clock.now(), partial(live.wait, gathering, _chance()))]


async def _conversations(told: Sequence[Thread], rng: Random) -> list[Act]:
    gatherings = await _gatherings()
    talks = [Conversation(thread, gatherings[thread.group], rng) for thread in told]
    return [act for talk in talks for act in talk.acts()]


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


def _of_cast() -> QuerySet[Membership]:
    return Membership.filter(standing=Standing.MEMBER, person__number__in=company.numbers())


async def _looks(
    inside: QuerySet[Membership], rng: Random, *when: tuple[float, float]
) -> list[Act]:
    """Members read what there is; among those who never do nobody could hide."""
    rows = await inside.select_related("person").order_by("person__number", "group__name")
    now = clock.now()
    return [
        Act(
            now - timedelta(days=rng.uniform(*days)),
            partial(memberships.mark_read, row.group_id, by=row.person),
        )
        for row in rows
        for days in when
    ]


async def _waiting(founded: Founded) -> list[Act]:
    """Some ask to be let in, some are asked to come."""
    cast, at = await company.cast(), clock.now() - WAITING
    host = cast[moving_in.MODERATOR]
    applying = [
        Act(at, partial(memberships.join, group.id, by=cast[key]))
        for circle, group in founded
        for key in circle.applied
    ]
    return applying + [
        Act(at, partial(memberships.invite, group.id, cast[key], by=host))
        for circle, group in founded
        for key in circle.invited
    ]


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
