import asyncio
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.composition import SUBSCRIBERS
from community import comments, listeners, memberships, posts, vents
from community.groups import Group, GroupKind
from community.listeners import Listener
from community.posts import Post
from community.vents import Vent
from core import clock, events, pauses
from core.events import Event
from core.people import Grants, Person
from tests.core.messaging.test_notices import told
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_shift,
    send,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def present():
    with clock.set_to(NOON):
        yield


@pytest.fixture
async def shelter(undo) -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


async def a_listener(group: Group, **given) -> Person:
    person = await a_member(group, **given)
    await listeners.listen(group.id, by=person)
    return person


async def asked(*, after: timedelta) -> list[str]:
    """Who has been asked by then, by name."""
    with clock.set_to(NOON + after):
        while await events.deliver(SUBSCRIBERS):
            pass
        await vents.ask_due()
    people = [event.payload["listener"] for event in await Event.filter(name="listener.asked")]
    return sorted(await Person.filter(id__in=people).values_list("name", flat=True))


async def test_who_listens_is_asked_when_a_post_has_waited_for_15_minutes(shelter):
    await a_listener(shelter, name="Ann")
    with clock.set_to(NOON - MINUTE):
        post = await a_post(shelter, anonymous=True)
    assert post.published_at == NOON

    assert await asked(after=15 * MINUTE - timedelta(microseconds=1)) == []
    assert await asked(after=15 * MINUTE) == ["Ann"]
    assert await asked(after=16 * MINUTE) == ["Ann"]
    assert await Event.filter(name="listener.asked").count() == 1


async def test_who_is_asked_hears_where_and_nothing_of_who_waits(shelter):
    ann = await a_listener(shelter)
    with clock.set_to(NOON - MINUTE):
        post = await a_post(shelter, anonymous=True)
    await asked(after=15 * MINUTE)
    with clock.set_to(NOON + 16 * MINUTE):
        await events.deliver(SUBSCRIBERS)
    event = await Event.get(name="listener.asked")
    assert (event.actor_id, event.handle) == (None, None)
    assert event.payload == {"listener": str(ann.id), "post": str(post.id)}
    assert await told(ann) == ["Somebody could use a listener."]


async def test_what_somebody_answered_is_waiting_no_more(shelter):
    await a_listener(shelter, name="Ann")
    with clock.set_to(NOON - MINUTE):
        post = await a_post(shelter, anonymous=True)
    with clock.set_to(NOON + 14 * MINUTE):
        await a_comment(post, anonymous=True)  # appears a minute later
    assert await asked(after=15 * MINUTE) == []
    assert not (await Vent.get()).is_open


@pytest.mark.parametrize("anonymous", [True, False])
async def test_ones_own_words_are_no_answer(shelter, anonymous):
    await a_listener(shelter, name="Ann")
    author = await a_member(shelter)
    with clock.set_to(NOON - MINUTE):
        post = await a_post(shelter, by=author, anonymous=anonymous)
        await a_comment(post, by=author, anonymous=anonymous)
    assert await asked(after=15 * MINUTE) == ["Ann"]


async def test_a_deleted_answer_is_none(shelter):
    await a_listener(shelter, name="Ann")
    with clock.set_to(NOON - MINUTE):
        post = await a_post(shelter, anonymous=True)
    with clock.set_to(NOON + MINUTE):
        answer = await a_comment(post)
        await comments.delete(answer.id, by=await Person.get(id=answer.author_id))
    assert await asked(after=15 * MINUTE) == ["Ann"]


async def test_a_deleted_post_waits_for_nobody_and_a_hidden_one_until_it_is_shown(shelter):
    await a_listener(shelter, name="Ann")
    author = await a_member(shelter)
    with clock.set_to(NOON - MINUTE):
        deleted, hidden = [await a_post(shelter, by=author) for _ in range(2)]
        await posts.delete(deleted.id, by=author)
        await Post.filter(id=hidden.id).update(hidden_at=NOON)
    assert await asked(after=15 * MINUTE) == []
    await Post.filter(id=hidden.id).update(hidden_at=None)
    assert await asked(after=40 * MINUTE) == ["Ann"]
    assert (await Event.get(name="listener.asked")).payload["post"] == str(hidden.id)


async def test_whoever_is_on_shift_asleep_or_away_is_left_in_peace(shelter):
    working, away, gone, outside = [
        await a_listener(shelter, name=name) for name in ("Working", "Away", "Gone", "Outside")
    ]
    await a_shift(working, NOON - HOUR, NOON + HOUR)
    await pauses.pause(clock.business_date() + timedelta(days=1), by=away)
    await Person.filter(id=gone.id).update(left_on=clock.business_date())
    await memberships.leave(shelter.id, by=outside)
    with clock.set_to(NOON - MINUTE):
        await a_post(shelter, anonymous=True)

    assert await asked(after=15 * MINUTE) == []
    assert await asked(after=HOUR) == ["Working"]


async def test_in_the_night_a_post_waits_for_the_first_who_is_awake_but_no_more_than_a_day(shelter):
    await a_listener(shelter, name="Ann")
    with clock.set_to(NOON + 11 * HOUR):
        await a_post(shelter, anonymous=True)
    assert await asked(after=12 * HOUR) == []
    assert await asked(after=20 * HOUR) == ["Ann"]
    await Listener.all().delete()
    with clock.set_to(NOON + 20 * HOUR):
        await a_post(shelter, anonymous=True)
    await asked(after=44 * HOUR + 16 * MINUTE)
    assert not await Vent.filter(is_open=True).exists()


async def test_only_support_groups_have_vents():
    await a_post(await a_group())
    await events.deliver(SUBSCRIBERS)
    assert not await Vent.exists()


