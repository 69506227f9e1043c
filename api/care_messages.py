"""What is written on a care line."""

from datetime import datetime
from uuid import UUID

import strawberry

from api.roots import mutation, payload
from api.views import ROW, Node, batch, view
from community import care_messages
from community.care_messages import CareMessageKind
from core.people import Person

strawberry.enum(CareMessageKind, description="Words, or that a counsellor opened the seal.")


@view(care_messages.CareMessage)
class CareMessage(Node):
    kind: CareMessageKind
    is_from_author: bool
    written_at: datetime
    text: str = batch(care_messages.texts, key=ROW)


@mutation(payload("CareMessageWritten", CareMessage))
async def write_to_care_line(
    viewer: Person, *, care_line_id: UUID, text: str, idempotency_key: str
) -> care_messages.CareMessage:
    """Write to the other side."""
    return await care_messages.write(care_line_id, text, by=viewer, key=idempotency_key)
