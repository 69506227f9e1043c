"""Anything by its id."""

from uuid import UUID

from api.badges.awards import Award
from api.comments import Comment
from api.experts import Expert
from api.groups import Group
from api.ideas import Idea
from api.ids import NodeId
from api.people import Person as PersonView
from api.posts import Post
from api.roots import query
from api.tags import Tag
from api.views import Node
from community import comments, experts, groups, ideas, posts, topics
from core import people
from core.people import Person
from gamify.badges import awards

TYPES = [Award, Comment, Expert, Group, Idea, PersonView, Post, Tag]


async def _person(id: UUID, *, to: Person) -> people.Person:
    return await people.found(id)


REACHED = {
    "award": awards.visible,
    "comment": comments.visible,
    "expert": experts.visible,
    "group": groups.visible,
    "idea": ideas.visible,
    "person": _person,
    "post": posts.visible,
    "tag": topics.visible,
}


@query(Node | None)
async def node(viewer: Person, id: UUID) -> object:
    """What this id stands for, if the viewer may see it."""
    if isinstance(id, NodeId) and id.tag in REACHED:
        return await REACHED[id.tag](id, to=viewer)
    return None
