import asyncio
from datetime import date, timedelta

import pytest

from core import clock
from core.messaging import notices
from core.pages import Page
from gamify.boards import closings, team_scores
from gamify.boards.boards import Board, Measure
from gamify.boards.scores import DueTeam
from gamify.measures import baselines, figures
from gamify.measures.figures import Figure, Restatement
from tests.gamify.boards.makers import WEDNESDAY, a_team, board
from tests.gamify.measures.makers import a_file, days_before, imported, worked
from tests.makers import a_person, ask, operation, send


async def own(person, **given):
    return (await send("MyFigures", by=person, **given))["figures"]


async def test_what_is_good_goes_in_and_the_same_file_again_changes_nothing(tmp_path):
    ann = await a_person(number="A1")
    today = clock.business_date()
    path = a_file(
        tmp_path,
        f"A1,{today},64,7.19,8.0,0.62,3.86",
        f"A1,{today - timedelta(days=1)},82,7小时,8,71%,",
        f"A1,{today - timedelta(days=2)},12.5,7,8,0.7,4",
        f"A1,{today - timedelta(days=3)},12,25,8,1.2,5.5",
        f"A1,{today + timedelta(days=1)},12,7,8,0.7,4",
        f"A9,{today},12,7,8,0.7,4",
        f"A1,{today},65,7.19,8.0,0.62,3.86",
        f"A1,{today},64,7.19,8.0,0.62,3.86",
    )

    assert await imported(path, dry_run=True) == (
        expected := [
            "new",
            "new",
            "NOT_A_FIGURE",
            "FIGURE_TOO_LARGE FIGURE_TOO_LARGE FIGURE_TOO_LARGE",
            "DAY_TO_COME",
            "NOBODY_WITH_NUMBER",
            "SAID_OTHERWISE",
            "unchanged",
        ]
    )
    assert not await Figure.exists()
    assert await imported(path) == expected
    again = await imported(path)

    assert again[:2] == ["unchanged", "unchanged"]
    assert [(f["volume"], f["onDutyHours"], f["resolutionRate"]) for f in await own(ann)] == [
        (64, 7.18, 0.62),
        (82, 7.0, 0.71),
    ]
    assert not await Restatement.exists()


async def test_a_correction_shows_what_was_said_before_and_is_told(tmp_path):
    ann = await a_person(number="A1")
    today = clock.business_date()
    await imported(a_file(tmp_path, f"A1,{today},64,7,8,0.62,3.86"))

    corrected = await imported(a_file(tmp_path, f"A1,{today},70,7,8,0.62,3.86"))

    assert corrected == ["restated"]
    [day] = await own(ann)
    assert day["volume"] == 70
    assert day["restatedAt"] == day["earlier"][0]["until"]
    assert [was["volume"] for was in day["earlier"]] == [64]
    [page] = await notices.of([ann.id], page=Page())
    assert [notice.kind for notice in page.rows] == ["FIGURES"]


async def test_nobody_sees_anybody_elses_figures(tmp_path):
    ann, ben = await a_person(), await a_person()
    await worked(ann, clock.business_date())

    assert len(await own(ann)) == 1
    assert await own(ben) == []
    refused = await ask(
        operation("Boards")[0], by=ben, name="Boards", measure="VOLUME", span="WEEK"
    )
    assert refused["errors"][0]["extensions"]["code"] == "PRIVATE_MEASURE"


async def test_at_most_93_days_are_read_at_once():
    ann = await a_person()
    await worked(ann, *days_before(120))

    assert len(await own(ann)) == 30
    assert len(await own(ann, since="2020-01-01")) == 92


async def a_busy_team(tmp_path, volumes, day):
    team = await a_team()
    people = [await a_person(team=team) for _ in volumes]
    lines = [
        f"{person.number},{day},{volume},8,8,0.{60 + n},4.{n}"
        for n, (person, volume) in enumerate(zip(people, volumes, strict=True))
    ]
    await imported(a_file(tmp_path, *lines))
    return people


