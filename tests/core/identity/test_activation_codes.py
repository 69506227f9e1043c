import re
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.audit import AuditEntry
from core.events import Event
from core.identity import activation_codes, passwords, sessions
from core.identity.activation_codes import ActivationCode, NotYoursToActivate, OwnActivationCode
from core.identity.codes import WrongCode
from core.people import Grants, PersonNotFound
from tests.core.makers import an_account
from tests.makers import a_person


async def test_a_code_is_readable_and_only_its_keyed_hash_is_kept():
    hr = await a_person(grants=Grants.HR)
    code, _ = await activation_codes.issue((await a_person()).id, by=hr)
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}", code)
    kept = await ActivationCode.get()
    assert len(kept.code) == 64
    assert code.replace("-", "") not in str(dict(kept))


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", " "), "　{}。".format])
async def test_a_code_may_be_copied_from_paper_as_one_likes(write):
    person = await a_person()
    [code] = await activation_codes.issue_all([person])
    await activation_codes.redeem(person.id, write(code))


async def test_a_code_is_used_once():
    person = await a_person()
    [code] = await activation_codes.issue_all([person])
    await activation_codes.redeem(person.id, code)
    with pytest.raises(WrongCode):
        await activation_codes.redeem(person.id, code)


async def test_a_code_is_good_for_its_person_alone():
    ann, bob = await a_person(), await a_person()
    code, _ = await activation_codes.issue_all([ann, bob])
    with pytest.raises(WrongCode):
        await activation_codes.redeem(bob.id, code)
    await activation_codes.redeem(ann.id, code)


async def test_a_code_is_good_for_14_days():
    ann, bob = await a_person(), await a_person()
    start = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with clock.set_to(start):
        for_ann, for_bob = await activation_codes.issue_all([ann, bob])
    with clock.set_to(start + timedelta(days=14, seconds=-1)):
        await activation_codes.redeem(ann.id, for_ann)
    with clock.set_to(start + timedelta(days=14)), pytest.raises(WrongCode):
        await activation_codes.redeem(bob.id, for_bob)


async def test_a_new_code_ends_the_one_before():
    person = await a_person()
    [first] = await activation_codes.issue_all([person])
    [second] = await activation_codes.issue_all([person])
    with pytest.raises(WrongCode):
        await activation_codes.redeem(person.id, first)
    await activation_codes.redeem(person.id, second)


async def test_a_code_from_hr_ends_the_sign_ins_of_a_lost_phone():
    person, hr = await a_person(), await a_person(grants=Grants.HR)
    _, session, _ = await sessions.open_for(person, device="lost")

    await activation_codes.issue(person.id, by=hr)

    assert await sessions.alive([session.id]) == [False]
    told = {event.name: (event.actor_id, event.payload) for event in await Event.all()}
    assert told == {
        "session.revoked": (hr.id, {"session": str(session.id)}),
        "activation_code.issued": (hr.id, {"person": str(person.id)}),
    }
    entry = await AuditEntry.get()
    assert (entry.name, entry.by_id, entry.about_id) == (
        "activation_code.issued",
        hr.id,
        person.id,
    )


@pytest.mark.parametrize(
    ("issuer", "owner", "allowed"),
    [
        (Grants.HR, Grants.NONE, True),
        (Grants.HR, Grants.SUPERVISOR, True),
        (Grants.ADMIN, Grants.NONE, True),
        (Grants.ADMIN, Grants.COUNSELLOR, True),
        (Grants.ADMIN, Grants.ADMIN, True),
        (Grants.HR, Grants.HR, False),
        (Grants.HR, Grants.COUNSELLOR, False),
        (Grants.HR, Grants.MODERATOR, False),
        (Grants.HR, Grants.ADMIN, False),
        (Grants.SUPERVISOR, Grants.NONE, False),
        (Grants.NONE, Grants.NONE, False),
    ],
)
async def test_nobody_gets_in_as_someone_who_may_more(issuer, owner, allowed):
    by, person = await a_person(grants=issuer), await a_person(grants=owner)
    if allowed:
        await activation_codes.issue(person.id, by=by)
        return
    with pytest.raises(NotYoursToActivate):
        await activation_codes.issue(person.id, by=by)
    assert not await ActivationCode.exists()
    assert not await Event.exists()


async def test_nobody_issues_a_code_for_themselves():
    admin = await a_person(grants=Grants.ADMIN)
    with pytest.raises(OwnActivationCode):
        await activation_codes.issue(admin.id, by=admin)


async def test_whoever_left_gets_no_code():
    leaver = await a_person(left_on=date(2020, 1, 1))
    with pytest.raises(PersonNotFound):
        await activation_codes.issue(leaver.id, by=await a_person(grants=Grants.HR))


async def test_letters_go_to_those_who_can_get_in_by_nothing_else():
    newcomer, late = await a_person(number="1"), await a_person(number="2")
    await a_person(left_on=date(2020, 1, 1))
    await an_account()
    await activation_codes.issue_all([informed := await a_person(number="3")])
    with clock.set_to(clock.now() - timedelta(days=15)):
        await activation_codes.issue_all([late])

    assert await activation_codes.waiting() == [newcomer, late]
    assert await activation_codes.waiting(again=True) == [newcomer, late, informed]


async def test_a_thousand_letters_are_a_thousand_different_codes():
    persons = [await a_person() for _ in range(20)]
    codes = await activation_codes.issue_all(persons)
    assert len(set(codes)) == 20
    assert await ActivationCode.all().count() == 20


async def test_codes_that_are_over_are_swept_away():
    with clock.set_to(clock.now() - timedelta(days=15)):
        await activation_codes.issue_all([await a_person()])
    await activation_codes.issue_all([await a_person()])
    await activation_codes.sweep()
    assert await ActivationCode.all().count() == 1


async def test_a_code_asks_nothing_of_the_password_it_replaces():
    person = await an_account()
    [code] = await activation_codes.issue_all([person])
    await activation_codes.redeem(person.id, code)
    assert await passwords.Password.filter(person_id=person.id).exists()
