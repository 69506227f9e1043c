"""Vents: letting it out in two taps."""

from uuid import UUID

import strawberry

from api.posts import Post
from api.roots import mutation, payload
from community import posts, vents
from community.vents import VentPhrase
from core.people import Person
from core.text import Language

strawberry.enum(VentPhrase, description="What to say when one has no words.")


@mutation(payload("Vented", Post))
async def vent_now(
    viewer: Person,
    *,
    phrase: VentPhrase,
    idempotency_key: str,
    language: Language,
    group_id: UUID | None = None,
) -> posts.Post:
    """Let it out unseen, in the named support group or the viewer's largest; listeners are asked
    if nobody answers. Where nobody could stay unseen it is refused and nothing is posted.
    """
    return await vents.now(group_id, phrase, by=viewer, language=language, key=idempotency_key)
