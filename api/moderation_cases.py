"""Moderation cases and the queue of those that are open."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from api.authors import Author
from api.connections import Connection
from api.groups import Group
from api.images import Image
from api.people import Person as PersonView
from api.reports import Report
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, view
from community import (
    authors,
    comments,
    groups,
    moderation_cases,
    moderation_queue,
    photos,
    posts,
    reports,
    revisions,
    subjects,
    suspensions,
    verdicts,
)
from community.moderation_cases import ReportReason, Verdict
from community.verdicts import Decision
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person


@view(revisions.Revision)
class Revision:
    """What stood there before an edit."""

    text: str
    replaced_at: datetime


@view(posts.Post, comments.Comment)
class ReportedWords:
    """A post or a comment as moderators see it, also where they do not belong to the group."""

    text: str
    is_edited: bool
    is_hidden: bool
    published_at: datetime
    author: Author = batch(authors.of, key=ROW)
    photos: list[Image] = batch(photos.of)
    in_answer_to: str | None = batch(subjects.answered, key=ROW)
    revisions: list[Revision] = batch(revisions.of)


@view(moderation_cases.ModerationCase)
class ModerationCase(Node):
    weight: int = strawberry.field(
        description="The sum of its reporters' accuracies, in thousandths: 3000 hide it."
    )
    opened_at: datetime
    verdict: Verdict | None
    reason: ReportReason | None
    words: str
    decided_at: datetime | None
    decided_by: PersonView | None = batch(people.by_id, key="decided_by_id")
    group: Group = batch(groups.by_id, key="group_id")
    reported: ReportedWords = batch(moderation_cases.shown, key=ROW)
    reports: list[Report] = batch(reports.of_cases)
    suspended_until: date | None = batch(suspensions.of_subjects, key="subject_id")


@strawberry.input
class CaseDecision:
    verdict: Verdict
    reason: ReportReason | None = None
    words: str = strawberry.field(default="", description="To the author; at most 500 characters.")


@query(Connection[ModerationCase])
async def moderation_queue_(viewer: Person, page: Page) -> Rows[moderation_cases.ModerationCase]:
    """The open cases that the viewer may decide, the heaviest first."""
    return await moderation_queue.listed(to=viewer, page=page)


@query(ModerationCase | None)
async def moderation_case(viewer: Person, id: UUID) -> moderation_cases.ModerationCase:
    return (await moderation_queue.reached(id, by=viewer)).case


@mutation(payload("ReportDecided", ModerationCase))
async def decide_report(
    viewer: Person, case_id: UUID, decision: CaseDecision
) -> moderation_cases.ModerationCase:
    """Decide a case and all its reports; the author is told unless it is dismissed."""
    return await verdicts.decide(case_id, Decision(**vars(decision)), by=viewer)
