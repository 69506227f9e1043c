"""Policy: people bringing people."""

from api.who import EMPLOYEE, HR, REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {
        EMPLOYEE: "opening openings",
        HR: "hrReport pipeline referralDisputes shareFigures",
    },
    "Mutation": {
        EMPLOYEE: "disputeReferral shareOpening",
        HR: """
            createOpening decideDispute editOpening exportPipeline matchHire mergeCandidates
            moveOpening noteCandidate openResume stepCandidates
        """,
    },
    "AttritionRatio": {REACHED: "lower ratio upper verdict"},
    "Candidate": {
        REACHED: """
            appliedAt details hasResume hiredPerson id interviewAt interviewPlace isOverdue
            lastStep opening reference referrer stage stageMovedAt steps
        """,
    },
    "CandidateDetails": {REACHED: "name phone"},
    "CandidateStep": {REACHED: "at by id nextOn nextStep reason source stage"},
    "DisputedReferral": {REACHED: "claimedAt ownedUntil referrer refusal state"},
    "HrReport": {REACHED: "asOf attrition groups sheetUrl"},
    "MoveOutcome": {REACHED: "candidate candidateId refusal"},
    "Opening": {
        REACHED: """
            about contact currency extraFactor extraFor extraUntil id language openedAt
            payFrom payTo points site state team title viewerMayRefer
        """,
        HR: "insiders",
    },
    "Referral": {REACHED: "claimedOn dispute id opening ownedUntil points stage state timeline"},
    "NextMilestone": {REACHED: "kind on points"},
    "ReferralEntry": {REACHED: "moment on points"},
    "ReferralTimeline": {REACHED: "entries next words"},
    "ReferralDispute": {
        REACHED: "answer decidedAt granted id madeAt referral standing words",
    },
    "ReferralLink": {REACHED: "channel code id opening posterUrl qrUrl showsName url"},
    "ReferralPoints": {REACHED: "day90 hired year1"},
    "ResumeLink": {REACHED: "url"},
    "Retention": {REACHED: "channel curve"},
    "RetentionCurve": {REACHED: "censored left marks median n steps"},
    "RetentionGroup": {REACHED: "chartUrl department retentions year"},
    "RetentionMark": {REACHED: "atRisk day lower share upper"},
    "RetentionMedian": {REACHED: "days lower upper"},
    "RetentionStep": {REACHED: "atRisk censored day left lower share upper"},
    "ShareFigure": {REACHED: "applications channel hires sharers visits"},
    "Viewer": {REACHED: "referrals"},
    "ViewerDispute": {REACHED: "answer granted madeAt words"},
}
