"""Policy: people talking to each other."""

from api.who import (
    ADMIN,
    COUNSELLOR,
    EMPLOYEE,
    MODERATOR,
    PINNER,
    REACHED,
    SUBJECT,
    SUPERVISOR,
    Who,
)

POLICY: dict[str, dict[Who, str]] = {
    "Query": {
        EMPLOYEE: """
            bulletins careLine feed followedTags group groups helpCard ideas post reportChoices
            tag tagFeed unansweredQuestions
        """,
        COUNSELLOR: """
            breakGlassRequests careLines helpCards riskCase riskCases riskHits riskRules
        """,
        MODERATOR: "appealQueue expertProposals moderationCase moderationQueue",
        COUNSELLOR | ADMIN: "rota",
    },
    "Mutation": {
        COUNSELLOR: """
            acknowledgeRiskCase askToBreakGlass closeRiskCase decideBreakGlass handOverRiskCase
            noteRiskCase openSeal putHelpCard putOnCallHours putRiskRule putTeamRegion
            releaseRiskCase retireRiskRule setRiskLevel takeOverCareLine
        """,
        MODERATOR: """
            addSynonym assignIdea decideAppeal decideReport liftSuspension removeSynonym
            reviewExpert revokeExpert suspendAuthor
        """,
        EMPLOYEE: """
            acknowledgeBulletin addComment answerIdea appeal blockPerson checkIn consentToPulse
            createPost decideApplication deleteComment deletePost editComment editPost
            endorseColleague followTag foundGroup inviteMember joinGroup leaveGroup listen
            markGroupRead muteAlias muteThread openCareLine react removeReaction report
            stopListening takeBackEndorsement takeBackIdeaVote takeBackThanks thankComment
            unblockPerson unfollowTag unmuteAlias unmuteThread ventNow voteForIdea
            withdrawPulseConsent worryAbout writeToCareLine
        """,
        MODERATOR | SUPERVISOR: "pinPost unpinPost",
    },
    "Subscription": {EMPLOYEE: "groupActivity"},
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
    "KeptHelpCard": {REACHED: "checkedOn id lines message region version writtenAt writtenBy"},
    "KeptLine": {REACHED: "hours name number"},
    "LedTeam": {REACHED: "anniversaries newcomers questions team"},
    "ModerationCase": {
        REACHED: """
            decidedAt decidedBy group id openedAt reason reported reports suspendedUntil verdict
            weight words
        """,
    },
    "MutedThread": {REACHED: "mutedAt post"},
    "OnCallTurn": {REACHED: "counsellor hours"},
    "Person": {REACHED: "expertIn posts viewerMayEndorseIn"},
    "Post": {
        REACHED: """
            author authorIsExpertIn commentCount comments group hugCount id idea isAnswered
            isEdited isHidden isQuestion likeCount photos publishedAt sameHereCount tags text
            viewerHasMuted viewerIsAuthor viewerReactions viewerRuling
        """,
    },
    "Pulse": {REACHED: "companyWeeks consentedOn history teamWeeks today"},
    "PulseWeek": {REACHED: "beginsOn low well"},
    "RefusalWithHelp": {REACHED: "code helpCard kind message"},
    "Report": {REACHED: "id reason reportedAt words"},
    "ReportChoice": {REACHED: "label reason"},
    "ReportedWords": {
        REACHED: "author inAnswerTo isEdited isHidden photos publishedAt revisions text",
    },
    "Revision": {REACHED: "replacedAt text"},
    "RiskCase": {
        REACHED: """
            acknowledgeBy acknowledgedAt author called cause closedAt comment escalations holder
            id isHolding isOverdue level openedAt outcome post steps words
        """,
    },
    "RiskHit": {REACHED: "form level"},
    "RiskRule": {REACHED: "edition id level phrase reason writtenAt writtenBy"},
    "RiskStep": {REACHED: "at by id kind level words"},
    "Rota": {REACHED: "coveredFrom gaps onCall turns"},
    "Ruling": {REACHED: "appeal appealableUntil decidedAt reason verdict words"},
    "Search": {REACHED: "comments people posts tags"},
    "Tag": {REACHED: "experts id name related synonyms viewerFollows"},
    "TagFollow": {REACHED: "followedAt id tag"},
    "TeamAnniversary": {REACHED: "on person years"},
    "TeamNewcomer": {REACHED: "buddy day person"},
    "Viewer": {
        REACHED: """
            blockedPeople buddy careLines expertise helpedCount ledTeams listensIn mutedThreads
            newcomers pulse
        """,
    },
    "ViewerAppeal": {REACHED: "answer decidedAt granted madeAt words"},
    "WeekHours": {REACHED: "begins beginsOn ends endsOn"},
}
