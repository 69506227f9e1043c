"""The whole graph: its table of contents."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from api import (
    avatars,
    comments,
    groups,
    nodes,
    people,
    policy,
    posts,
    reactions,
    scalars,
    thanks,
    uploads,
    viewer,
)
from api.roots import compose

NOUNS = [viewer, people, avatars, groups, posts, comments, reactions, thanks, uploads, nodes]


@cache
def schema() -> strawberry.Schema:
    built = strawberry.Schema(
        compose("Query", NOUNS),
        compose("Mutation", NOUNS),
        config=StrawberryConfig(scalar_map=scalars.SCALARS),
        types=nodes.TYPES,
    )
    policy.enforce(built)
    return built
