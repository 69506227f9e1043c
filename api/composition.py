"""What is composed of all packages."""

from collections.abc import Awaitable, Callable

from community import authors, comments, memberships
from core import idempotency, uploads
from core.events import Subscriber

#: The modules that hold models.
MODELS: list[str] = [
    "community.aliases",
    "community.authors",
    "community.comments",
    "community.groups",
    "community.memberships",
    "community.photos",
    "community.posts",
    "community.reactions",
    "community.revisions",
    "community.tags",
    "community.thanks",
    "core.activation_codes",
    "core.attempts",
    "core.events",
    "core.idempotency",
    "core.images",
    "core.passwords",
    "core.people",
    "core.privacy",
    "core.sessions",
    "core.sms_codes",
    "core.uploads",
    "gamify.holds",
    "gamify.ledger",
    "gamify.rules",
]

#: Who learns of which event.
SUBSCRIBERS: dict[str, list[Subscriber]] = {
    "comment.created": [comments.count],
    "person.left": [memberships.end],
}

#: What is done again and again, by every process: each is harmless to do twice.
DUTIES: list[Callable[[], Awaitable[object]]] = [
    authors.destroy_seals,
    idempotency.forget,
    uploads.forget,
]
