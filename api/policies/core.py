"""Policy: people, their sessions, pictures and notices."""

from api.who import ADMIN, ANYONE, EMPLOYEE, HR, REACHED, SELF, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {
        ANYONE: "privacyNotice viewer",
        EMPLOYEE: "myData node person pushKey search",
        HR | ADMIN: "erasures",
    },
    "Mutation": {
        ANYONE: "activate requestCode resetPassword signIn signInWithCode",
        HR | ADMIN: "askForErasure decideErasure issueActivationCode",
        EMPLOYEE: """
            acceptPrivacyNotice askToBeErased chooseNotices chooseQuietHours finishUpload
            markNoticesRead pause registerDevice removeDevice requestMyData requestUpload resume
            setAvatar signOut signOutEverywhere takeBackErasure
        """,
    },
    "Subscription": {EMPLOYEE: "noticeArrived"},
    "DataExport": {REACHED: "id isFetched isReady requestedAt url"},
    "Erasure": {REACHED: "agreedAt agreedBy askedAt askedBy doneAt id person"},
    "Image": {REACHED: "height id url width"},
    "Notice": {REACHED: "actorCount actors at id isRead kind subjectId text"},
    "NoticeArrived": {REACHED: "cursor notice unreadNoticeCount"},
    "NoticeSetting": {REACHED: "channel isFixed isOn kind"},
    "PageInfo": {REACHED: "endCursor hasNextPage"},
    "Person": {
        REACHED: "avatar id name team",
        SELF | HR: "number phone",
    },
    "PrivacyNotice": {REACHED: "text version"},
    "QuietHours": {REACHED: "begins ends"},
    "Refusal": {REACHED: "code kind message"},
    "Session": {REACHED: "device id isCurrent isRung lastUsedOn signedInAt"},
    "Shift": {REACHED: "beginsAt businessDate endsAt"},
    "Team": {REACHED: "department id name"},
    "Texts": {REACHED: "en zhCn zhTw"},
    "TooManyTries": {REACHED: "code kind message retryAfter"},
    "TooMuchAtOnce": {REACHED: "code kind message retryAfter"},
    "Upload": {REACHED: "height id purpose url width"},
    "Viewer": {
        REACHED: """
            erasureAskedAt grants hasAcceptedPrivacyNotice noticeSettings notices pausedUntil
            person quietHours quietUntil sessions shifts unreadNoticeCount
        """,
    },
}
