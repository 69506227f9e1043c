"""People, as colleagues see them."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from api.connections import Connection
from api.images import Image
from api.roots import query
from api.views import ROW, Node, batch, view
from community import endorsements, experts, posts
from core import people
from core.media import images
from gamify.badges import awards

if TYPE_CHECKING:
    from api.badges.awards import Award
    from api.experts import Expert
    from api.posts import Post
    from api.tags import Tag
else:
    Award = Annotated["Award", strawberry.lazy("api.badges.awards")]
    Expert = Annotated["Expert", strawberry.lazy("api.experts")]
    Tag = Annotated["Tag", strawberry.lazy("api.tags")]
    Post = Annotated["Post", strawberry.lazy("api.posts")]


@view(people.Team)
class Team(Node):
    department: str
    name: str


@view(people.Person)
class Person(Node):
    name: str = batch(people.names, key=ROW, steady=True)
    number: str | None
    phone: str | None
    team: Team | None = batch(people.teams, key="shown_team_id")
    avatar: Image | None = batch(images.by_id, key="avatar_id")
    posts: Connection[Post] = batch(posts.by_person)
    badges: list[Award] = batch(awards.held, steady=True)
    expert_in: list[Expert] = batch(experts.of)
    viewer_may_endorse_in: list[Tag] = batch(endorsements.endorsable)


@query(Person | None)
async def person(id: UUID) -> people.Person:
    """A colleague."""
    return await people.found(id)
