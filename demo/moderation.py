"""Moderation: what was reported, what became of it, and who objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from typing import Any
from uuid import uuid4

from community import appeals, reports, verdicts
from community.moderation_cases import ModerationCase, ReportReason, Verdict
from community.posts import Post
from community.reports import Charge
from community.subjects import SubjectKind
from community.verdicts import Decision
from core import clock
from core.people import Person
from demo.agenda import Act
from demo.threads import HERE, Thread, read

PAUSE = timedelta(minutes=20)  # between one step and the next

Cast = Mapping[str, Person]


@dataclass(frozen=True)
class Matter:
    thread: Thread
    reports: list[dict[str, str]]
    verdict: dict[str, str] = field(default_factory=dict)
    appeal: str = ""

    def acts(self, cast: Cast) -> Iterator[Act]:
        """Step by step, after it was written."""
        at = self.thread.began(clock.now())
        for step in self._steps(cast):
            at += PAUSE
            yield Act(at, step)

    def _steps(self, cast: Cast) -> Iterator[Any]:
        for told in self.reports:
            yield partial(self._report, cast[told["by"]], told)
        if self.verdict:
            yield partial(self._decide, cast[self.verdict["by"]])
        if self.appeal:
            yield partial(self._appeal, cast[self.thread.by])

    async def _report(self, by: Person, told: dict[str, str]) -> None:
        charge = Charge(ReportReason(told["reason"]), told.get("words", ""))
        id = (await self._post()).id
        await reports.report(SubjectKind.POST, id, charge, by=by, key=uuid4().hex)

    async def _decide(self, by: Person) -> None:
        case = await ModerationCase.get(open_for=(await self._post()).id)
        reason = self.verdict.get("reason")
        decision = Decision(
            Verdict(self.verdict["verdict"]),
            ReportReason(reason) if reason else None,
            self.verdict.get("words", ""),
        )
        await verdicts.decide(case.id, decision, by=by)

    async def _appeal(self, by: Person) -> None:
        id = (await self._post()).id
        await appeals.appeal(SubjectKind.POST, id, self.appeal, by=by, key=uuid4().hex)

    async def _post(self) -> Post:
        return await Post.get(text=self.thread.text.strip())


@cache
def matters() -> list[Matter]:
    told = read(HERE / "moderation.toml")["matters"]
    return [Matter(**one | {"thread": Thread(**one["thread"])}) for one in told]


def acts(cast: Cast) -> list[Act]:
    return [act for matter in matters() for act in matter.acts(cast)]
