"""Care lines: counsellors and a sealed author write to each other without names."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from api import subjects
from api.authors import Author
from api.connections import Connection
from api.people import Person as Colleague
from api.posts import Post
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, view
from community import authors, care_messages, carelines, posts
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person

if TYPE_CHECKING:
    from api.care_messages import CareMessage
else:
    CareMessage = Annotated["CareMessage", strawberry.lazy("api.care_messages")]


@view(carelines.CareLine)
class CareLine(Node):
    """Between counsellors and the author behind an alias; neither learns the other's name."""

    is_awaiting_answer: bool
    last_written_at: datetime | None
    author: Author = batch(authors.of, key=ROW)
    counsellor: Colleague | None = batch(carelines.counsellors, key=ROW)
    post: Post | None = batch(posts.seen, key="thread_id")
    messages: Connection[CareMessage] = batch(care_messages.listed, key=ROW)
    viewer_is_author: bool = batch(authors.are_viewer, key=ROW)


@query(CareLine | None)
async def care_line(viewer: Person, id: UUID) -> carelines.CareLine:
    return await carelines.visible(id, to=viewer)


@query(Connection[CareLine])
async def care_lines(
    *, page: Page, awaiting_answer: bool | None = None
) -> Rows[carelines.CareLine]:
    """For counsellors: the latest first. One's own as an author are the viewer's."""
    return await carelines.listed(page=page, awaiting_answer=awaiting_answer)


@mutation(payload("CareLineOpened", CareLine))
async def open_care_line(viewer: Person, subject_id: UUID) -> carelines.CareLine:
    """Open the line to who wrote this unseen, or, having written it, to the counsellors."""
    subject = await subjects.visible(subject_id, to=viewer)
    return await carelines.open_to(subject, by=viewer)


@mutation(payload("CareLineTakenOver", CareLine))
async def take_over_care_line(viewer: Person, care_line_id: UUID) -> carelines.CareLine:
    """Go on as the counsellor who takes care of it."""
    return await carelines.take_over(care_line_id, by=viewer)
