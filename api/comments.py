"""Comments."""

from datetime import datetime
from uuid import UUID

from api.authors import Author
from api.help_cards import FOR_WORDS, RefusalWithHelp, heard
from api.posts import Post
from api.quotas import TooMuchAtOnce
from api.roots import mutation, payload
from api.rulings import Ruling
from api.tags import Tag
from api.views import ROW, Node, batch, id_of, view
from community import authors, comments, experts, posts, reactions, thanks, verdicts
from community.reactions import ReactionKind
from core.people import Person
from core.text import Language


@view(comments.Comment)
class Comment(Node):
    text: str
    is_edited: bool
    is_accepted: bool
    is_hidden: bool
    published_at: datetime
    like_count: int
    hug_count: int
    same_here_count: int
    me_too_count: int
    author: Author = batch(authors.of, key=ROW, steady=True)
    post: Post = batch(posts.by_id, key="post_id")
    author_is_expert_in: list[Tag] = batch(experts.beside, key=ROW)
    viewer_is_author: bool = batch(authors.are_viewer, key=ROW)
    viewer_reactions: list[ReactionKind] = batch(reactions.of_viewer, key=ROW)
    viewer_ruling: Ruling | None = batch(verdicts.of_author, key=ROW)
    viewer_has_thanked: bool = batch(thanks.of_viewer, key=ROW)


@mutation(payload("CommentAdded", Comment, help_card=FOR_WORDS), TooMuchAtOnce, RefusalWithHelp)
async def add_comment(  # noqa: PLR0913  # the mutation's arguments
    viewer: Person,
    language: Language,
    *,
    post_id: UUID,
    text: str,
    idempotency_key: str,
    anonymous: bool = False,
) -> comments.Comment:
    """Answer a post."""
    async with heard(text, by=viewer, language=language, anonymous=anonymous):
        return await comments.add(
            post_id, text, by=viewer, key=idempotency_key, anonymous=anonymous
        )


@mutation(payload("CommentEdited", Comment, help_card=FOR_WORDS), RefusalWithHelp)
async def edit_comment(
    viewer: Person, language: Language, comment_id: UUID, text: str
) -> comments.Comment:
    """Change the words of one's own comment."""
    async with heard(text, by=viewer, language=language):
        return await comments.edit(comment_id, text, by=viewer)


@view(comments.Comment)
class CommentDeleted:
    comment_id: UUID = id_of("comment")


@mutation(CommentDeleted)
async def delete_comment(viewer: Person, comment_id: UUID) -> comments.Comment:
    """Take one's own comment away from everybody's eyes."""
    return await comments.delete(comment_id, by=viewer)
