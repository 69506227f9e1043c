"""What a phone sends, each operation with the exact number of statements it costs.

Who is asking takes one statement; BEGIN and COMMIT of a mutation count as one each.
"""

from collections.abc import Iterator

import pytest

from tests import (
    bringing,
    honours,
)
from tests.browsers import Browser
from tests.core.makers import chosen
from tests.counselling import COUNSELLING
from tests.makers import (
    a_token,
    client,
    operation,
)
from tests.receivers import PUSH
from tests.rulebook import RULEBOOK
from tests.shopping import SHOPPING
from tests.standings import KIND_WEEK

READS = {
    "Account": ({}, 3),
    "MyData": ({}, 2),
    "MyPoints": ({}, 4),
    "MyShifts": ({}, 5),
    "Listening": ({}, 7),
    "Notices": ({}, 3),
    "HelpCard": ({}, 3),
    "PushKey": ({}, 1),
    "PrivacyNotice": ({}, 1),
    "Feed": ({}, 10),
    "Groups": ({}, 4),
    "Post": ({"id": "post"}, 11),
    "MySuspension": ({"group": "group"}, 3),
    "BreakGlassRequests": ({}, 6),
    "CareLine": ({"id": "line"}, 5),
    "CareLines": ({}, 4),
    "MyCareLines": ({}, 4),
    "Tag": ({"called": "refund"}, 6),
    "TagFeed": ({"tag": "tag"}, 6),
    "FollowedTags": ({}, 3),
    "Settings": ({}, 3),
    "Search": ({"text": "refund"}, 8),
    "ReportChoices": ({}, 1),
    "Rulings": ({"post": "removed"}, 5),
    "ModerationQueue": ({}, 7),
    "AppealQueue": ({}, 9),
    "BlockedPeople": ({}, 2),
    "MutedThreads": ({"besides": "muted"}, 4),
    "MutedComments": ({"post": "muted"}, 3),
    "Profile": ({"person": "helper"}, 7),
    "MyExpertise": ({"besides": "expert"}, 3),
    "ExpertProposals": ({"besides": "proposed"}, 6),
    "Ideas": ({"group": "lamps", "order": "VOTES"}, 10),
    "Bulletins": ({"group": "group", "besides": "bulletin"}, 10),
    "UnansweredQuestions": ({"tag": "tag"}, 6),
    "Pulse": ({}, 5),
    "Erasures": ({"besides": "erasure"}, 4),
    "TeamHome": ({}, 2),
    "Openings": ({"besides": "opening"}, 3),
    "MyReferrals": ({"besides": "brings"}, 9),
    "Disputes": ({"besides": "dispute", "as": "hr"}, 7),
    "ShareFigures": ({"besides": "hr"}, 3),
    "HrReport": ({"besides": "hr"}, 3),
    "Pipeline": ({"besides": "hr", "and": "pipeline"}, 11),
    "CandidateSteps": ({"besides": "hr", "and": "pipeline"}, 3),
    "HonourRoll": ({"measure": "POINTS", "span": "WEEK", "besides": "roll"}, 4),
    "Goals": ({}, 3),
    "Challenges": ({"besides": "challenge"}, 4),
    "Challenge": ({"id": "challenge"}, 5),
    "Entrants": ({"id": "challenge", "besides": "hr"}, 4),
    "MyFigures": ({"besides": "figures"}, 3),
    "Boards": ({"measure": "POINTS", "span": "WEEK"}, 2),
    "Badges": ({"besides": "honoured"}, 10),
    "BadgesOf": ({"person": "honoured"}, 3),
    "BadgeCatalogue": ({"besides": "honoured"}, 2),
    "FeedWithBadges": ({"group": "group", "besides": "honoured"}, 4),
    "PreviewBadge": ({"draft": honours.DRAFT, "besides": "honoured"}, 3),
}
WRITES = {
    "JoinGroup": ({"group": "other"}, 9),
    "LeaveGroup": ({"group": "group"}, 7),
    "ReadGroup": ({"group": "group"}, 4),
    "CreatePost": (
        {"group": "group", "draft": {"text": "Hi", "tags": ["refund"]}, "key": "key"},
        16,
    ),
    "EditPost": ({"post": "post", "text": "Better"}, 10),
    "DeletePost": ({"post": "post"}, 7),
    "AddComment": ({"post": "post", "text": "Hi", "key": "key"}, 14),
    "EditComment": ({"comment": "own", "text": "Better"}, 10),
    "DeleteComment": ({"comment": "own"}, 11),
    "React": ({"subject": "answer", "kind": "LIKE"}, 8),
    "RemoveReaction": ({"subject": "answer", "kind": "LIKE"}, 6),
    "ThankComment": ({"comment": "answer"}, 12),
    "TakeBackThanks": ({"comment": "answer"}, 7),
    "AskToBreakGlass": ({"subject": "vent", "reason": "Farewell", "key": "key"}, 17),
    "DecideBreakGlass": ({"request": "undecided", "agreed": True, "note": "Yes"}, 16),
    "OpenSeal": ({"request": "agreed"}, 21),
    "SuspendAuthor": ({"case": "case", "until": "tomorrow", "reason": "SPAM"}, 13),
    "LiftSuspension": ({"case": "case"}, 7),
    "OpenCareLine": ({"subject": "vent"}, 10),
    "TakeOverCareLine": ({"line": "line"}, 13),
    "WriteToCareLine": ({"line": "line", "text": "Hi", "key": "key"}, 9),
    "VoteForIdea": ({"idea": "idea"}, 12),
    "TakeBackIdeaVote": ({"idea": "idea"}, 11),
    "AssignIdea": ({"idea": "idea", "owner": None}, 12),
    "AnswerIdea": (
        {"idea": "idea", "reply": {"status": "DONE", "text": "There"}, "key": "key"},
        14,
    ),
    "PinPost": ({"post": "post"}, 12),
    "UnpinPost": ({"bulletin": "bulletin"}, 7),
    "AcknowledgeBulletin": ({"bulletin": "bulletin", "version": 1}, 12),
    "Endorse": ({"person": "helper", "tag": "tag"}, 11),
    "TakeBackEndorsement": ({"person": "helper", "tag": "tag"}, 9),
    "ReviewExpert": ({"expert": "proposed", "approve": True}, 16),
    "RevokeExpert": ({"expert": "expert", "reason": "No more"}, 18),
    "FollowTag": ({"tag": "tag"}, 6),
    "UnfollowTag": ({"tag": "tag"}, 6),
    "AddSynonym": ({"tag": "tag", "called": "money back"}, 14),
    "RemoveSynonym": ({"tag": "tag", "called": "bring back"}, 10),
    "BlockPerson": ({"person": "ben"}, 3),
    "UnblockPerson": ({"person": "ben"}, 3),
    "MuteThread": ({"post": "post"}, 4),
    "UnmuteThread": ({"post": "post"}, 4),
    "MuteAlias": ({"comment": "whisper"}, 3),
    "UnmuteAlias": ({"comment": "whisper"}, 3),
    "Report": ({"subject": "answer", "reason": "SPAM", "key": "key"}, 18),
    "DecideReport": ({"case": "case", "decision": {"verdict": "REMOVED", "reason": "SPAM"}}, 24),
    "Appeal": ({"subject": "removed", "words": "It is none", "key": "key"}, 12),
    "DecideAppeal": ({"appeal": "appeal", "grant": True}, 29),
    "WorryAbout": ({"subject": "answer", "words": "So quiet lately", "key": "key"}, 25),
    "FinishUpload": ({"upload": "photo"}, 2),
    "SetAvatar": ({"upload": "avatar"}, 11),
    "Listen": ({"group": "shelter"}, 7),
    "StopListening": ({"group": "shelter"}, 5),
    "JoinChallenge": ({"challenge": "challenge"}, 9),
    "LeaveChallenge": ({"challenge": "challenge"}, 6),
    "SaveChallenge": ({"plan": KIND_WEEK, "key": "key", "besides": "hr"}, 12),
    "CancelChallenge": ({"challenge": "challenge", "besides": "hr"}, 11),
    "DisqualifyEntrant": (
        {"challenge": "challenge", "person": "entrant", "reason": "Swapped", "besides": "hr"},
        17,
    ),
    "SetGoal": ({"measure": "POINTS", "span": "WEEK", "target": 5}, 3),
    "DropGoal": ({"goal": "goal"}, 2),
    "Cheer": ({"person": "ben", "key": "key"}, 17),
    "HideNameOnBoards": ({}, 2),
    "ShowNameOnBoards": ({}, 2),
    "Pause": ({"until": "tomorrow"}, 4),
    "Resume": ({}, 3),
    "ChooseQuietHours": ({"begins": "23:00", "ends": "07:00"}, 7),
    "ChooseNotices": ({"kind": "REACTION", "channel": "WEB_PUSH", "isOn": True}, 3),
    "MarkNoticesRead": ({}, 5),
    "RegisterDevice": (Browser("https://push.example/1").subscription._asdict(), 5),
    "RemoveDevice": ({}, 3),
    "ConsentToPulse": ({}, 2),
    "CheckIn": ({"face": "GOOD", "words": "Phew", "key": "key"}, 7),
    "WithdrawPulseConsent": ({}, 2),
    "AcceptPrivacyNotice": ({"version": 2}, 3),
    "SignIn": ({"number": "number", "password": "password", "device": "phone"}, 15),
    "SignOut": ({}, 5),
    "SignOutEverywhere": ({"keepCurrent": True}, 4),
    "RequestMyData": ({"key": "key"}, 7),
    "AskForErasure": ({"number": "gone", "key": "key"}, 14),
    "DecideErasure": ({"erasure": "erasure", "agreed": True}, 14),
    "AskToBeErased": ({"key": "key"}, 11),
    "TakeBackErasure": ({}, 5),
    "GiveBadge": ({"badge": "gift", "person": "honoured", "words": "Hi", "key": "key"}, 12),
    "SaveBadge": ({"draft": honours.DRAFT, "key": "key", "besides": "honoured"}, 10),
    "BackfillBadge": ({"badge": "badge"}, 10),
    "RevokeAward": ({"award": "award", "reason": "A mistake"}, 12),
    "StepCandidates": ({"moves": "moves", "key": "key", "besides": "hr"}, 14),
    "NoteCandidate": (
        {"candidate": "candidate", "words": "Hi", "key": "key", "besides": "hr"},
        8,
    ),
    "MergeCandidates": (
        {"candidate": "candidate", "duplicate": "duplicate", "besides": "hr"},
        31,
    ),
    "ExportPipeline": ({"besides": "hr"}, 9),
    "MatchHire": ({"candidate": "hire", "number": "colleague's", "besides": "hr"}, 24),
    "CreateOpening": ({"draft": bringing.DRAFT, "key": "key", "besides": "hr"}, 13),
    "EditOpening": ({"opening": "opening", "draft": bringing.DRAFT, "besides": "hr"}, 13),
    "MoveOpening": ({"opening": "opening", "state": "PAUSED", "besides": "hr"}, 11),
    "ShareOpening": ({"opening": "opening", "channel": "WECHAT"}, 10),
    "OpenResume": ({"candidate": "resume", "besides": "hr"}, 7),
    "DisputeReferral": ({"referral": "brought", "words": "In March", "key": "key"}, 16),
    "DecideDispute": ({"dispute": "dispute", "answer": "Yes", "grant": True, "besides": "hr"}, 26),
    "RequestUpload": ({"purpose": "PHOTO", "key": "key"}, 6),
    **SHOPPING,
}
ANONYMOUS = {
    "VentNow": ({"phrase": "BAD_CALL", "key": "key"}, 27),
    "CreatePost": (
        {"group": "shelter", "draft": {"text": "Hi", "anonymous": True}, "key": "key"},
        19,
    ),
}


#: Name, variables and number of statements of each; some are sent in more than one way.
COSTS = [
    (name, *costs)
    for table in (READS, WRITES, COUNSELLING, RULEBOOK, ANONYMOUS)
    for name, costs in table.items()
]


@pytest.fixture(autouse=True)
def set_up() -> Iterator[None]:
    with chosen(**PUSH):
        yield


@pytest.mark.parametrize(("name", "variables", "expected"), COSTS)
async def test_an_operation_costs_so_many_statements(life, statements, name, variables, expected):
    ann, sent = await life.asks(variables)
    document, name = operation(name)
    async with client() as http:
        headers = {"authorization": f"Bearer {await a_token(ann)}"}
        asked = {"query": document, "operationName": name, "variables": sent}
        statements()
        answer = (await http.post("/graphql", json=asked, headers=headers)).json()
        taken = statements()

    assert "errors" not in answer
    [data] = answer["data"].values()
    assert "code" not in data, data
    assert len(taken) == expected, [sql.strip()[:90] for sql in taken]
