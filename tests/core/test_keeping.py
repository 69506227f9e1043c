import asyncio
from datetime import timedelta

import pytest
from tortoise import Tortoise

from api.composition import KEEPING
from community.revisions import Revision
from core import clock, keeping
from core.keeping import HOUR, NobodyNamed, Then, blanked, deleted, forgetter, stays
from core.pauses import Pause
from core.people import Person
from core.rosters.shifts import Shift
from tests.core.test_exports import names_people
from tests.makers import a_person, a_shift

DAY = timedelta(days=1)


def tables() -> set[str]:
    return {m._meta.db_table for m in Tortoise.apps["models"].values() if names_people(m)}  # noqa: SLF001


def test_each_noun_that_names_people_says_what_becomes_of_it():
    stated = [one.name for one in KEEPING]
    assert tables() - {*stated} == set()
    assert len(stated) == len({*stated})


@pytest.mark.parametrize("one", KEEPING, ids=lambda one: one.name)
def test_what_stays_says_why_and_what_is_dated_has_that_column(one):
    assert bool(one.why) == (one.then is Then.STAYS)
    assert one.kept is None or one.since in one.model._meta.fields_map  # noqa: SLF001
    assert one.blank.keys() <= one.model._meta.db_fields  # noqa: SLF001


async def test_rows_go_by_any_of_their_columns_or_say_no_more(undo):
    ann, ben = await a_person(phone="+8613900000001"), await a_person(phone="+8613900000001")
    for person in (ann, ben):
        await Pause.create(
            person_id=person.id,
            begins_on=clock.business_date(),
            ends_on=clock.business_date() + DAY,
        )
    for _ in range(2):
        await deleted(Pause, "person_id").erase(ann)
        await blanked(Person, "id", phone=None).erase(ann)
        await stays(Shift, "as an example").erase(ann)
    assert [pause.person_id for pause in await Pause.all()] == [ben.id]
    assert [(await Person.get(id=one.id)).phone for one in (ann, ben)] == [None, "+8613900000001"]


async def test_without_a_column_nobodys_rows_go(undo):
    ann = await a_person()
    await a_shift(ann, clock.now(), clock.now() + HOUR)
    with pytest.raises(NobodyNamed):
        await deleted(Shift).erase(ann)
    assert await Shift.all().count() == 1


async def test_what_was_kept_long_enough_goes_or_is_made_blank_once_an_hour(undo):
    ann, now = await a_person(), clock.now()
    for days in (9, 10, 11, 12):
        await a_shift(ann, now - days * DAY - HOUR, now - days * DAY - timedelta(minutes=1))
    ended = Shift.all().order_by("-ends_at").values_list("ends_at", flat=True)
    forget = forgetter([deleted(Shift, "person_id", since="ends_at", kept=11 * DAY)])
    await forget()
    assert [(now - at).days for at in await ended] == [9, 10]
    with clock.set_to(now + DAY):
        await forget()
        assert len(await ended) == 1
    with clock.set_to(now + DAY + timedelta(seconds=1)):
        await a_shift(ann, now - 20 * DAY, now - 19 * DAY)
        await forget()
        assert len(await ended) == 2
    with clock.set_to(now + DAY + HOUR):
        await forget()
        assert len(await ended) == 1


async def test_what_is_blank_already_is_left_alone(undo, statements):
    old = clock.now() - 20 * DAY
    for text in ("before", ""):
        await Revision.create(subject_id=(await a_person()).id, text=text, replaced_at=old)
    forget = forgetter([blanked(Revision, "id", since="replaced_at", kept=10 * DAY, text="")])
    await forget()
    assert await Revision.all().values_list("text", flat=True) == ["", ""]
    with clock.set_to(clock.now() + 2 * HOUR):
        statements()
        await forget()
    assert not [sql for sql in statements() if sql.startswith("UPDATE")]


async def test_a_date_is_compared_with_the_business_date(undo):
    ann, today = await a_person(), clock.business_date()
    for days in (10, 11):
        ends_on = today - days * DAY
        await Pause.create(person_id=ann.id, begins_on=ends_on - DAY, ends_on=ends_on)
    await forgetter([deleted(Pause, "person_id", since="ends_on", kept=10 * DAY)])()
    assert [(today - pause.ends_on).days for pause in await Pause.all()] == [10]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_several_who_forget_at_once_forget_all_and_none_waits(monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 10)
    ann, now = await a_person(), clock.now()
    shifts = [
        Shift(person_id=ann.id, begins_at=now - n * DAY, ends_at=now - n * DAY + HOUR)
        for n in range(50, 150)
    ]
    await Shift.bulk_create(shifts)
    one = deleted(Shift, "person_id", since="ends_at", kept=40 * DAY)
    await asyncio.gather(*(forgetter([one])() for _ in range(5)))
    assert not await Shift.exists()
