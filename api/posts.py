"""Posts and the feed."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from api.authors import Author
from api.connections import Connection
from api.groups import Group
from api.help_cards import FOR_WORDS, RefusalWithHelp, heard
from api.images import Image
from api.quotas import TooMuchAtOnce
from api.roots import mutation, payload, query
from api.rulings import Ruling
from api.tags import Tag
from api.views import ROW, Node, batch, id_of, view
from community import (
    authors,
    experts,
    groups,
    ideas,
    mutes,
    photos,
    posts,
    reactions,
    tags,
    threads,
    verdicts,
)
from community.posts import Draft
from community.reactions import ReactionKind
from core.people import Person
from core.text import Language

strawberry.enum(ReactionKind, description="Warmth; it counts and pays nothing.")


if TYPE_CHECKING:
    from api.comments import Comment
    from api.ideas import Idea
else:
    Idea = Annotated["Idea", strawberry.lazy("api.ideas")]
    Comment = Annotated["Comment", strawberry.lazy("api.comments")]


@view(posts.Post)
class Post(Node):
    text: str
    is_question: bool
    is_edited: bool
    is_answered: bool
    is_hidden: bool
    published_at: datetime
    comment_count: int
    like_count: int
    hug_count: int
    same_here_count: int
    author: Author = batch(authors.of, key=ROW, steady=True)
    group: Group = batch(groups.by_id, key="group_id")
    tags: list[Tag] = batch(tags.of)
    photos: list[Image] = batch(photos.of)
    comments: Connection[Comment] = batch(threads.comments, key=ROW)
    idea: Idea | None = batch(ideas.of)
    author_is_expert_in: list[Tag] = batch(experts.beside, key=ROW)
    viewer_is_author: bool = batch(authors.are_viewer, key=ROW)
    viewer_has_muted: bool = batch(mutes.of_viewer)
    viewer_reactions: list[ReactionKind] = batch(reactions.of_viewer, key=ROW)
    viewer_ruling: Ruling | None = batch(verdicts.of_author, key=ROW)


@strawberry.input
class PostDraft:
    text: str
    is_question: bool = False
    anonymous: bool = False
    tags: list[str] = strawberry.field(default_factory=list)
    photos: list[UUID] = strawberry.field(
        default_factory=list, description="finished uploads, at most 9"
    )


@query(Post | None)
async def post(viewer: Person, id: UUID) -> posts.Post:
    return await posts.visible(id, to=viewer)


@mutation(payload("PostCreated", Post, help_card=FOR_WORDS), TooMuchAtOnce, RefusalWithHelp)
async def create_post(
    viewer: Person, language: Language, group_id: UUID, draft: PostDraft, idempotency_key: str
) -> posts.Post:
    """Post in a group one belongs to."""
    async with heard(draft.text, by=viewer, language=language, anonymous=draft.anonymous):
        return await posts.create(group_id, Draft(**vars(draft)), by=viewer, key=idempotency_key)


@mutation(payload("PostEdited", Post, help_card=FOR_WORDS), RefusalWithHelp)
async def edit_post(viewer: Person, language: Language, post_id: UUID, text: str) -> posts.Post:
    """Change the words of one's own post."""
    async with heard(text, by=viewer, language=language):
        return await posts.edit(post_id, text, by=viewer)


@view(posts.Post)
class PostDeleted:
    post_id: UUID = id_of("post")


@mutation(PostDeleted)
async def delete_post(viewer: Person, post_id: UUID) -> posts.Post:
    """Take one's own post away from everybody's eyes."""
    return await posts.delete(post_id, by=viewer)
