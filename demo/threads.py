"""Threads: what is said, by whom and when, as the files beside this one tell it."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core import settings

HERE = Path(__file__).parent
COMPANY = HERE / "company.toml"

ASKER = "op"  # whoever began the thread
ANYBODY = ""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is written once; whose words are nobody's in particular finds somebody."""

    text: str
    by: str = ANYBODY
    anonymous: bool = False
    likes: int = 0
    hugs: int = 0
    same_here: int = 0


@dataclass(frozen=True, kw_only=True)
class Reply(Words):
    after: int | None = None  # minutes, of what was said before
    accepted: bool = False
    me_too: int = 0


@dataclass(frozen=True, kw_only=True)
class Thread(Words):
    """It began so many minutes `ago`, or the last time it was `at` o'clock before `days`."""

    group: str
    ago: float | None = None
    days: int = 0
    at: time = time(12)
    is_question: bool = False
    tags: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    comments: tuple[Reply, ...] = ()

    @property
    def is_news(self) -> bool:
        return self.ago is not None

    def began(self, now: datetime) -> datetime:
        if self.ago is not None:
            return now - timedelta(minutes=self.ago)
        latest = (now - timedelta(days=self.days)).astimezone(_zone())
        told = datetime.combine(latest.date(), self.at, _zone())
        told = told if told <= latest else told - timedelta(days=1)
        return told.astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A group as its file describes it: `share` of those whom it admits belong to it."""

    key: str
    name: str
    about: str
    kind: str
    join_policy: str = "OPEN"
    excludes_hr: bool = False
    excludes_supervisors: bool = False
    share: float
    also: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    threads: tuple[Thread, ...] = field(default=(), repr=False)


@cache
def circles() -> list[Circle]:
    return [_circle(HERE / "groups" / f"{key}.toml") for key in read(COMPANY)["groups"]]


@cache
def arrivals() -> list[list[Thread]]:
    """What there is to tell whenever somebody looks again: round by round."""
    rounds = read(HERE / "arrivals.toml")["rounds"]
    return [[_thread(told) for told in round_["threads"]] for round_ in rounds]


def speakers(circle: Circle) -> set[str]:
    """Who is named in a group's threads, and in those that come later."""
    later = [thread for told in arrivals() for thread in told if thread.group == circle.key]
    said = [words for thread in (*circle.threads, *later) for words in (thread, *thread.comments)]
    return {words.by for words in said} - {ASKER, ANYBODY}


def read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _circle(path: Path) -> Circle:
    told = read(path)
    begun = tuple(_thread(one | {"group": path.stem}) for one in told.pop("threads"))
    return Circle(key=path.stem, threads=begun, **_tuples(told))


def _thread(told: dict[str, Any]) -> Thread:
    comments = tuple(Reply(**reply) for reply in told.get("comments", ()))
    return Thread(**_tuples(told) | {"comments": comments})


def _tuples(told: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(it) if isinstance(it, list) else it for name, it in told.items()}


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.current().time_zone)
