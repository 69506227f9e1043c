"""The whole graph: its table of contents."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from api import (
    activation_codes,
    activity,
    appeals,
    avatars,
    blocks,
    breakglass,
    care_messages,
    carelines,
    comments,
    devices,
    endorsements,
    experts,
    groups,
    help_cards,
    listeners,
    moderation_cases,
    nodes,
    notice_settings,
    notices,
    open_questions,
    pauses,
    people,
    policy,
    posts,
    privacy,
    pulses,
    reactions,
    regions,
    reports,
    risk_rules,
    rotas,
    scalars,
    search,
    sessions,
    sign_in,
    sms_codes,
    tag_follows,
    tags,
    thanks,
    uploads,
    vents,
    viewer,
)
from api.roots import compose

NOUNS = [
    viewer,
    sign_in,
    sms_codes,
    activation_codes,
    sessions,
    privacy,
    pulses,
    pauses,
    people,
    avatars,
    groups,
    posts,
    comments,
    reactions,
    thanks,
    listeners,
    vents,
    tags,
    tag_follows,
    help_cards,
    regions,
    rotas,
    open_questions,
    endorsements,
    experts,
    risk_rules,
    reports,
    moderation_cases,
    appeals,
    blocks,
    activity,
    notices,
    notice_settings,
    devices,
    uploads,
    search,
    nodes,
    carelines,
    care_messages,
    breakglass,
]


@cache
def schema() -> strawberry.Schema:
    built = strawberry.Schema(
        compose("Query", NOUNS),
        compose("Mutation", NOUNS),
        compose("Subscription", NOUNS),
        config=StrawberryConfig(scalar_map=scalars.SCALARS),
        types=nodes.TYPES,
    )
    policy.enforce(built)
    return built
