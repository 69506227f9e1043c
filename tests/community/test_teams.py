from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from community import buddies, memberships, posts, thanks
from community.groups import Group, GroupKind
from core import clock
from core.people import Grants, Person, Team
from tests.makers import a_comment, a_group, a_member, a_person, a_post, numbers, send

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)  # in Shanghai
TODAY = date(2026, 3, 4)


@pytest.fixture(autouse=True)
def present():
    with clock.set_to(NOON):
        yield


@pytest.fixture
async def team(undo) -> Team:
    return await Team.create(department="Calls", name=f"Team {next(numbers)}")


@pytest.fixture
async def lead(team) -> Person:
    return await a_person(grants=Grants.SUPERVISOR, team_id=team.id)


@pytest.fixture
async def ann(team, lead) -> Person:
    return await a_person(team_id=team.id, manager_id=lead.id)


async def home(by: Person, **pages: Any) -> list[dict[str, Any]]:
    return (await send("TeamHome", by=by, **pages))["ledTeams"]


async def asked(by: Person) -> list[str]:
    [team] = await home(by)
    return [edge["node"]["text"] for edge in team["questions"]["edges"]]


async def a_question(group: Group, by: Person, text: str = "?", **draft: Any):
    await memberships.join(group.id, by=by)
    return await a_post(group, by=by, text=text, is_question=True, **draft)


async def test_a_lead_sees_the_teams_whose_members_report_to_them(team, lead, ann):
    other = await Team.create(department="Calls", name="A team")
    await a_person(team_id=other.id, manager_id=lead.id)
    assert [one["team"]["name"] for one in await home(lead)] == ["A team", team.name]


async def test_nobody_else_sees_a_team(team, lead, ann):
    manager = await a_person(grants=Grants.SUPERVISOR)
    await Person.filter(id=lead.id).update(manager_id=manager.id)
    mentor = await a_person()
    await a_person(team_id=team.id, manager_id=mentor.id)
    stranger = await a_person(grants=Grants.SUPERVISOR, team_id=team.id)
    hr = await a_person(grants=Grants.HR | Grants.ADMIN, team_id=team.id)
    for person in (manager, mentor, stranger, hr, ann):
        assert await home(person) == []


async def test_of_whom_nobody_reports_any_more_nothing_is_seen(lead, ann):
    await Person.filter(id=ann.id).update(left_on=TODAY)
    assert await home(lead) == []


async def test_newcomers_come_with_their_day_and_their_buddy(team, lead, ann):
    await Person.filter(id=ann.id).update(hired_on=date(2024, 1, 1))
    new = [
        await a_person(team_id=team.id, hired_on=TODAY - timedelta(days=ago))
        for ago in (0, 8, 89, 90, -1)
    ]
    await a_person(team_id=team.id, hired_on=TODAY, left_on=TODAY)
    await buddies.Buddy.create(newcomer_id=new[1].id, buddy_id=ann.id)
    [one] = await home(lead)
    seen = [(n["person"]["name"], n["day"], n["buddy"]) for n in one["newcomers"]]
    assert [(name, day) for name, day, _ in seen] == [
        (new[0].name, 1),
        (new[1].name, 9),
        (new[2].name, 90),
    ]
    assert [buddy and buddy["name"] for _, _, buddy in seen] == [None, ann.name, None]


@pytest.mark.parametrize(
    ("hired_on", "told"),
    [
        (date(2020, 3, 4), ("2026-03-04", 6)),
        (date(2025, 4, 2), ("2026-04-02", 1)),
        (date(2025, 4, 3), None),
        (date(2025, 3, 3), None),
        (date(2026, 3, 4), None),
        (date(2026, 3, 20), None),
        (None, None),
    ],
)
async def test_anniversaries_of_the_next_thirty_days(lead, ann, hired_on, told):
    await Person.filter(id=ann.id).update(hired_on=hired_on)
    [one] = await home(lead)
    assert [(day["on"], day["years"]) for day in one["anniversaries"]] == ([told] if told else [])


@pytest.mark.parametrize(("today", "on"), [(2027, "2027-02-28"), (2028, "2028-02-29")])
async def test_a_leap_day_comes_every_year(lead, ann, today, on):
    await Person.filter(id=ann.id).update(hired_on=date(2024, 2, 29))
    with clock.set_to(datetime(today, 2, 20, tzinfo=UTC)):
        [one] = await home(lead)
    assert [day["on"] for day in one["anniversaries"]] == [on]


async def test_an_anniversary_may_come_after_new_year_and_not_after_leaving(team, lead, ann):
    await Person.filter(id=ann.id).update(hired_on=date(2020, 1, 10))
    await a_person(team_id=team.id, hired_on=date(2020, 1, 9), left_on=date(2027, 1, 9))
    with clock.set_to(datetime(2026, 12, 20, tzinfo=UTC)):
        [one] = await home(lead)
    days = [(d["person"]["name"], d["on"], d["years"]) for d in one["anniversaries"]]
    assert days == [(ann.name, "2027-01-10", 7)]


async def test_questions_of_the_team_wait_until_one_is_answered(lead, ann):
    group = await a_group()
    await memberships.join(group.id, by=lead)
    for ago, text in ((3, "first"), (2, "second"), (1, "deleted")):
        with clock.set_to(NOON - timedelta(minutes=ago)):
            last = await a_question(group, ann, text)
    await posts.delete(last.id, by=ann)
    await a_question(group, await a_person(), "of another team")
    await a_post(group, by=ann, text="no question")
    answered = await a_question(group, ann, "answered")
    await thanks.thank((await a_comment(answered)).id, by=ann)
    assert await asked(lead) == ["second", "first"]
    with clock.set_to(NOON + timedelta(days=30)):
        assert await asked(lead) == []


async def test_questions_have_pages(lead, ann):
    group = await a_group()
    await memberships.join(group.id, by=lead)
    for number in range(3):
        with clock.set_to(NOON - timedelta(minutes=9 - number)):
            await a_question(group, ann, str(number))
    [one] = await home(lead, first=2)
    assert one["questions"]["pageInfo"]["hasNextPage"] is True
    [one] = await home(lead, after=one["questions"]["pageInfo"]["endCursor"])
    assert [edge["node"]["text"] for edge in one["questions"]["edges"]] == ["0"]


async def test_a_lead_sees_no_question_that_others_may_not_show_them(lead, ann):
    await a_question(await a_group(), ann, "where the lead does not belong")
    shut = await a_group(excludes_supervisors=True)
    await a_question(shut, ann, "where no lead may read")
    for kind in (GroupKind.SUPPORT, GroupKind.SOCIAL):
        group = await a_group(kind=kind)
        await memberships.join(group.id, by=lead)
        await a_question(group, ann, kind)
    with clock.set_to(NOON + timedelta(minutes=6)):
        assert await asked(lead) == []


async def test_ten_teams_cost_as_many_statements_as_one(lead, ann, statements):
    group = await a_group()
    await memberships.join(group.id, by=lead)
    counts = []
    for size in (1, 10):
        while len(await home(lead)) < size:
            team = await Team.create(department="Calls", name=f"Team {next(numbers)}")
            one = await a_member(group, team_id=team.id, manager_id=lead.id, hired_on=TODAY)
            await a_question(group, one)
        await a_question(group, ann)
        await Person.filter(id=ann.id).update(hired_on=TODAY)
        statements()
        await home(lead)
        counts.append(len([sql for sql in statements() if sql.lstrip().startswith("SELECT")]))
    assert counts == [11, 11]
