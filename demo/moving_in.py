"""Moving in: groups are founded, people come to work, find their groups and show a face."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

from community import groups, memberships
from community.groups import Group, GroupKind, JoinPolicy, Plan
from core import clock, settings
from core.media import avatars
from core.media.uploads import Purpose
from core.people import Person
from demo import company, pictures, portraits, threads
from demo.agenda import Act
from demo.threads import Circle

TAKES = timedelta(days=6)
SETTLED = timedelta(days=30)  # in the company, until one shows an avatar
STRANGERS = 0.6  # of a group's share of those whom nobody knows, so many come

MODERATOR, ADMIN = "he", "luo"

Founded = list[tuple[Circle, Group]]


async def found(*, by: Person) -> Founded:
    """One after the other, for that is how they are listed."""
    founded = []
    for n, circle in enumerate(threads.circles()):
        with clock.set_to(clock.now() + n * timedelta(minutes=1)):
            group = await groups.found(_plan(circle), by=by, key=uuid4().hex)
        founded.append((circle, group))
    return founded


async def close_doors(founded: Founded) -> None:
    """Somebody has to be inside before anybody can be invited: from here on it takes that."""
    for circle, group in founded:
        await Group.filter(id=group.id).update(join_policy=JoinPolicy(circle.join_policy))


class MovingIn:
    """What everybody does from the present on."""

    def __init__(self, cast: Mapping[str, Person], crowd: list[Person], rng: Random) -> None:
        self.cast, self.crowd, self.rng = cast, crowd, rng
        self.begins = clock.now()

    def acts(self, founded: Founded, *, today: datetime) -> Iterator[Act]:
        for person in self.cast.values():
            if (arrival := self._arrival(person)) < today - SETTLED:
                yield Act(arrival, partial(_show_face, person))
        for circle, group in founded:
            for person in self._members(circle):
                yield from self._joins(group, person)

    def _members(self, circle: Circle) -> Iterator[Person]:
        """Personas are where the files put them; the rest drop by wherever they are let in."""
        named = threads.speakers(circle) | {*circle.also}
        away = {*company.personas(), *circle.applied, *circle.invited} - named
        for key, person in self.cast.items():
            if key in named or (key not in away and self._drops_by(circle, person, circle.share)):
                yield person
        for person in self.crowd:
            if self._drops_by(circle, person, circle.share * STRANGERS):
                yield person

    def _drops_by(self, circle: Circle, person: Person, share: float) -> bool:
        admitted = groups.admits(person.grants, circle.excludes_hr, circle.excludes_supervisors)
        return self.rng.random() < share and admitted

    def _joins(self, group: Group, person: Person) -> Iterator[Act]:
        arrival = self._arrival(person)
        yield Act(arrival, partial(memberships.join, group.id, by=person))
        if group.join_policy is JoinPolicy.APPLICATION:
            steward = self.cast[ADMIN if person == self.cast[MODERATOR] else MODERATOR]
            admission = partial(memberships.decide, group.id, person, admit=True, by=steward)
            yield Act(arrival + timedelta(hours=1), admission)

    def _arrival(self, person: Person) -> datetime:
        """Within some days; of those who are hired later, on their first day."""
        first_day = _nine_o_clock(person.hired_on) if person.hired_on else self.begins
        if first_day > self.begins:
            return first_day + timedelta(hours=8) * self.rng.random()
        return self.begins + TAKES * self.rng.random()


def _nine_o_clock(day: date) -> datetime:
    zone = ZoneInfo(settings.current().time_zone)
    return datetime.combine(day, time(9), zone).astimezone(UTC)


def _plan(circle: Circle) -> Plan:
    by_invitation = circle.join_policy == JoinPolicy.INVITATION
    return Plan(
        name=circle.name,
        kind=GroupKind(circle.kind),
        about=circle.about,
        join_policy=JoinPolicy.OPEN if by_invitation else JoinPolicy(circle.join_policy),
        excludes_hr=circle.excludes_hr,
        excludes_supervisors=circle.excludes_supervisors,
    )


async def _show_face(person: Person) -> None:
    portrait = portraits.draw(Random(person.number))  # noqa: S311  # chance for the eye
    upload = await pictures.send(portrait, Purpose.AVATAR, by=person)
    await avatars.put(upload, by=person)
