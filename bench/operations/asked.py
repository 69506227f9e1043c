"""The requests of each operation: endless or many, and each does its full work."""

from collections.abc import Iterator
from itertools import count

from bench import company
from bench.company import CIRCLES, GROUPS, LIKES, Post, Size
from bench.operations import own, staff
from bench.operations.requests import Asked, Operation, alike, by_everybody, id
from core.privacy_notice import VERSION


def posts(size: Size, part: int = 0) -> Iterator[Post]:
    """One quarter of all posts: what one operation deletes is not what another one reads."""
    return (Post(n, size) for n in range(part, size.posts, 4))


def answered(size: Size, part: int = 0) -> Iterator[Post]:
    return (post for post in posts(size, part) if post.comments)


def a_post(size: Size) -> Iterator[Asked]:
    for post in (post for _ in count() for post in posts(size)):
        yield Asked(post.neighbour(9), {"id": id("post", post.id)})


def join(size: Size) -> Iterator[Asked]:
    for turn in range(GROUPS):
        for person in range(size.people):
            group = 1 + (person + turn) % (GROUPS - 1)
            if person % CIRCLES != group % CIRCLES:
                yield Asked(person, {"group": id("group", company.key("group", group))})


def leave(size: Size) -> Iterator[Asked]:
    for tens in range(0, GROUPS, CIRCLES):
        for person in range(size.people):
            if group := tens + person % CIRCLES:
                yield Asked(person, {"group": id("group", company.key("group", group))})


def create_post(size: Size) -> Iterator[Asked]:
    group = id("group", company.key("group", 0))
    for n in count():
        draft = {"text": f"Question {n}", "tags": [company.TAGS[0]]}
        yield Asked(n % size.people, {"group": group, "draft": draft, "key": f"post {n}"})


def edit_post(size: Size) -> Iterator[Asked]:
    for post in posts(size, 1):
        yield Asked(post.author, {"post": id("post", post.id), "text": "Better"})


def delete_post(size: Size) -> Iterator[Asked]:
    for post in posts(size, 1):
        yield Asked(post.author, {"post": id("post", post.id)})


def add_comment(size: Size) -> Iterator[Asked]:
    for turn in count():
        for post in posts(size, 2):
            given = {"post": id("post", post.id), "text": "Me too", "key": f"{turn} {post.id}"}
            yield Asked(post.neighbour(9), given)


def edit_comment(size: Size) -> Iterator[Asked]:
    for post in answered(size, 2):
        yield Asked(
            post.commenter(0), {"comment": id("comment", post.comment(0)), "text": "Better"}
        )


def delete_comment(size: Size) -> Iterator[Asked]:
    for post in answered(size, 2):
        yield Asked(post.commenter(0), {"comment": id("comment", post.comment(0))})


def react(size: Size) -> Iterator[Asked]:
    for turn in count(max(LIKES)):
        for post in posts(size, 3):
            yield Asked(post.liker(turn), {"subject": id("post", post.id), "kind": "LIKE"})


def remove_reaction(size: Size) -> Iterator[Asked]:
    for n in range(max(LIKES)):
        for post in (post for post in posts(size) if n < post.likes):
            yield Asked(post.liker(n), {"subject": id("post", post.id), "kind": "LIKE"})


def thank(size: Size) -> Iterator[Asked]:
    for post in answered(size, 3):
        yield Asked(post.neighbour(9), {"comment": id("comment", post.comment(0))})


def take_back_thanks(size: Size) -> Iterator[Asked]:
    for post in answered(size):
        yield Asked(post.neighbour(1), {"comment": id("comment", post.comment(0))})


def request_upload(size: Size) -> Iterator[Asked]:
    for n in count():
        yield Asked(n % size.people, {"purpose": "PHOTO", "key": f"upload {n}"})


SIGN_IN_AGAIN = ("UPDATE session SET revoked_at = NULL",)