async def test_teams_are_ranked_by_an_hours_work_rounded_and_follow_corrections(tmp_path):
    with clock.set_to(WEDNESDAY):
        day = clock.business_date()
        ann, *_ = await a_busy_team(tmp_path, [80, 88, 96, 72, 64], day)
        await team_scores.settle()
        seen = {
            measure: (await board(ann, measure=measure, scope="TEAMS"))["viewerPlace"]["score"]
            for measure in ("VOLUME", "HOURS", "RESOLUTION", "SATISFACTION")
            if measure != "HOURS"
        }
        await imported(a_file(tmp_path, f"{ann.number},{day},160,8,8,0.6,4.0"))
        await team_scores.settle()
        restated = await board(ann, measure="VOLUME", scope="TEAMS")

    assert seen == {"VOLUME": 10, "RESOLUTION": 62, "SATISFACTION": 4.2}
    assert restated["viewerPlace"]["score"] == 12


@pytest.mark.parametrize("volumes", [[80, 88, 96, 72], [80, 80, 80, 80, 80], [80, 80, 80, 80, 8]])
async def test_few_and_all_alike_are_not_told(tmp_path, volumes):
    with clock.set_to(WEDNESDAY):
        ann, *_ = await a_busy_team(tmp_path, volumes, clock.business_date())
        await team_scores.settle()

        assert (await board(ann, measure="VOLUME", scope="TEAMS"))["viewerPlace"] is None


async def test_a_correction_leaves_periods_that_are_closed_as_they_are(tmp_path):
    with clock.set_to(WEDNESDAY):
        day = clock.business_date()
        ann, *_ = await a_busy_team(tmp_path, [80, 88, 96, 72, 64], day)
    with clock.set_to(WEDNESDAY + timedelta(days=7)):
        await closings.close()
        await imported(a_file(tmp_path, f"{ann.number},{day},800,8,8,0.6,4.0"))
        await team_scores.settle()
        week = await board(ann, measure="VOLUME", scope="TEAMS", on=day.isoformat())
        month = await board(ann, measure="VOLUME", scope="TEAMS", span="MONTH")
        [corrected] = await own(ann)

    assert (week["isClosed"], week["viewerPlace"]["score"]) == (True, 10)
    assert (month["isClosed"], month["viewerPlace"]["score"]) == (False, 28)
    assert corrected["volume"] == 800
    assert not await DueTeam.exists()
    assert not await Board.filter(measure="VOLUME", span="DAY").exists()


async def test_somebody_is_compared_with_what_they_do_otherwise():
    ann, new = await a_person(), await a_person()
    since = date(2026, 11, 16)
    await worked(ann, *days_before(12, since), volume=80)
    await worked(new, *days_before(9, since), volume=80)
    for person in (ann, new):
        await worked(person, since, volume=60, on_duty=240)

    found = await baselines.per_cent(
        [ann.id, new.id], Measure.VOLUME, since, since + timedelta(days=7)
    )

    assert found == {ann.id: 150_00}


async def test_what_is_old_is_forgotten():
    ann = await a_person()
    today = clock.business_date()
    await worked(ann, today, today - figures.KEPT - timedelta(days=1))

    await figures.forget()

    assert [figure.day for figure in await Figure.all()] == [today]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_the_same_file_from_many_sides_at_once_goes_in_once(tmp_path):
    for n in range(5):
        await a_person(number=f"A{n}")
    day = clock.business_date()
    path = a_file(tmp_path, *(f"A{n},{day},64,7,8,0.62,3.86" for n in range(5)))

    done = await asyncio.gather(*(imported(path) for _ in range(4)))

    assert sorted(kind for one in done for kind in one) == ["new"] * 5 + ["unchanged"] * 15
    assert await Figure.all().count() == 5
