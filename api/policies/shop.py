"""Policy: the shop, where points become prizes."""

from api.who import BUYER, EMPLOYEE, HR, REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {
        EMPLOYEE: "redemption reward shop sites",
        HR: """
            budgets catalogue holidays pickList pickup pointsLiability redemptionInbox
            redemptionSheet rewardPopularity shopTerms stepBatches taxableValues
            waitingRedemptions
        """,
    },
    "Mutation": {
        EMPLOYEE: """
            cancelRedemption dropWish entrustRedemption redeemReward revealVoucher wishForReward
        """,
        HR: """
            allotBudget archiveReward changeStock handOver putHolidays putShopTerms
            redeemForLeaver removeHolidays saveBudget saveReward saveSite showRewardPictures
            stepRedemptions takeInVouchers undoStep
        """,
    },
    "Allotment": {REACHED: "beginsOn cents endsOn id leftCents reservedCents spentCents"},
    "Budget": {REACHED: "allotments id name"},
    "Holiday": {REACHED: "day isWorked name"},
    "NotEnoughPoints": {REACHED: "balance code kind message needed"},
    "OutstandingPoints": {REACHED: "expiresOn points value"},
    "PickGroup": {REACHED: "beginsAt endsAt redemptions"},
    "Pickup": {REACHED: "collector isProxy redemption"},
    "PickupPass": {REACHED: "code qr"},
    "PointsBreakage": {REACHED: "earned lapsed rate year"},
    "PointsLiability": {
        REACHED: """
            asOf breakage outstanding pendingPoints reservedPoints termsVersion value
        """,
    },
    "PriceChanged": {REACHED: "code kind message price"},
    "Redemption": {
        REACHED: "buyer id movedAt proxy requestedAt reward site state viewerPass",
        BUYER | HR: "address collectedBy price steps",
        HR: "age isLate orderedBy valueCents",
    },
    "RedemptionStep": {REACHED: "at id isUndoing reason state", HR: "by"},
    "Reward": {
        REACHED: """
            about closesAt id isLimited isSent kind limitCount limitPeriod name opensAt pictures
            price stock tenureDays viewerMissingPoints viewerObstacle viewerWishes
        """,
        HR: "abouts archivedAt budget names responsible teams valueCents",
    },
    "RewardPopularity": {REACHED: "orderCount points reward"},
    "RewardStock": {REACHED: "left site"},
    "ShopTerms": {
        REACHED: "approvalFrom centsOf100Points putAt putBy serviceDays version",
    },
    "Site": {REACHED: "id name place"},
    "StepBatch": {REACHED: "at by id isUndone results state undoableUntil"},
    "StepResult": {REACHED: "code message redemption"},
    "TaxableValue": {REACHED: "person prizeCount valueCents"},
    "Viewer": {REACHED: "entrustedRedemptions redemptions wishes"},
    "WaitingRedemptions": {REACHED: "lateCount openCount state"},
    "Wish": {REACHED: "id reward wishedAt"},
}
