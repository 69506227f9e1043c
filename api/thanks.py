"""Thanks: "this helped me"."""

from uuid import UUID

from api.comments import Comment
from api.roots import mutation, payload
from community import comments, thanks
from core.people import Person


@mutation(payload("CommentThanked", Comment))
async def thank_comment(viewer: Person, comment_id: UUID) -> comments.Comment:
    """Say that an answer helped: the asker's thanks accepts it, anybody else's says "me too"."""
    return await thanks.thank(comment_id, by=viewer)


@mutation(payload("ThanksTakenBack", Comment))
async def take_back_thanks(viewer: Person, comment_id: UUID) -> comments.Comment:
    return await thanks.take_back(comment_id, by=viewer)
