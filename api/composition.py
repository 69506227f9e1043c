"""What is composed of all packages."""

from collections.abc import Awaitable, Callable

from community import (
    activity,
    announcements,
    appeals,
    buddies,
    care_messages,
    care_news,
    carelines,
    comments,
    expert_lapses,
    experts,
    help_cards,
    memberships,
    open_questions,
    risk_rules,
    seals,
    tag_follows,
    tag_net,
)
from community import integrity as community_integrity
from core import (
    activation_codes,
    addresses,
    attempts,
    audit,
    idempotency,
    notices,
    pauses,
    quotas,
    sealed_news,
    sessions,
    sms_codes,
    uploads,
)
from core.events import Subscriber
from core.integrity import Check
from gamify import announcements as gamify_announcements
from gamify import holds, payments, rules
from gamify import integrity as gamify_integrity

#: The modules that hold models.
MODELS: list[str] = [
    "community.activity",
    "community.aliases",
    "community.appeals",
    "community.breakglass_requests",
    "community.buddies",
    "community.care_messages",
    "community.carelines",
    "community.comments",
    "community.endorsements",
    "community.experts",
    "community.groups",
    "community.help_cards",
    "community.memberships",
    "community.moderation_cases",
    "community.open_questions",
    "community.photos",
    "community.posts",
    "community.reactions",
    "community.regions",
    "community.reporters",
    "community.reports",
    "community.revisions",
    "community.risk_rules",
    "community.risk_rules",
    "community.rotas",
    "community.seals",
    "community.tag_follows",
    "community.tag_net",
    "community.tags",
    "community.thanks",
    "core.activation_codes",
    "core.addresses",
    "core.attempts",
    "core.audit",
    "core.deliveries",
    "core.events",
    "core.idempotency",
    "core.images",
    "core.names",
    "core.notice_settings",
    "core.notices",
    "core.passwords",
    "core.pauses",
    "core.people",
    "core.privacy",
    "core.quotas",
    "core.sealed_news",
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
    "answer.accepted": [
        activity.write,
        announcements.tell,
        payments.pay,
        gamify_announcements.tell,
    ],
    "answer.adopted": [activity.write, announcements.tell],
    "answer.unaccepted": [
        activity.write,
        announcements.withdraw,
        payments.withdraw,
        gamify_announcements.withdraw,
    ],
    "answer.unadopted": [activity.write, announcements.withdraw],
    "break_glass.asked": [care_news.call_second],
    "break_glass.opened": [care_news.call_second],
    "buddy.matched": [announcements.matched],
    "care_message.written": [care_messages.appear, care_news.tell],
    "colleague.endorsed": [experts.propose],
    "comment.created": [comments.count, activity.write, announcements.tell],
    "comment.deleted": [activity.write, announcements.withdraw],
    "comment.edited": [activity.write],
    "comment.hidden": [activity.write],
    "comment.restored": [activity.write],
    "person.hired": [buddies.match],
    "person.left": [addresses.end, buddies.end, memberships.end, notices.end, sessions.end],
    "post.created": [activity.write],
    "post.deleted": [activity.write],
    "post.edited": [activity.write],
    "reaction.added": [activity.write, announcements.tell],
    "reaction.removed": [activity.write, announcements.withdraw],
    "post.hidden": [activity.write],
    "post.restored": [activity.write],
    "session.revoked": [addresses.silence],
    "tag.merged": [tag_follows.move],
}

#: What is done again and again, by every process: each is harmless to do twice.
DUTIES: list[Callable[[], Awaitable[object]]] = [
    activation_codes.sweep,
    activity.forget,
    appeals.execute,
    attempts.sweep,
    carelines.destroy,
    expert_lapses.lapse,
    holds.release_due,
    idempotency.forget,
    notices.forget,
    open_questions.call_experts,
    pauses.forget,
    quotas.forget,
    sealed_news.tell_due,
    seals.destroy,
    sessions.sweep,
    sms_codes.sweep,
    tag_net.renew,
    uploads.forget,
]

#: What every database holds from the start: each puts it there where it is not.
SHIPPED: list[Callable[[], Awaitable[object]]] = [
    help_cards.ship,
    risk_rules.ship,
    rules.ship,
]

#: What proves that stored figures are right.
INTEGRITY: list[Check] = [
    *audit.CHECKS,
    *community_integrity.CHECKS,
    *gamify_integrity.CHECKS,
]
