import asyncio
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from uuid import UUID

import pytest

from core import clock, events
from core.events import Event
from core.identity import sessions
from core.identity.sessions import Session
from tests.makers import a_person


async def test_a_token_is_256_bits_and_only_its_hash_is_kept():
    person = await a_person()
    token, session, _ = await sessions.open_for(person, device="Ann's phone")
    assert len(token) == 43
    kept = await Session.get(id=session.id).values()
    assert kept["token_hash"] == sha256(token.encode()).hexdigest()
    assert token not in str(kept)
    assert kept["device"] == "Ann's phone"


async def test_a_token_tells_who_is_asking_in_one_statement(statements):
    person = await a_person(name="Ann")
    token, session, _ = await sessions.open_for(person, device="phone")
    statements()
    found = await sessions.by_token(token)
    assert len(statements()) == 1
    assert found is not None
    assert (found[0].id, found[1].id, found[1].name) == (session.id, person.id, "Ann")


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "令牌"])
async def test_no_other_token_opens_anything(token):
    await sessions.open_for(await a_person(), device="phone")
    assert await sessions.by_token(token) is None


async def test_whoever_left_is_gone_on_that_day():
    leaver = await a_person(left_on=date(2026, 6, 2))
    with clock.set_to(datetime(2026, 6, 1, 15, 59, tzinfo=UTC)):  # 23:59 in Shanghai
        token, session, _ = await sessions.open_for(leaver, device="phone")
        assert await sessions.by_token(token) is not None
        assert await sessions.alive([session.id]) == [True]
    with clock.set_to(datetime(2026, 6, 1, 16, 0, tzinfo=UTC)):
        assert await sessions.by_token(token) is None
        assert await sessions.alive([session.id]) == [False]


async def test_a_visit_is_remembered_by_its_date_once_a_day(statements):
    with clock.set_to(datetime(2026, 6, 1, 8, tzinfo=UTC)):
        token, session, _ = await sessions.open_for(await a_person(), device="phone")
    with clock.set_to(datetime(2026, 6, 3, 8, tzinfo=UTC)):
        await sessions.by_token(token)
        assert (await Session.get(id=session.id)).last_used_on == date(2026, 6, 3)
        statements()
        await sessions.by_token(token)
        assert len(statements()) == 1


async def test_those_who_come_first_thing_in_the_morning_are_remembered_together(statements):
    with clock.set_to(datetime(2026, 6, 1, 8, tzinfo=UTC)):
        signed_in = [await sessions.open_for(await a_person(), device="phone") for _ in range(5)]
    with clock.set_to(datetime(2026, 6, 3, 8, tzinfo=UTC)):
        statements()
        known = await asyncio.gather(*(sessions.by_token(token) for token, *_ in signed_in))
        assert len(statements()) == 2
    assert [one and one[0].id for one in known] == [session.id for _, session, _ in signed_in]
    assert {one.last_used_on for one in await Session.all()} == {date(2026, 6, 3)}


async def test_a_session_that_nobody_uses_ends():
    start = datetime(2026, 1, 1, 8, tzinfo=UTC)
    with clock.set_to(start):
        used, *_ = await sessions.open_for(await a_person(), device="used")
        unused, *_ = await sessions.open_for(await a_person(), device="unused")
    with clock.set_to(start + timedelta(days=89)):
        assert await sessions.by_token(used) is not None
    with clock.set_to(start + timedelta(days=90)):
        assert await sessions.by_token(unused) is None
        assert await sessions.by_token(used) is not None


async def test_signing_out_ends_one_session_and_is_told():
    person = await a_person()
    token, session, _ = await sessions.open_for(person, device="phone")
    other, kept, _ = await sessions.open_for(person, device="tablet")

    await sessions.sign_out(session.id, by=person)

    assert await sessions.by_token(token) is None
    assert await sessions.by_token(other) is not None
    assert await sessions.alive([kept.id, session.id, kept.id]) == [True, False, True]
    event = await Event.get()
    assert (event.name, event.actor_id) == ("session.revoked", person.id)
    assert event.payload == {"session": str(session.id)}


async def test_nobody_signs_somebody_else_out():
    person = await a_person()
    token, session, _ = await sessions.open_for(person, device="phone")
    with pytest.raises(sessions.SessionNotFound):
        await sessions.sign_out(session.id, by=await a_person())
    assert await sessions.by_token(token) is not None
    assert not await Event.exists()


