"""Listeners: members of a support group who are asked when somebody there waits for an answer.

Nobody learns who wrote from who was asked. An author who listens too is in the pool and is not
asked, so one of every pool is left out, whoever wrote.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from secrets import SystemRandom
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community import authors, groups, memberships, mutes
from community.groups import Group, GroupKind
from community.posts import Post
from core import clock, events, pauses, people
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Invalid
from core.events import Event
from core.messaging import notices, quiet
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text
from core.transactions import transaction

MOST = 3  # are asked about one post
ENOUGH = 3  # awake, for the composer to say that there are some

MANNERS[NoticeKind.LISTEN] = Manner(
    Text("Somebody could use a listener.", "有人需要倾听。", "有人需要傾聽。")
)


class Listener(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", on_delete=fields.CASCADE
    )
    person_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "models.Group", on_delete=fields.CASCADE
    )
    group_id: UUID
    asked_on: date | None = fields.DateField(null=True, description="the last time, in any group")

    class Meta:
        table = "listener"
        unique_together = ("person", "group")
        indexes = (("group_id",),)


INSIDE = Statement(
    f"""
    SELECT community_group.* FROM {memberships.READABLE}
    WHERE community_group.kind = '{GroupKind.SUPPORT}' ORDER BY created_at, community_group.id
    """,
    Group,
)
LISTENING = Statement(
    f"""
    SELECT community_group.* FROM {memberships.READABLE}
    JOIN listener ON listener.group_id = community_group.id AND listener.person_id = :reader
    ORDER BY created_at, community_group.id
    """,
    Group,
)
POOL = Statement(
    f"""
    SELECT listener.*, person.*, community_group.* FROM listener
    JOIN membership ON membership.group_id = listener.group_id
        AND membership.person_id = listener.person_id AND membership.standing = 'MEMBER'
    JOIN person ON person.id = listener.person_id
    JOIN community_group ON community_group.id = listener.group_id
    WHERE listener.group_id = ANY(:groups)
        AND {people.EMPLOYED}
    """,
    Listener,
    Person,
    Group,
)


class NoSupportGroup(Conflict):
    text = Text(
        "Join a support group first.",
        "请先加入一个减压互助群组。",
        "請先加入一個減壓互助群組。",
    )


class NobodyVentsHere(Invalid):
    text = Text(
        "Listeners are there for support groups.",
        "只有减压互助群组需要倾听者。",
        "只有減壓互助群組需要傾聽者。",
    )


@transaction
async def listen(group_id: UUID | None, *, by: Person) -> Person:
    """Be asked when somebody waits in this support group, or in any of one's own."""
    for group in await _meant(group_id, by):
        await inserts.added(Listener(id=uuid4(), person_id=by.id, group_id=group.id))
    return by


@transaction
async def stop(group_id: UUID | None, *, by: Person) -> Person:
    """Be asked no more, here or anywhere; nobody is told."""
    mine = Listener.filter(person_id=by.id)
    await (mine.filter(group_id=group_id) if group_id else mine).delete()
    return by


@transaction
async def ask(post: Post, group: Group) -> int:
    """Ask some who are awake and off shift, those first who were not asked for long; how many."""
    awake, deaf = await _awake([group.id]), await mutes.who_muted(post.id)
    pool = [one for one in awake[group.id] if one[1].id not in deaf]
    some = min(MOST, max(1, len(pool) - 1))
    pool = SystemRandom().sample(pool, len(pool))
    pool.sort(key=lambda one: one[0].asked_on or date.min)
    asked = [person for _, person in pool if not authors.wrote(person, post)][:some]
    for person in asked:
        await events.record("listener.asked", listener=person.id, post=post.id)
    marked = Listener.filter(person_id__in=[person.id for person in asked])
    await marked.update(asked_on=clock.business_date())
    return len(asked)


async def tell(event: Event) -> None:
    """Subscriber: who is asked is told where, and nothing of who waits there."""
    news = News(NoticeKind.LISTEN, f"post_{UUID(event.payload['post']).hex}", str(event.id))
    await notices.tell(UUID(event.payload["listener"]), news)


async def end(event: Event) -> None:
    """Subscriber: who has left the company is asked no more."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        await Listener.filter(person_id=person_id).delete()


async def support_groups(person: Person) -> list[Group]:
    """Those one reads in, oldest first."""
    return [group for (group,) in await INSIDE.rows(**groups.reader(person))]


async def groups_of(people: Sequence[Person]) -> list[list[Group]]:
    """Where each of them listens; for themselves alone."""
    return [
        [group for (group,) in await LISTENING.rows(**groups.reader(person))] for person in people
    ]


async def of_viewer(group_ids: Sequence[UUID], *, viewer: Person) -> list[bool]:
    """In which groups the viewer listens."""
    mine = Listener.filter(person_id=viewer.id, group_id__in=group_ids)
    listening = set(await mine.values_list("group_id", flat=True))
    return [id in listening for id in group_ids]


async def are_awake(group_ids: Sequence[UUID], *, viewer: Person) -> list[bool]:
    """Whether at least three others would be asked now: fewer would be told by it one by one."""
    pools = await _awake(group_ids)
    others = {id: [one for _, one in pool if one.id != viewer.id] for id, pool in pools.items()}
    return [len(others.get(id, ())) >= ENOUGH for id in group_ids]


async def _meant(group_id: UUID | None, by: Person) -> list[Group]:
    if group_id is None:
        if own := await support_groups(by):
            return own
        raise NoSupportGroup
    group, _ = await memberships.as_member(group_id, by)
    if not group.sheltered:
        raise NobodyVentsHere
    return [group]


async def _awake(group_ids: Sequence[UUID]) -> dict[UUID, list[tuple[Listener, Person]]]:
    """By group: who listens there, is neither on shift nor in quiet hours, and not away."""
    today = clock.business_date()
    pool = [
        (listener, person)
        for listener, person, group in await POOL.rows(groups=group_ids, today=today)
        if groups.admits(person.grants, group.excludes_hr, group.excludes_supervisors)
    ]
    ids = [person.id for _, person in pool]
    asleep = await quiet.quiet_until(ids, clock.now()) if ids else []
    away = await pauses.paused(ids, today) if ids else []
    awake: defaultdict[UUID, list[tuple[Listener, Person]]] = defaultdict(list)
    for (listener, person), until, is_away in zip(pool, asleep, away, strict=True):
        if until is None and not is_away:
            awake[listener.group_id].append((listener, person))
    return awake
