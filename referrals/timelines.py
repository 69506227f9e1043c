"""Timelines: what whoever brought a friend sees of it: what happened, what it paid, what is next.

Where the candidate does not show their stage the words are as kind, and tell as little in whatever
stage they are; a milestone that paid is seen all the same, for the points are.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core import clock
from core.text import Language, Text
from referrals import claims, milestones
from referrals.candidates import Candidate, CoarseStage
from referrals.claims import ClaimState, Referral
from referrals.milestones import Employment, Milestone, MilestoneKind


class Moment(StrEnum):
    REFERRED = "REFERRED"
    IN_PROGRESS = "IN_PROGRESS"
    CLOSED = "CLOSED"
    HIRED = "HIRED"
    DAYS_90 = "DAYS_90"
    YEAR_1 = "YEAR_1"


class Entry(NamedTuple):
    """`points` is what it paid."""

    on: date
    moment: Moment
    points: int = 0


class NextMilestone(NamedTuple):
    """`on` is not known before the friend is hired, or not shown."""

    kind: MilestoneKind
    on: date | None
    points: int


class Timeline(NamedTuple):
    words: Text
    entries: Sequence[Entry]
    next: NextMilestone | None


class Case(NamedTuple):
    """What is known of a referral."""

    referral: Referral
    candidate: Candidate
    stage: CoarseStage | None
    milestones: Sequence[Milestone]
    employment: Employment | None

    @property
    def shown(self) -> list[tuple[date, Milestone]]:
        """Milestones that were reached; if the stage is not shown, those that paid."""
        told = [one for one in self.milestones if self.stage or one.points]
        return [(one.reached_on, one) for one in told if one.reached_on]


STANDS = {
    CoarseStage.RECEIVED: Text(
        "HR has the application. You will hear as soon as somebody has looked at it.",
        "人事部门已收到申请，一有人查看就会告诉你。",
        "人資部門已收到應徵資料，一有人查看就會告訴你。",
    ),
    CoarseStage.IN_PROGRESS: Text(
        "Your friend is talking with HR. Nothing is needed of you.",
        "你的朋友正在与人事沟通，你不需要做什么。",
        "你的朋友正在與人資洽談，你不需要做什麼。",
    ),
    CoarseStage.HIRED: Text(
        "Your friend has been hired. Thank you for bringing them!",
        "你的朋友已被录用，谢谢你的推荐！",
        "你的朋友已獲錄用，謝謝你的推薦！",
    ),
    CoarseStage.CLOSED: Text(
        "This time it did not work out. Thank you for thinking of somebody.",
        "这一次没能成，谢谢你为大家着想。",
        "這一次沒能成，謝謝你為大家著想。",
    ),
}
WITHHELD = Text(
    "Your friend keeps their progress to themselves, which is theirs to choose. What it pays you "
    "will be seen here.",
    "你的朋友选择不公开进展，这是他们的权利。如果带来积分，你会在这里看到。",
    "你的朋友選擇不公開進展，這是他們的權利。如果帶來點數，你會在這裡看到。",
)
LEFT = Text(
    "Your friend is not with us any more. What was paid stays yours.",
    "你的朋友已经离开公司，已获得的积分仍然归你。",
    "你的朋友已經離開公司，已獲得的點數仍然歸你。",
)
ALL_REACHED = Text(
    "Your friend has been here for a year. Well brought!",
    "你的朋友已入职满一年，推荐得好！",
    "你的朋友已到職滿一年，推薦得好！",
)
NOT_LIVE = {
    ClaimState.TAKEN: Text(
        "A colleague had brought this person before you. Thank you all the same.",
        "在你之前已有同事推荐了这位朋友，同样感谢你。",
        "在你之前已有同事推薦了這位朋友，同樣感謝你。",
    ),
    ClaimState.LOST: Text(
        "HR decided that a colleague had been first.",
        "人事判定另一位同事更早推荐。",
        "人資判定另一位同事更早推薦。",
    ),
    ClaimState.LAPSED: Text(
        "The time in which this referral counts is over.",
        "这次推荐的有效期已过。",
        "這次推薦的有效期已過。",
    ),
}
OVER = Text("This referral does not count any more.", "这次推荐不再计入。", "這次推薦不再計入。")


async def of(referrals: Sequence[Referral]) -> list[Timeline]:
    return [_timeline(case) for case in await _cases(referrals)]


async def words(timelines: Sequence[Timeline], *, language: Language) -> list[str]:
    """Where it stands, in a sentence or two."""
    return [timeline.words.to(language) for timeline in timelines]


async def _cases(referrals: Sequence[Referral]) -> list[Case]:
    candidates = await claims.candidates(referrals)
    stages = await claims.stages(referrals)
    reached = await milestones.of([referral.id for referral in referrals])
    employed = await milestones.employments(candidates)
    return [
        Case(referral, candidate, stage, reached[referral.id], employed.get(candidate.id))
        for referral, candidate, stage in zip(referrals, candidates, stages, strict=True)
    ]


def _timeline(case: Case) -> Timeline:
    return Timeline(_words(case), _entries(case), _next(case))


def _words(case: Case) -> Text:
    if case.referral.state is not ClaimState.LIVE:
        return NOT_LIVE.get(case.referral.state, OVER)
    if case.stage is None:
        return WITHHELD
    if case.stage is CoarseStage.HIRED and case.employment:
        if _to_come(case) is None:
            return ALL_REACHED
        if case.employment.is_over:
            return LEFT
    return STANDS[case.stage]


def _entries(case: Case) -> list[Entry]:
    entries = [Entry(case.referral.claimed_on, Moment.REFERRED)]
    moved_on = clock.business_date(case.candidate.stage_moved_at)
    if case.stage in {CoarseStage.IN_PROGRESS, CoarseStage.CLOSED}:
        entries.append(Entry(moved_on, Moment(case.stage)))
    return [*entries, *(Entry(on, Moment(one.kind), one.points) for on, one in case.shown)]


def _next(case: Case) -> NextMilestone | None:
    kind = _to_come(case)
    if case.referral.state is not ClaimState.LIVE or kind is None or _ends(case, kind):
        return None
    points = milestones.promised(case.referral, kind)
    if case.stage is not CoarseStage.HIRED or case.employment is None:
        return NextMilestone(kind, None, points)
    return NextMilestone(kind, milestones.day(kind, case.employment.hired_on), points)


def _to_come(case: Case) -> MilestoneKind | None:
    reached = {one.kind for _, one in case.shown}
    return next((kind for kind in MilestoneKind if kind not in reached), None)


def _ends(case: Case, kind: MilestoneKind) -> bool:
    """Whether it will not be reached, as far as that is shown."""
    if case.stage is CoarseStage.CLOSED:
        return True
    shown = case.stage is CoarseStage.HIRED and case.employment
    return bool(shown and shown.ends_before(milestones.day(kind, shown.hired_on)))
