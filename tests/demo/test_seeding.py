"""A company is seeded once; each test looks around in it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from api.composition import INTEGRITY, SUBSCRIBERS
from community import vents
from community.comments import Comment
from community.endorsements import Endorsement
from community.groups import Group
from community.moderation_cases import ModerationCase
from community.photos import Photo
from community.posts import Post
from community.risk_cases import RiskCase
from community.thanks import Thanks
from core import clock, events, settings
from core.events import Event
from core.identity import sessions
from core.media import images, storage
from core.messaging import deliveries, quiet
from core.messaging.notices import Notice
from core.people import Grants, Person
from core.rosters.shifts import Shift
from demo import alumni, company, digest, live, personas, rosters, seeding, threads
from demo.personas import Persona
from demo.seeding import Size
from gamify.badges.awards import Award
from gamify.challenges import contenders, prizes
from gamify.ledger import Transfer
from tests.conftest import empty
from tests.core.makers import chosen
from tests.makers import ask, node, operation

ROLES = [
    "agent",
    "colleague",
    "newcomer",
    "moderator",
    "counsellor",
    "supervisor",
    "HR",
    "operator",
]
LATE = timedelta(minutes=2)  # since the company was made
TREE_HOLE = "树洞 · After the call"
BREATHE = "深呼吸 · Breathe"


@pytest.fixture(scope="module", autouse=True)
async def people(database: None) -> AsyncIterator[dict[str, Persona]]:
    """Whom one may look around as, by role."""
    await seeding.seed(Size(people=60, murmurs=20), untold)
    yield {one.role: one for one in await personas.entered()}
    await empty()


def untold(what: str, total: int) -> Any:
    return lambda done: None


async def asked(persona: Persona, name: str, **variables: Any) -> Any:
    document, name = operation(name)
    answer = await ask(document, name=name, token=persona.token, **variables)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


async def test_every_stored_figure_is_right():
    assert [finding for check in INTEGRITY for finding in await check()] == []
    assert not await Event.filter(error__not_isnull=True).exists()


async def test_contests_are_on_and_one_is_over(people):
    with clock.set_to(clock.now() + LATE):
        await contenders.settle()
        await prizes.close()
        while await events.deliver(SUBSCRIBERS):
            pass
        seen = await asked(people["agent"], "Challenges")
        own = (await asked(people["agent"], "Goals"))["viewer"]["goals"]

    found = [edge["node"] for edge in seen["challenges"]["edges"]]
    assert [one["isClosed"] for one in found] == [False, False, True]
    for one in found:
        assert (await asked(people["agent"], "Challenge", id=one["id"]))["challenge"]["standing"]
    assert await Transfer.filter(rule__name="challenge").exists()
    assert [goal["target"] for goal in own] == [8]


async def test_it_is_as_large_and_as_talkative_as_told():
    told = [thread for circle in threads.circles() for thread in circle.threads]
    assert (len(company.told().people), len(told)) == (48, 93)
    assert await Person.all().count() == 60 + alumni.number_of_people()
    assert await Post.all().count() == 93 + 20 + 1 + 3 + 2  # who waits; reported; looked after
    assert await Comment.all().count() > sum(len(thread.comments) for thread in told) > 150
    assert await Photo.all().count() == 3
    assert await Group.all().count() == 10


@pytest.mark.parametrize("role", ROLES)
async def test_whoever_looks_around_gets_answers(people, role):
    one = people[role]

    account = (await asked(one, "Account"))["viewer"]
    feed = (await asked(one, "Feed"))["feed"]["edges"]
    groups = (await asked(one, "Groups"))["groups"]["edges"]
    points = (await asked(one, "MyPoints"))["viewer"]["points"]

    assert (account["person"]["name"], account["person"]["number"]) == (one.name, one.number)
    assert account["hasAcceptedPrivacyNotice"] is True
    assert [session["device"] for session in account["sessions"]] == ["demo"]
    assert len(feed) == 20
    assert groups[0]["node"]["name"] == "演示说明 · About this demo"
    assert points["available"] >= 0


async def test_a_report_and_an_appeal_wait_for_the_moderator(people):
    queue = await asked(people["moderator"], "ModerationQueue")
    [case] = [edge["node"] for edge in queue["moderationQueue"]["edges"]]
    assert (case["weight"], case["reported"]["isHidden"]) == (2000, False)
    assert [report["reason"] for report in case["reports"]] == ["PRIVATE_DATA"] * 2
    queue = await asked(people["moderator"], "AppealQueue")
    [appeal] = [edge["node"] for edge in queue["appealQueue"]["edges"]]
    assert (appeal["case"]["verdict"], appeal["case"]["decidedBy"]["name"]) == ("REMOVED", "秦岚")
    verdicts = await ModerationCase.all().order_by("weight").values_list("verdict", flat=True)
    assert verdicts == ["DISMISSED", None, "REMOVED"]


async def test_they_carry_the_grants_of_their_roles(people):
    cast = await company.cast()
    grants = dict.fromkeys(ROLES, Grants.NONE) | {
        "moderator": Grants.MODERATOR,
        "counsellor": Grants.COUNSELLOR,
        "supervisor": Grants.SUPERVISOR,
        "HR": Grants.HR,
        "operator": Grants.ADMIN,
    }
    assert {one.role: cast[key].grants for key, one in company.personas().items()} == grants
    assert list(people) == ROLES


async def test_points_are_there_to_spend_and_to_wait_for(people):
    agent = (await asked(people["agent"], "MyPoints"))["viewer"]["points"]
    colleague = (await asked(people["colleague"], "MyPoints"))["viewer"]["points"]
    assert (agent["available"], agent["pending"]) == (144, 18)
    assert (colleague["available"], colleague["pending"]) == (46, 32)
    assert agent["history"]["edges"][0]["node"]["causedBy"]["name"] == "周子昂"


async def test_somebody_keeps_a_pulse_and_of_large_teams_the_weeks_are_told(people):
    pulse = (await asked(people["agent"], "Pulse"))["viewer"]["pulse"]
    assert pulse["today"] is None
    assert len(pulse["history"]["edges"]) == 14
    assert any(edge["node"]["words"] for edge in pulse["history"]["edges"])
    assert all(week["well"] for week in [*pulse["teamWeeks"], *pulse["companyWeeks"]])
    assert len(pulse["teamWeeks"]) == len(pulse["companyWeeks"]) == 4

    desk = (await asked(people["colleague"], "Pulse"))["viewer"]["pulse"]
    assert [week["well"] for week in desk["teamWeeks"]] == [None] * 4


async def test_a_lead_sees_the_newcomer_of_the_team(people):
    [team] = (await asked(people["supervisor"], "TeamHome"))["viewer"]["ledTeams"]
    assert team["team"]["name"] == "晚班B组"
    assert [new["person"]["name"] for new in team["newcomers"]] == ["苏小满"]
    assert team["newcomers"][0]["day"] == 10
    assert team["newcomers"][0]["buddy"]["name"]


async def test_traditional_characters_find_what_was_said_in_simplified_ones(people):
    found = (await asked(people["agent"], "Search", text="退款"))["search"]
    again = (await asked(people["agent"], "Search", text="退款 "))["search"]
    assert found["posts"]["edges"] == again["posts"]["edges"] != []
    [lin] = (await asked(people["agent"], "Search", text="林曉雨"))["search"]["people"]["edges"]
    assert lin["node"]["name"] == "林晓雨"


async def test_there_is_news_of_the_last_minutes_and_more_to_come():
    now = clock.now()
    latest = await Post.filter(published_at__range=(now - timedelta(minutes=10), now))
    news = {await kind(post) for post in latest}
    assert news >= {"SOCIAL", "KNOWLEDGE", "SUPPORT"}
    assert any(not post.comment_count for post in latest if post.handle)

    coming = await Post.filter(published_at__gt=now)
    assert {await kind(post) for post in coming} == {"SUPPORT"}
    assert await Event.filter(due_at__gt=now, name="post.created").count() == len(coming)


async def test_nothing_else_lies_in_the_future():
    comments = await Comment.filter(published_at__gt=clock.now()).values_list("post_id", flat=True)
    answered = await Post.filter(id__in=comments).values_list("published_at", flat=True)
    assert all(published_at > clock.now() for published_at in answered)


async def test_the_agents_shift_has_just_ended_whatever_the_hour(people):
    agent = await Person.get(number=people["agent"].number)
    last = await Shift.filter(person_id=agent.id, ends_at__lte=clock.now()).latest("ends_at")
    assert timedelta() <= clock.now() - last.ends_at < timedelta(minutes=5) + LATE
    assert await quiet.quiet_until([agent.id], clock.now()) == [None]
    with clock.set_to(last.ends_at - timedelta(seconds=1)):
        assert await quiet.quiet_until([agent.id], clock.now()) == [last.ends_at]
    waiting = await Notice.filter(person_id=agent.id, is_read=False)
    assert min(notice.at for notice in waiting) >= last.begins_at - timedelta(minutes=5)


@pytest.mark.parametrize("hour", range(0, 24, 3))
async def test_a_roster_can_be_put_up_at_any_hour(people, hour):
    agent = await Person.get(number=people["agent"].number)
    with clock.set_to(clock.now() + timedelta(days=1, hours=hour)):
        await rosters.put_up()
        last = await Shift.filter(person_id=agent.id, ends_at__lte=clock.now()).latest("ends_at")
        assert clock.now() - last.ends_at < timedelta(minutes=5)
        assert await quiet.quiet_until([agent.id], clock.now()) == [None]


async def test_somebody_waits_and_is_answered_while_one_watches():
    vent = await Post.get(id=(await Event.get(name=live.ANSWER)).payload["post"])
    waited = clock.now() - vent.published_at
    assert timedelta(minutes=9) <= waited + LATE
    assert waited <= timedelta(minutes=14) + LATE
    assert vent.comment_count == 0

    with clock.set_to(vent.published_at + timedelta(minutes=15)):
        await vents.ask_due()
    told = await Event.filter(name="listener.asked")
    assert [event.payload["post"] for event in told].count(str(vent.id)) == 3
    with clock.set_to(vent.published_at + timedelta(minutes=20)):
        while await events.deliver(SUBSCRIBERS | {live.ANSWER: [live.answer]}):
            pass
    [answer] = await Comment.filter(post_id=vent.id)
    assert answer.published_at == vent.published_at + timedelta(minutes=20)
    assert (answer.author_id, vent.author_id) == (None, None)


async def kind(post: Post) -> str:
    return (await Group.get(id=post.group_id)).kind


async def test_what_is_said_anonymously_names_nobody(people):
    named = {one.text.strip() for one in told_in(BREATHE) if not one.anonymous}
    shown = await everything_in(BREATHE, people["agent"])
    assert {one["text"] for one in shown if one["author"]["__typename"] == "Person"} == named
    assert {one["text"] for one in shown if one["viewerIsAuthor"]} == set()

    vents = await everything_in(TREE_HOLE, people["agent"])
    assert {one["author"]["__typename"] for one in vents} == {"Alias"}
    assert ["嗓子又哑了" in one["text"] for one in vents if one["viewerIsAuthor"]] == [True]

    posts = await Post.filter(handle__not_isnull=True).values_list("author_id", flat=True)
    comments = await Comment.filter(handle__not_isnull=True).values_list("author_id", flat=True)
    assert {*posts, *comments} == {None}
    assert len(posts + comments) > 30


def told_in(name: str) -> tuple[threads.Thread, ...]:
    return next(circle.threads for circle in threads.circles() if circle.name == name)


async def everything_in(name: str, persona: Persona) -> list[dict[str, Any]]:
    group = await Group.get(name=name)
    feed = await asked(persona, "Feed", group=f"group_{group.id.hex}")
    return [edge["node"] for edge in feed["feed"]["edges"]]


@pytest.mark.parametrize("role", ["supervisor", "HR"])
async def test_a_shelter_is_not_there_for_those_it_excludes(people, role):
    groups = (await asked(people[role], "Groups"))["groups"]["edges"]
    assert TREE_HOLE not in [edge["node"]["name"] for edge in groups]


async def test_every_sad_post_is_answered():
    told = await Post.get(text__startswith="外婆上周走了")
    assert told.comment_count == 6
    assert told.hug_count == 12


async def test_the_newcomer_has_a_buddy_and_an_application(people):
    document = "{ viewer { buddy { team { name } } person { avatar { id } } } }"
    viewer = (await ask(document, token=people["newcomer"].token))["data"]["viewer"]
    assert viewer == {"buddy": {"team": {"name": "晚班B组"}}, "person": {"avatar": None}}
    groups = (await asked(people["newcomer"], "Groups"))["groups"]["edges"]
    standing = {edge["node"]["name"]: edge["node"]["viewerStanding"] for edge in groups}
    assert standing["英语角 · English corner"] == "APPLIED"
    assert "年会筹备 · Hush" not in standing


async def test_the_agent_is_invited(people):
    groups = (await asked(people["agent"], "Groups"))["groups"]["edges"]
    standing = {edge["node"]["name"]: edge["node"]["viewerStanding"] for edge in groups}
    assert standing["年会筹备 · Hush"] == "INVITED"


async def test_faces_and_photos_can_be_looked_at():
    faces = await Person.filter(avatar_id__not_isnull=True).values_list("avatar_id", flat=True)
    assert len(faces) == 46  # of whom only the two newest have none yet
    photos = [photo.image for photo in await Photo.all().select_related("image")]
    for image in photos + [face for face in await images.by_id(faces) if face]:
        assert (await storage.current().get(image.full_name))[:4] == b"RIFF"
    assert {(image.width, image.height) for image in photos} == {(1200, 900)}


async def test_who_looks_again_later_finds_something_new_each_time(people):
    later = clock.now() + timedelta(days=45)
    texts = []
    for day in range(4):
        with clock.set_to(later + timedelta(days=day)):
            before = await latest_text()
            await seeding.refresh(untold)
            texts.append(await latest_text())
            assert texts[-1] != before
            count = await Post.all().count()
            await seeding.refresh(untold)
            assert await Post.all().count() == count
    assert len(set(texts[:3])) == 3
    assert texts[3] == texts[0]  # the oldest joke is told again


def test_nobody_whom_a_visitor_may_have_moved_is_needed_for_that():
    rounds = threads.arrivals()
    said = [words for told in rounds for one in told for words in (one, *one.comments)]
    assert {words.by for words in said} & company.personas().keys() == set()


async def latest_text() -> str:
    return (await Post.filter(published_at__lte=clock.now()).order_by("-published_at").first()).text


async def test_whoever_was_signed_out_gets_a_new_token_and_nobody_else(people):
    agent = await Person.get(number=people["agent"].number)
    await sessions.sign_out_everywhere(agent, by=agent)

    again = {one.role: one for one in await personas.back_again([*people.values()])}

    assert again["agent"].token != people["agent"].token
    assert (await sessions.by_token(again["agent"].token))[1] == agent
    assert {role: one for role, one in again.items() if role != "agent"} == {
        role: one for role, one in people.items() if role != "agent"
    }


async def test_the_password_that_is_shown_signs_in(people):
    one = people["HR"]
    sent = {"number": one.number, "password": one.password, "device": "phone"}
    document, name = operation("SignIn")
    answer = await ask(document, name=name, **sent)
    assert answer["data"]["signIn"]["person"]["name"] == "顾雯"


async def test_the_third_voice_for_a_night_owl_is_up_to_the_agent(people):
    cast = await company.cast()
    profile = (await asked(people["agent"], "Profile", person=node("person", cast["mo"])))["person"]
    assert [tag["name"] for tag in profile["viewerMayEndorseIn"]] == ["工单系统"]
    assert await Endorsement.filter(person=cast["mo"]).count() == 2
    assert await Thanks.filter(comment__author_id=cast["mo"].id, by_asker=True).count() == 5

    expert = (await asked(people["agent"], "Profile", person=node("person", cast["ma"])))["person"]
    assert [one["tag"]["name"] for one in expert["expertIn"]] == ["耳机"]


async def test_ideas_have_answers_and_what_is_new_is_pinned(people):
    group = node("group", await Group.get(name="金点子 · Ideas"))
    found = (await asked(people["agent"], "Ideas", group=group, order="VOTES"))["ideas"]["edges"]
    statuses = [edge["node"]["status"] for edge in found]
    assert sorted(statuses) == ["DECLINED", "DONE", "OPEN", "OPEN", "PLANNED", "PLANNED"]
    assert found[0]["node"]["answers"]["edges"][0]["node"]["author"]["name"] == "顾雯"

    [news] = (await asked(people["moderator"], "Bulletins"))["bulletins"]["edges"]
    assert news["node"]["post"]["text"].startswith("【新规则】")
    assert news["node"]["waitingCount"] > 0


async def test_the_agent_has_badges_and_is_on_the_way_to_more(people):
    own = (await asked(people["agent"], "Badges"))["viewer"]
    held = {one["badge"]["name"]: one["level"] for one in own["person"]["badges"]}
    assert held == {"Calm in the storm": None, "Helping hand": "SILVER", "Ripples": "BRONZE"}
    [unseen] = [one for one in own["badgeProgress"] if one["badge"]["kind"] == "UNSEEN"]
    assert unseen["level"] == "BRONZE"
    assert own["streak"]["weeks"] >= 2
    assert await Award.filter(badge__code="expert", ended_at__isnull=True).count() == 1


def test_a_large_company_is_the_same_every_time():
    one, other = (company.of(2_000, Random(1)) for _ in range(2))  # noqa: S311  # no secret
    assert one == other
    assert len({colleague.number for colleague in one.people}) == 2_000
    assert all(colleague.number.startswith("DEMO") for colleague in one.people)
    teams = {team for names in one.departments.values() for team in names}
    assert {colleague.team for colleague in one.people} == teams


async def test_whoever_looks_around_has_been_told_something(people):
    for role in ("agent", "colleague", "newcomer"):
        told = (await asked(people[role], "Notices"))["viewer"]["notices"]["edges"]
        assert all(edge["node"]["text"] for edge in told), role
        assert told, role


async def test_what_the_agent_was_told_comes_as_one_message(people, capsys):
    told = (await asked(people["agent"], "Notices"))["viewer"]["unreadNoticeCount"]
    agent = await Person.get(number=people["agent"].number)
    [until] = await quiet.quiet_until([agent.id], clock.now())
    with chosen(development="true"), clock.set_to(until or clock.now()):
        await digest.keep([*people.values()])
        await deliveries.deliver()
        assert await deliveries.deliver() == 0
    [*_, last] = capsys.readouterr().out.splitlines()
    assert last == f"Push: 茶水间有 {told} 条新消息。"


async def test_a_counsellor_finds_a_case_that_was_taken_care_of_and_one_that_is_open(people):
    shen = people["counsellor"]
    inbox = [edge["node"] for edge in (await asked(shen, "SafetyInbox"))["riskCases"]["edges"]]
    assert [(one["level"], one["holder"] is None) for one in inbox] == [
        ("AMBER", False),
        ("RED", True),
    ]
    assert [one["isHolding"] for one in inbox] == [False, True]
    gaps = (await asked(shen, "Rota"))["rota"]["gaps"]
    assert {(gap["begins"], gap["ends"]) for gap in gaps} == {("22:00", "08:00")}


async def test_in_the_demo_nobody_but_its_author_and_counsellors_sees_what_is_held_back(people):
    held = await RiskCase.get(is_holding=True)
    feed = await asked(people["agent"], "Feed", first=50)
    assert held.words not in str(feed)


async def test_friends_were_brought_and_one_came_a_day_too_late(people):
    own = (await asked(people["agent"], "MyReferrals"))["viewer"]["referrals"]["edges"]
    told = [(one["node"]["state"], one["node"]["stage"]) for one in own]
    assert told == [("LIVE", None), ("LIVE", "IN_PROGRESS"), ("TAKEN", None), ("LIVE", "HIRED")]
    [declined] = (await asked(people["colleague"], "MyReferrals"))["viewer"]["referrals"]["edges"]
    assert declined["node"]["stage"] == "CLOSED"
    jobs = (await asked(people["newcomer"], "Openings"))["openings"]["edges"]
    assert [job["node"]["extraFactor"] for job in jobs] == [1, 1, 2]


async def test_nobody_who_left_long_ago_waits_to_be_erased():
    before = clock.business_date() - timedelta(days=settings.current().erase_after_days)
    left = await Person.filter(left_on__lte=before).values_list("name", flat=True)
    assert len(left) > 50
    assert set(left) == {""}


async def test_hr_sees_how_long_people_stay_and_not_all_of_it(people):
    """With a headhunter's few nothing else of the same size is told."""
    with chosen(hires_known_since=(clock.business_date() - alumni.YEARS).isoformat()):
        report = (await asked(people["HR"], "HrReport"))["hrReport"]
    company, *parts = report["groups"]
    told = {one["channel"] for one in company["retentions"] if one["curve"]}
    assert {"REFERRAL", "OPEN_MARKET"} <= told
    assert "HEADHUNTER" not in told
    assert report["attrition"]["verdict"] in {"LOWER", "UNDECIDED"}
    [site] = [part for part in parts if part["department"] == "客服一部"]
    year = {
        one["channel"]: next(mark for mark in one["curve"]["marks"] if mark["day"] == 365)
        for one in site["retentions"]
        if one["curve"]
    }
    assert year["REFERRAL"]["lower"] < year["OPEN_MARKET"]["upper"]  # nothing is proved there