async def test_signing_out_twice_says_that_there_is_nothing_left():
    person = await a_person()
    _, session, _ = await sessions.open_for(person, device="phone")
    await sessions.sign_out(session.id, by=person)
    with pytest.raises(sessions.SessionNotFound):
        await sessions.sign_out(session.id, by=person)
    assert await Event.all().count() == 1


async def test_signing_out_everywhere_may_keep_the_device_at_hand():
    person, other = await a_person(), await a_person()
    here, *_ = [await sessions.open_for(person, device=name) for name in ("here", "b", "c")]
    elsewhere = await sessions.open_for(other, device="elsewhere")

    assert await sessions.sign_out_everywhere(person, by=person, keep=here.session.id) == (2,)
    assert [s.device for s in (await sessions.of([person.id]))[0]] == ["here"]
    assert await sessions.sign_out_everywhere(person, by=person) == (1,)
    assert await sessions.of([person.id, other.id]) == [[], [elsewhere.session]]


async def test_devices_come_latest_used_first_in_one_statement(statements):
    people = [await a_person() for _ in range(3)]
    for day in (1, 2):
        with clock.set_to(datetime(2026, 6, day, tzinfo=UTC)):
            for person in people[:2]:
                await sessions.open_for(person, device=f"day {day}")
    with clock.set_to(datetime(2026, 6, 3, tzinfo=UTC)):
        statements()
        found = await sessions.of([person.id for person in people])
    assert len(statements()) == 1
    assert [[s.device for s in listed] for listed in found] == [["day 2", "day 1"]] * 2 + [[]]


async def test_a_device_with_an_endless_name_gets_in():
    _, session, _ = await sessions.open_for(await a_person(), device=" " + "x" * 500)
    assert (await Session.get(id=session.id)).device == "x" * 80


async def test_who_has_left_is_signed_out_for_good_even_if_they_come_back():
    ann = await a_person(left_on=clock.business_date())
    signed_in = await sessions.open_for(ann, device="phone")
    await sessions.end(await events.record("person.left", person=ann.id))

    ann.left_on = None
    await ann.save()

    assert await sessions.by_token(signed_in.token) is None


async def test_a_leave_date_that_was_withdrawn_signs_nobody_out():
    ann = await a_person()
    signed_in = await sessions.open_for(ann, device="phone")
    await sessions.end(await events.record("person.left", person=ann.id))
    assert await sessions.by_token(signed_in.token) is not None


async def test_the_device_after_the_hundredth_ends_the_oldest():
    ann, start = await a_person(), datetime(2026, 6, 1, 8, tzinfo=UTC)
    opened = []
    for n in range(sessions.MOST + 2):
        with clock.set_to(start + timedelta(minutes=n)):
            opened.append((await sessions.open_for(ann, device=f"phone {n}")).session.id)

    with clock.set_to(start + timedelta(days=1)):
        assert await sessions.alive(opened) == [False, False, *[True] * 100]
        [shown] = await sessions.of([ann.id])
    assert len(shown) == 100
    assert await Event.filter(name="session.revoked").count() == 2


async def test_a_session_that_has_ended_is_dropped_in_time():
    with clock.set_to(datetime(2026, 6, 1, 8, tzinfo=UTC)):
        old = (await sessions.open_for(ann := await a_person(), device="old phone")).session
    with clock.set_to(datetime(2026, 6, 2, 8, tzinfo=UTC)):
        new = (await sessions.open_for(ann, device="new phone")).session
    with clock.set_to(datetime(2026, 6, 1, 8, tzinfo=UTC) + sessions.IDLE):
        alive = await sessions.alive([old.id, new.id])
        await sessions.sweep()
    assert alive == [False, True]
    assert [session.id for session in await Session.all()] == [new.id]


@pytest.mark.committed
async def test_a_session_that_ended_opens_nothing_while_many_are_looked_up_together(statements):
    here = [await sessions.open_for(await a_person(), device="phone") for _ in range(8)]
    tokens, times = [one.token for one in here], count()

    async def known(token: str) -> UUID | None:
        next(times)
        found = await sessions.by_token(token)
        return found and found[1].id

    async def ask_on(token: str) -> None:
        while True:
            await known(token)

    statements()
    async with asyncio.TaskGroup() as group:
        asking = [group.create_task(ask_on(token)) for token in tokens]
        for number, one in enumerate(here, start=1):
            await sessions.sign_out(one.session.id, by=one.person)
            ended, going_on = [None] * number, [other.person.id for other in here[number:]]
            assert await asyncio.gather(*map(known, tokens)) == ended + going_on
        for task in asking:
            task.cancel()
    lookups = [sql for sql in statements() if "token_hash" in sql]
    assert len(lookups) < next(times) / 2
