"""Sessions: the devices on which the viewer is signed in."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from api.context import Context
from api.policy import SignInFirst
from api.roots import mutation
from api.views import Node, batch, view
from core.identity import sessions
from core.messaging import addresses
from core.people import Person


async def are_current(session_ids: Sequence[UUID], *, context: Context) -> list[bool]:
    return [id == _current(context) for id in session_ids]


@view(sessions.Session)
class Session(Node):
    """A device; when it was last used is known by the day only."""

    device: str
    signed_in_at: datetime
    last_used_on: date
    is_current: bool = batch(are_current)
    is_rung: bool = batch(addresses.are_rung)


@view(sessions.SignedOut)
class SignedOut:
    """On how many devices."""

    devices: int


@mutation(SignedOut)
async def sign_out(
    viewer: Person, context: Context, session_id: UUID | None = None
) -> sessions.SignedOut:
    """End a session: the one that asks, unless another one is named."""
    return await sessions.sign_out(session_id or _current(context), by=viewer)


@mutation(SignedOut)
async def sign_out_everywhere(
    viewer: Person, context: Context, *, keep_current: bool = False
) -> sessions.SignedOut:
    """End all sessions of the viewer, for a phone that is lost."""
    keep = _current(context) if keep_current else None
    return await sessions.sign_out_everywhere(viewer, by=viewer, keep=keep)


def _current(context: Context) -> UUID:
    if context.session is None:
        raise SignInFirst
    return context.session.id
