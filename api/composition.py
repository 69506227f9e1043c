"""What is composed of all packages."""

from collections.abc import Awaitable, Callable

from community import (
    activity,
    buddies,
    comments,
    memberships,
    risk_rules,
    seals,
    tag_follows,
    tag_net,
)
from community import integrity as community_integrity
from core import (
    activation_codes,
    attempts,
    audit,
    idempotency,
    pauses,
    sessions,
    sms_codes,
    uploads,
)
from core.events import Subscriber
from core.integrity import Check
from gamify import holds, payments, rules
from gamify import integrity as gamify_integrity

#: The modules that hold models.
MODELS: list[str] = [
    "community.activity",
    "community.aliases",
    "community.buddies",
    "community.comments",
    "community.groups",
    "community.memberships",
    "community.photos",
    "community.posts",
    "community.reactions",
    "community.revisions",
    "community.seals",
    "community.tag_follows",
    "community.tag_net",
    "community.risk_rules",
    "community.tags",
    "community.thanks",
    "core.activation_codes",
    "core.attempts",
    "core.audit",
    "core.events",
    "core.idempotency",
    "core.images",
    "core.passwords",
    "core.pauses",
    "core.people",
    "core.privacy",
    "core.sessions",
    "core.shifts",
    "core.sms_codes",
    "core.uploads",
    "gamify.accounts",
    "gamify.holds",
    "gamify.ledger",
    "gamify.payments",
    "gamify.rules",
]

#: Who learns of which event.
SUBSCRIBERS: dict[str, list[Subscriber]] = {
    "answer.accepted": [activity.write, payments.pay],
    "answer.adopted": [activity.write],
    "answer.unaccepted": [activity.write, payments.withdraw],
    "answer.unadopted": [activity.write],
    "comment.created": [comments.count, activity.write],
    "comment.deleted": [activity.write],
    "comment.edited": [activity.write],
    "person.hired": [buddies.match],
    "person.left": [buddies.end, memberships.end, sessions.end],
    "post.created": [activity.write],
    "post.deleted": [activity.write],
    "post.edited": [activity.write],
    "reaction.added": [activity.write],
    "reaction.removed": [activity.write],
    "tag.merged": [tag_follows.move],
}

#: What is done again and again, by every process: each is harmless to do twice.
DUTIES: list[Callable[[], Awaitable[object]]] = [
    activation_codes.sweep,
    activity.forget,
    attempts.sweep,
    holds.release_due,
    idempotency.forget,
    pauses.forget,
    seals.destroy,
    sessions.sweep,
    sms_codes.sweep,
    tag_net.renew,
    uploads.forget,
]

#: What every database holds from the start: each puts it there where it is not.
SHIPPED: list[Callable[[], Awaitable[object]]] = [
    risk_rules.ship,
    rules.ship,
]

#: What proves that stored figures are right.
INTEGRITY: list[Check] = [
    *audit.CHECKS,
    *community_integrity.CHECKS,
    *gamify_integrity.CHECKS,
]
