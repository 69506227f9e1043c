"""Who may see and do what: one table, by type and field. What is not listed fails the build.

`REACHED` fields may be read by whoever could reach their object: every object is reached through
one function of its noun (`posts.visible`), which raises unless the viewer may.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType
from strawberry import Schema

from community.counsellors import counsels
from core.errors import Forbidden, Unauthenticated
from core.people import Grants, Person
from core.text import Text


class SignInFirst(Unauthenticated):
    text = Text("Please sign in.", "请先登录。", "請先登入。")


class NotYours(Forbidden):
    text = Text("You may not do this.", "您没有权限这样做。", "您沒有權限這樣做。")


@dataclass(frozen=True)
class Who:
    """A group of people, told from the viewer and the row at hand."""

    name: str
    holds: Callable[[Person | None, Any], bool]

    def __or__(self, other: "Who") -> "Who":
        return Who(
            f"{self.name} | {other.name}",
            lambda viewer, row: self.holds(viewer, row) or other.holds(viewer, row),
        )


def _granted(grants: Grants) -> Who:
    return Who(str(grants.name), lambda viewer, _: viewer is not None and viewer.may(grants))


ANYONE = Who("ANYONE", lambda viewer, row: True)
REACHED = Who("REACHED", lambda viewer, row: True)
EMPLOYEE = Who("EMPLOYEE", lambda viewer, row: viewer is not None)
SELF = Who("SELF", lambda viewer, row: viewer is not None and viewer.id == row.id)
SUBJECT = Who("SUBJECT", lambda viewer, row: viewer is not None and viewer.id == row.person_id)
PINNER = Who("PINNER", lambda viewer, row: viewer is not None and viewer.id == row.pinned_by_id)
SUPERVISOR = _granted(Grants.SUPERVISOR)
HR = _granted(Grants.HR)
ADMIN = _granted(Grants.ADMIN)
MODERATOR = _granted(Grants.MODERATOR)
COUNSELLOR = Who("COUNSELLOR", lambda viewer, row: viewer is not None and counsels(viewer))

POLICY: dict[str, dict[Who, str]] = {
    "Query": {
        ANYONE: "privacyNotice viewer",
        EMPLOYEE: """
            bulletins careLine feed followedTags group groups helpCard ideas myData node
            person post pushKey reportChoices search tag tagFeed unansweredQuestions
        """,
        COUNSELLOR: "breakGlassRequests careLines helpCards riskCase riskCases riskHits riskRules",
        MODERATOR: "appealQueue expertProposals moderationCase moderationQueue",
        COUNSELLOR | ADMIN: "rota",
    },
    "Mutation": {
        ANYONE: "activate requestCode resetPassword signIn signInWithCode",
        COUNSELLOR: """
            acknowledgeRiskCase askToBreakGlass closeRiskCase decideBreakGlass handOverRiskCase
            noteRiskCase openSeal putHelpCard putOnCallHours putRiskRule putTeamRegion
            releaseRiskCase retireRiskRule setRiskLevel takeOverCareLine
        """,
        HR | ADMIN: "issueActivationCode",
        MODERATOR: """
            addSynonym assignIdea decideAppeal decideReport liftSuspension removeSynonym
            reviewExpert revokeExpert suspendAuthor
        """,
        EMPLOYEE: """
            acceptPrivacyNotice acknowledgeBulletin addComment answerIdea appeal blockPerson checkIn
            chooseNotices consentToPulse createPost decideApplication deleteComment deletePost
            editComment editPost endorseColleague finishUpload followTag foundGroup inviteMember
            joinGroup leaveGroup listen markGroupRead markNoticesRead muteAlias muteThread
            openCareLine pause react registerDevice removeDevice removeReaction report requestMyData
            requestUpload resume setAvatar signOut signOutEverywhere stopListening
            takeBackEndorsement takeBackIdeaVote takeBackThanks thankComment unblockPerson
            unfollowTag unmuteAlias unmuteThread ventNow voteForIdea withdrawPulseConsent worryAbout
            writeToCareLine
        """,
        MODERATOR | SUPERVISOR: "pinPost unpinPost",
    },
    "Subscription": {EMPLOYEE: "groupActivity noticeArrived"},
    "Alias": {REACHED: "name"},
    "Appeal": {REACHED: "answer case granted id madeAt words"},
    "Audience": {REACHED: "exact hr members supervisors"},
    "BreakGlassRequest": {
        REACHED: """
            askedAt askedBy author decidedAt decidedBy decision expiresAt id isRed note openedAt
            post reason tellsAuthor
        """,
    },
    "Bulletin": {
        REACHED: "id pinnedAt pinnedBy post validFrom version viewerHasAcknowledged",
        PINNER: "waitingCount",
    },
    "CareLine": {
        REACHED: "author id isAwaitingAnswer lastWrittenAt messages post viewerIsAuthor",
        COUNSELLOR: "counsellor",
    },
    "CareMessage": {REACHED: "id isFromAuthor kind text writtenAt"},
    "CheckIn": {REACHED: "businessDate face id words"},
    "Comment": {
        REACHED: """
            author authorIsExpertIn hugCount id isAccepted isEdited isHidden likeCount meTooCount
            post publishedAt sameHereCount text viewerHasThanked viewerIsAuthor viewerReactions
            viewerRuling
        """,
    },
    "DataExport": {REACHED: "id isFetched isReady requestedAt url"},
    "Expert": {
        REACHED: "id movedAt person state tag",
        SUBJECT | MODERATOR: "endorsers reason",
        SUBJECT: "lapsesOn",
    },
    "Group": {
        REACHED: """
            about audience id joinPolicy kind listenersAreAwake name viewerListens viewerStanding
            viewerSuspendedUntil viewerUnreadCount
        """,
    },
    "GroupActivity": {REACHED: "comment commentId cursor post postId what"},
    "HelpCard": {
        REACHED: """
            checkedOn counsellorFrom coverage heldBack isCounsellorOnCall lines message region
        """,
    },
    "HelpLine": {REACHED: "hours isAlwaysOpen name number"},
    "Idea": {REACHED: "answers id owner post status viewerHasVoted voteCount"},
    "IdeaAnswer": {REACHED: "answeredAt author id plannedFor status text"},
    "Image": {REACHED: "height id url width"},
    "KeptHelpCard": {REACHED: "checkedOn id lines message region version writtenAt writtenBy"},
    "KeptLine": {REACHED: "hours name number"},
    "ModerationCase": {
        REACHED: """
            decidedAt decidedBy group id openedAt reason reported reports suspendedUntil verdict
            weight words
        """,
    },
    "LedTeam": {REACHED: "anniversaries newcomers questions team"},
    "MutedThread": {REACHED: "mutedAt post"},
    "Notice": {REACHED: "actorCount actors at id isRead kind subjectId text"},
    "NoticeArrived": {REACHED: "cursor notice unreadNoticeCount"},
    "NoticeSetting": {REACHED: "channel isFixed isOn kind"},
    "OnCallTurn": {REACHED: "counsellor hours"},
    "PageInfo": {REACHED: "endCursor hasNextPage"},
    "Person": {
        REACHED: "avatar expertIn id name posts team viewerMayEndorseIn",
        SELF | HR: "number phone",
    },
    "Points": {REACHED: "available history pending"},
    "PointsLine": {REACHED: "at availableAt businessDate causedBy id points reason"},
    "Post": {
        REACHED: """
            author authorIsExpertIn commentCount comments group hugCount id idea isAnswered isEdited
            isHidden isQuestion likeCount photos publishedAt sameHereCount tags text viewerHasMuted
            viewerIsAuthor viewerReactions viewerRuling
        """,
    },
    "PrivacyNotice": {REACHED: "text version"},
    "Pulse": {REACHED: "companyWeeks consentedOn history teamWeeks today"},
    "PulseWeek": {REACHED: "beginsOn low well"},
    "Refusal": {REACHED: "code kind message"},
    "RefusalWithHelp": {REACHED: "code helpCard kind message"},
    "Report": {REACHED: "id reason reportedAt words"},
    "ReportChoice": {REACHED: "label reason"},
    "ReportedWords": {
        REACHED: "author inAnswerTo isEdited isHidden photos publishedAt revisions text",
    },
    "Revision": {REACHED: "replacedAt text"},
    "RiskCase": {
        REACHED: """
            acknowledgeBy acknowledgedAt author called cause closedAt comment escalations holder id
            isHolding isOverdue level openedAt outcome post steps words
        """,
    },
    "RiskHit": {REACHED: "form level"},
    "RiskRule": {REACHED: "edition id level phrase reason writtenAt writtenBy"},
    "RiskStep": {REACHED: "at by id kind level words"},
    "Rota": {REACHED: "coveredFrom gaps onCall turns"},
    "Ruling": {REACHED: "appeal appealableUntil decidedAt reason verdict words"},
    "Search": {REACHED: "people posts tags"},
    "Session": {REACHED: "device id isCurrent isRung lastUsedOn signedInAt"},
    "Shift": {REACHED: "beginsAt businessDate endsAt"},
    "Tag": {REACHED: "experts id name related synonyms viewerFollows"},
    "TagFollow": {REACHED: "followedAt id tag"},
    "Team": {REACHED: "department id name"},
    "TeamAnniversary": {REACHED: "on person years"},
    "TeamNewcomer": {REACHED: "buddy day person"},
    "Texts": {REACHED: "en zhCn zhTw"},
    "TooManyTries": {REACHED: "code kind message retryAfter"},
    "TooMuchAtOnce": {REACHED: "code kind message retryAfter"},
    "Upload": {REACHED: "height id purpose url width"},
    "Viewer": {
        REACHED: """
            blockedPeople buddy careLines expertise grants hasAcceptedPrivacyNotice helpedCount
            ledTeams listensIn mutedThreads newcomers notices noticeSettings pausedUntil person
            points pulse quietUntil sessions shifts unreadNoticeCount
        """,
    },
    "ViewerAppeal": {REACHED: "answer decidedAt granted madeAt words"},
    "WeekHours": {REACHED: "begins beginsOn ends endsOn"},
}


ROOTS = {"Query", "Mutation", "Subscription"}

#: In a field's extensions: whom it is for, if not for all who reach its object.
WHO = "who"

_TABLE = {
    (type_, field): who
    for type_, rules in POLICY.items()
    for who, fields in rules.items()
    for field in fields.split()
}


class PolicyIncomplete(TypeError):
    """The table and the schema differ, or a field that may be withheld can not be null."""


def who(type_: str, field: str) -> Who:
    """Raises PolicyIncomplete where the table says nothing."""
    try:
        return _TABLE[type_, field]
    except KeyError:
        raise PolicyIncomplete(f"{type_}.{field} is not in the policy table") from None


def admit(who: Who, viewer: Person | None) -> None:
    """Let the viewer use a root field. Raises SignInFirst or NotYours."""
    if not who.holds(viewer, None):
        raise NotYours if viewer else SignInFirst


def enforce(schema: Schema) -> None:
    """Check the table against the schema, and withhold from the others what is for some only."""
    types = schema._schema.type_map.items()  # noqa: SLF001  # Strawberry hands it out nowhere else
    fields = {
        (name, field): definition
        for name, type_ in types
        if isinstance(type_, GraphQLObjectType) and not _is_exempt(name, type_)
        for field, definition in type_.fields.items()
    }
    if differing := fields.keys() ^ _TABLE.keys():
        raise PolicyIncomplete(f"not in both policy table and schema: {sorted(differing)}")
    for (name, field), definition in fields.items():
        if name not in ROOTS and who(name, field) is not REACHED:
            _withhold(definition, who(name, field))


def _is_exempt(name: str, type_: GraphQLObjectType) -> bool:
    """Introspection is the limits' affair; payloads and pages only pass on what they hold."""
    origin = getattr(type_.extensions.get("strawberry-definition"), "origin", None)
    return name.startswith("__") or getattr(origin, "passes_on", False)


def _withhold(definition: GraphQLField, who: Who) -> None:
    if isinstance(definition.type, GraphQLNonNull):
        raise PolicyIncomplete(f"a field for {who.name} must be able to be null")
    resolve = cast("Callable[..., Any]", definition.resolve)

    def guarded(row: Any, info: Any, **given: Any) -> Any:
        return resolve(row, info, **given) if who.holds(info.context.viewer, row) else None

    definition.resolve = guarded
    definition.extensions[WHO] = who