async def test_whom_a_group_excludes_is_not_asked():
    group = await a_group(kind=GroupKind.SUPPORT, excludes_supervisors=True)
    lead = await a_listener(group)
    await Person.filter(id=lead.id).update(grants=Grants.SUPERVISOR)
    with clock.set_to(NOON - MINUTE):
        await a_post(group)
    assert await asked(after=15 * MINUTE) == []


@pytest.mark.parametrize(("pool", "some"), [(1, 1), (2, 1), (3, 2), (4, 3), (7, 3)])
async def test_how_many_are_asked_does_not_tell_whether_the_author_listens(shelter, pool, some):
    everybody = [await a_listener(shelter) for _ in range(pool)]
    outsider = await a_member(shelter)
    with clock.set_to(NOON - MINUTE):
        await a_post(shelter, by=outsider, anonymous=True)
    assert len(await asked(after=15 * MINUTE)) == some
    await Event.filter(name="listener.asked").delete()
    with clock.set_to(NOON + 20 * MINUTE):
        await a_post(shelter, by=everybody[0], anonymous=True)
    names = await asked(after=HOUR)
    assert len(names) == (some if pool > 1 else 0)
    assert everybody[0].name not in names


async def test_those_who_were_not_asked_for_long_come_first(shelter):
    everybody = [await a_listener(shelter) for _ in range(6)]
    for days in range(4):
        moment = NOON + timedelta(days=days)
        with clock.set_to(moment - MINUTE):
            await a_post(shelter, anonymous=True)
        await asked(after=timedelta(days=days, minutes=15))
    asked_ = [event.payload["listener"] for event in await Event.filter(name="listener.asked")]
    assert Counter(asked_) == {str(person.id): 2 for person in everybody}


async def test_two_taps_let_it_out_and_begin_the_clock(shelter):
    await a_listener(shelter, name="Ben")
    await a_group(kind=GroupKind.SUPPORT)
    ann, key = await a_member(shelter), a_key()
    with clock.set_to(NOON - 3 * MINUTE):
        for _ in range(2):
            vented = await send("VentNow", by=ann, phrase="BAD_CALL", key=key)
    post = await Post.get()
    assert vented["post"]["text"] == "I just took a bad one. I need a moment."
    assert (post.group_id, post.author_id) == (shelter.id, None)
    assert (await Vent.get()).asks_at == NOON + 10 * MINUTE
    assert await asked(after=10 * MINUTE) == ["Ben"]


async def test_the_words_are_in_the_language_of_the_phone_and_the_key_is_good_for_any(shelter):
    ann, key = await a_member(shelter), a_key()
    given = {"phrase": vents.VentPhrase.BAD_CALL, "by": ann, "key": key}
    first = await vents.now(None, language="zh-TW", **given)
    again = await vents.now(None, language="en", **given)
    assert (first.id, first.text) == (again.id, "剛接了一通很難受的電話，想緩一緩。")


async def test_it_goes_where_one_can_stay_unseen(shelter):
    ann = await a_member(shelter)
    idle = await a_group(kind=GroupKind.SUPPORT)
    await Group.filter(id=idle.id).update(member_count=99)
    await memberships.join(idle.id, by=ann)
    vented = await send("VentNow", by=ann, phrase="SHAKEN", key=a_key())
    assert vented["post"]["group"]["name"] == shelter.name


async def test_where_nobody_can_stay_unseen_nothing_is_posted():
    few = await a_group(kind=GroupKind.SUPPORT)
    knowledge = await a_group()
    ann = await a_person()

    async def code(**group: str) -> str:
        return (await send("VentNow", by=ann, phrase="SHAKEN", key=a_key(), **group))["code"]

    assert await code() == "NO_SUPPORT_GROUP"
    await memberships.join(few.id, by=ann)
    await memberships.join(knowledge.id, by=ann)
    assert await code() == "TOO_FEW_TO_HIDE"
    assert await code(group=f"group_{few.id.hex}") == "TOO_FEW_TO_HIDE"
    assert await code(group=f"group_{knowledge.id.hex}") == "ANONYMOUS_NOT_HERE"
    other = await a_group(kind=GroupKind.SUPPORT)
    assert await code(group=f"group_{other.id.hex}") == "NOT_MEMBER"
    assert not await Post.exists()
    assert not await Vent.exists()


async def test_how_long_something_waited_is_forgotten(shelter):
    with clock.set_to(NOON - MINUTE):
        await a_post(shelter)
    await asked(after=15 * MINUTE)
    for after, left in ((15 * MINUTE, 1), (16 * MINUTE, 0)):
        with clock.set_to(NOON + timedelta(days=7) + after):
            await vents.forget()
        assert await Vent.all().count() == left


@pytest.mark.committed
async def test_processes_that_ask_at_once_ask_once():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    for _ in range(9):
        await a_listener(shelter)
    with clock.set_to(NOON - MINUTE):
        await a_post(shelter)
    with clock.set_to(NOON + 15 * MINUTE):
        await events.deliver(SUBSCRIBERS)
        await asyncio.gather(*(vents.ask_due() for _ in range(6)))
    assert await Event.filter(name="listener.asked").count() == 3


@pytest.mark.committed
async def test_the_same_vent_sent_at_once_is_one():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    ann, *_ = await a_crowd(shelter)
    given = {"phrase": vents.VentPhrase.BAD_CALL, "by": ann, "language": "en", "key": a_key()}
    found = await asyncio.gather(*(vents.now(None, **given) for _ in range(6)))
    assert len({post.id for post in found}) == 1
    assert await Post.all().count() == await Vent.all().count() == 1
