"""What everybody asks about themselves, their colleagues and what they read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from bench import company
from bench.company import GROUPS, Post, Size
from bench.operations.requests import Asked, Operation, Requests, alike, by_everybody, id
from community.groups import GroupKind

EVERYBODY, KNOWLEDGE = id("group", company.key("group", 0)), id("tag", company.key("tag", "refund"))
LATER = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()


def of_a_colleague(size: Size) -> Iterator[Asked]:
    for n in count():
        yield Asked(n % size.people, {"person": id("person", company.key("person", n % 97 + 100))})


def about_a_post(name: str) -> Requests:
    def asked(size: Size) -> Iterator[Asked]:
        """In the group where everybody is; nobody twice about the same one."""
        for turn in range(9, 99):
            for post in (Post(n, size) for n in range(0, size.posts, 2)):
                yield Asked(post.neighbour(turn), {name: id("post", post.id)})

    return asked


def ideas(size: Size) -> Iterator[Asked]:
    """In a group of that kind, by its members."""
    group = next(n for n in range(GROUPS) if company.KINDS[n % 3] is GroupKind.IDEAS)
    for n in count():
        people = company.members(group, size)
        asked = {"group": id("group", company.key("group", group)), "order": "VOTES"}
        yield Asked(people[n % len(people)], asked)


READS: dict[str, Requests] = {
    "Badges": alike(),
    "BadgesOf": of_a_colleague,
    "BlockedPeople": alike(),
    "Boards": alike(measure="POINTS", span="WEEK"),
    "Bulletins": alike(group=EVERYBODY),
    "Challenges": alike(),
    "ExplainPoints": alike(),
    "FeedWithBadges": alike(group=EVERYBODY),
    "Goals": alike(),
    "HelpCard": alike(),
    "HonourRoll": alike(measure="POINTS", span="WEEK"),
    "Ideas": ideas,
    "Listening": alike(),
    "MutedComments": about_a_post("post"),
    "MutedThreads": alike(),
    "MyCareLines": alike(),
    "MyData": alike(),
    "MyExpertise": alike(),
    "MyFigures": alike(),
    "MyOrders": alike(),
    "MyReferrals": alike(),
    "MySuspension": alike(group=EVERYBODY),
    "Notices": alike(),
    "Openings": alike(),
    "Profile": of_a_colleague,
    "Pulse": alike(),
    "PushKey": alike(),
    "ReportChoices": alike(),
    "Rulings": about_a_post("post"),
    "Search": alike(text="refund"),
    "Settings": alike(),
    "Shop": alike(),
    "Tag": alike(called="refund"),
    "TagFeed": alike(tag=KNOWLEDGE),
    "TeamHome": alike(),
    "UnansweredQuestions": alike(),
    "Wishes": alike(),
}

WRITES: dict[str, Operation] = {
    "BlockPerson": Operation(of_a_colleague, ("DELETE FROM block",)),
    "UnblockPerson": Operation(of_a_colleague),
    "ChooseQuietHours": Operation(by_everybody(begins="22:00", ends="07:00")),
    "ChooseNotices": Operation(by_everybody(kind="REACTION", channel="WEB_PUSH", isOn=True)),
    "ConsentToPulse": Operation(by_everybody()),
    "WithdrawPulseConsent": Operation(by_everybody()),
    "FollowTag": Operation(by_everybody(tag=KNOWLEDGE), ("DELETE FROM tag_follow",)),
    "UnfollowTag": Operation(by_everybody(tag=KNOWLEDGE)),
    "HideNameOnBoards": Operation(by_everybody()),
    "ShowNameOnBoards": Operation(by_everybody()),
    "MarkNoticesRead": Operation(by_everybody()),
    "MuteThread": Operation(about_a_post("post"), ("DELETE FROM thread_mute",)),
    "UnmuteThread": Operation(about_a_post("post")),
    "Pause": Operation(by_everybody(until=LATER)),
    "Resume": Operation(by_everybody()),
    "SetGoal": Operation(by_everybody(measure="POINTS", span="WEEK", target=5)),
}

OPERATIONS = {name: Operation(requests) for name, requests in READS.items()} | WRITES