async def test_a_friend_is_two_days_from_the_second_milestone(people):
    data = await asked(people["agent"], "MyReferrals")
    found = [edge["node"] for edge in data["viewer"]["referrals"]["edges"]]
    [friend] = [one for one in found if one["stage"] == "HIRED"]
    [*_, paid] = friend["timeline"]["entries"]
    assert (paid["moment"], paid["points"]) == ("HIRED", 60)
    next_ = friend["timeline"]["next"]
    due = clock.business_date() + timedelta(days=2)
    assert next_ == {"kind": "DAYS_90", "on": due.isoformat(), "points": 240}


async def test_hr_has_300_open_orders_and_a_mistake_that_can_be_undone(people):
    hr = people["HR"]
    counted = (await asked(hr, "WaitingOrders"))["waitingRedemptions"]
    assert {one["state"]: one["openCount"] for one in counted} == {
        "REQUESTED": 220,
        "APPROVED": 60,
        "READY": 20,
    }
    [last, *_] = (await asked(hr, "StepBatches"))["stepBatches"]["edges"]
    assert (last["node"]["state"], last["node"]["isUndone"]) == ("READY", False)
    assert last["node"]["undoableUntil"] is not None
    edges = (await asked(people["agent"], "Shop"))["shop"]["edges"]
    left = {edge["node"]["name"]: [row["left"] for row in edge["node"]["stock"]] for edge in edges}
    assert left["Rice cooker, 3 litres"] == [7]
    assert sorted(left["Neck pillow"]) == [15, 25]  # at two sites