#: In this order, which matters: what takes things away comes last.
OPERATIONS: dict[str, Operation] = {
    "Account": Operation(alike()),
    "Feed": Operation(alike()),
    "FollowedTags": Operation(alike()),
    "Groups": Operation(alike()),
    "MyPoints": Operation(alike()),
    "MyShifts": Operation(alike()),
    "Post": Operation(a_post),
    "PrivacyNotice": Operation(alike()),
    "AcceptPrivacyNotice": Operation(
        by_everybody(version=VERSION), ("DELETE FROM privacy_acceptance",)
    ),
    "AddComment": Operation(add_comment),
    "CreatePost": Operation(create_post),
    "EditComment": Operation(edit_comment),
    "EditPost": Operation(edit_post),
    "JoinGroup": Operation(join),
    "React": Operation(react),
    "ReadGroup": Operation(by_everybody(group=id("group", company.key("group", 0)))),
    "RemoveReaction": Operation(remove_reaction),
    "RequestUpload": Operation(request_upload, ("DELETE FROM upload",)),
    "SignOut": Operation(by_everybody(), SIGN_IN_AGAIN),
    "SignOutEverywhere": Operation(by_everybody(keepCurrent=False), SIGN_IN_AGAIN),
    "TakeBackThanks": Operation(take_back_thanks),
    "ThankComment": Operation(thank),
    "DeleteComment": Operation(delete_comment),
    "DeletePost": Operation(delete_post),
    **own.OPERATIONS,
    **staff.OPERATIONS,
    "LeaveGroup": Operation(leave),  # last: who has left asks for nothing more there
}

#: About a case, a line, an idea, an order: the company has none, or staff asks seldom.
OF_A_ROW = """
    AcknowledgeBulletin AcknowledgeCase AddSynonym AllotBudget AnswerIdea AnswerPointsAppeal Appeal
    AppealPointsReview ArchiveReward CancelChallenge Challenge DecideBonus DecidePointsReview
    DisqualifyEntrant Entrants ExportPipeline GiveBonus JoinChallenge LeaveChallenge MatchHire
    MergeCandidates NoteCandidate OpenResume OrderSheet PickList PointsLines ReversePoints
    SaveChallenge StepCandidates
    AskForErasure AskToBeErased AskToBreakGlass AssignIdea BackfillBadge CancelOrder CareLine
    ChangeRuleBudget ChangeStock CheckIn Cheer CloseCase CreateOpening DecideAppeal
    DecideBreakGlass DecideDispute DecideErasure DecideReport DisputeReferral DropGoal DropWish
    EditOpening Endorse EntrustOrder FinishUpload GiveBadge HandOver HandOverCase
    IssueActivationCode LiftSuspension Listen MoveOpening MuteAlias NoteCase OpenCareLine
    OpenSeal Order Pickup PinPost PreviewBadge PutHelpCard PutHolidays PutOnCallHours
    PutRiskRule PutShopTerms PutTeamRegion Redeem RedeemForLeaver RegisterDevice ReleaseCase
    RemoveDevice RemoveHolidays RemoveSynonym Report RequestMyData RetireRiskRule RetireRule
    RevealVoucher ReviewExpert RevokeAward RevokeExpert Reward RuleDryRun SaveBadge SaveBudget
    SaveReward SaveRule SaveSite SetAvatar SetCaseLevel ShareFigures ShareOpening
    ShowRewardPictures StepBatches StepCase StepOrders StopListening SuspendAuthor
    TakeBackEndorsement TakeBackErasure TakeBackIdeaVote TakeInVouchers TakeOverCareLine
    UndoStep UnmuteAlias UnpinPost VentNow VoteForIdea WishForReward WorryAbout WriteToCareLine
"""

#: Why the others are not measured.
LEFT_OUT = {
    **dict.fromkeys(OF_A_ROW.split(), "need what the company has none of, or are asked seldom"),
    "SignIn": "computes argon2 for tens of milliseconds, as it should",
    "SignInWithCode": "is counted and limited",
    "RequestCode": "is counted and limited",
    "Activate": "computes argon2",
    "ResetPassword": "computes argon2",
    "GroupActivity": "is a subscription",
    "NoticeArrived": "is a subscription",
    "BadgeWon": "is a subscription",
    "PointsChanged": "is a subscription",
}
