"""Worries: "I am worried about this person", of a colleague or of whoever wrote something."""

from typing import NamedTuple
from uuid import UUID, uuid4

from community import alarms, authors, risk_cases, risk_steps, subjects
from community.comments import Comment
from community.groups import Group
from community.posts import Post
from community.risk_cases import Cause, Danger
from community.risk_steps import StepKind
from community.risk_words import Level
from community.subjects import SubjectKind
from core import idempotency, people
from core.errors import Conflict
from core.events import Event
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

WORDS = 1000  # characters
LEVEL = Level.AMBER  # of a worry, until a counsellor has looked


class Worry(NamedTuple):
    """Was heard; whoever worries may need somebody, too."""

    person: Person


class AboutOneself(Conflict):
    text = Text(
        "You can turn to a counsellor yourself: the help card says how.",
        "您可以直接联系辅导员，求助卡上写有联系方式。",
        "您可以直接聯絡輔導員，求助卡上寫有聯絡方式。",
    )


@transaction
async def about_person(person_id: UUID, words: str, *, by: Person, key: str) -> Worry:
    """Counsellors learn who worries, so that they can ask."""
    person = await people.found(person_id)
    if person.id == by.id:
        raise AboutOneself
    danger = Danger(person.id, LEVEL, Cause.WORRY, words="", author_id=person.id)
    return await _tell(danger, words, by, key)


@transaction
async def about_author(kind: SubjectKind, id: UUID, words: str, *, by: Person, key: str) -> Worry:
    """In a support group counsellors do not learn who worries: that would tell who reads there."""
    row, group = await subjects.reached(kind, id, by=by)
    if authors.wrote(by, row):
        raise AboutOneself
    return await _tell(risk_cases.danger(row, group, LEVEL, Cause.WORRY), words, by, key)


async def reported(event: Event) -> None:
    """Subscriber: what was reported as dangerous is looked at by counsellors."""
    told = event.payload
    post = await Post.get(id=told["post"])
    row = post if told["subject"] == told["post"] else await Comment.get(id=told["subject"])
    group = await Group.get(id=post.group_id)
    danger = risk_cases.danger(row, group, LEVEL, Cause.REPORT, source=UUID(told["report"]))
    await alarms.sound(danger)


async def _tell(danger: Danger, words: str, by: Person, key: str) -> Worry:
    words, step = written(words, most=WORDS), uuid4()
    asked = ["worry", danger.subject_id, words]
    if await idempotency.claim(key, by=by.id, asked=asked, result=step) == step:
        case = await alarms.sound(danger)
        teller = None if danger.is_sheltered else by.id
        await risk_steps.record(
            StepKind.WORRIED, case, by_id=teller, words=words, at=danger.at, id=step
        )
    return Worry(by)
