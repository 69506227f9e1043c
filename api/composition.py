"""What is composed of all packages."""

from collections.abc import Awaitable, Callable

from community import (
    activity,
    announcements,
    appeals,
    breakglass_requests,
    buddies,
    care_messages,
    care_news,
    carelines,
    comments,
    escalations,
    expert_lapses,
    expert_news,
    experts,
    help_cards,
    ideas,
    listeners,
    memberships,
    moderation_news,
    open_questions,
    prompts,
    pulse_weeks,
    pulses,
    risk_rules,
    seals,
    suspensions,
    tag_follows,
    tag_net,
    vents,
    worries,
)
from community import belongings as community_belongings
from community import integrity as community_integrity
from core import audit, exports, idempotency, pauses, quotas
from core import belongings as core_belongings
from core.belongings import Belonging
from core.crypto.resealing import Sealed
from core.events import Subscriber
from core.identity import activation_codes, attempts, sessions, sms_codes
from core.integrity import Check
from core.media import uploads
from core.messaging import addresses, notices, sealed_news
from gamify import announcements as gamify_announcements
from gamify import belongings as gamify_belongings
from gamify import holds, payments, rules
from gamify import integrity as gamify_integrity

#: The modules that hold models.
MODELS: list[str] = [
    "community.activity",
    "community.aliases",
    "community.appeals",
    "community.blocks",
    "community.breakglass_requests",
    "community.buddies",
    "community.bulletins",
    "community.care_messages",
    "community.carelines",
    "community.comments",
    "community.endorsements",
    "community.experts",
    "community.groups",
    "community.help_cards",
    "community.idea_answers",
    "community.idea_votes",
    "community.ideas",
    "community.listeners",
    "community.memberships",
    "community.moderation_cases",
    "community.mutes",
    "community.open_questions",
    "community.photos",
    "community.posts",
    "community.prompts",
    "community.pulse_weeks",
    "community.pulses",
    "community.reactions",
    "community.regions",
    "community.reporters",
    "community.reports",
    "community.revisions",
    "community.risk_cases",
    "community.risk_rules",
    "community.risk_steps",
    "community.rotas",
    "community.seals",
    "community.suspensions",
    "community.tag_follows",
    "community.tag_net",
    "community.tags",
    "community.thanks",
    "community.vents",
    "core.identity.activation_codes",
    "core.messaging.addresses",
    "core.identity.attempts",
    "core.audit",
    "core.messaging.deliveries",
    "core.events",
    "core.exports",
    "core.idempotency",
    "core.media.images",
    "core.search.names",
    "core.messaging.notice_settings",
    "core.messaging.notices",
    "core.identity.passwords",
    "core.pauses",
    "core.people",
    "core.privacy",
    "core.quotas",
    "core.messaging.sealed_news",
    "core.identity.sessions",
    "core.rosters.shifts",
    "core.identity.sms_codes",
    "core.media.uploads",
    "gamify.accounts",
    "gamify.holds",
    "gamify.ledger",
    "gamify.payments",
    "gamify.rules",
]

#: What is a person's own, to be handed to them.
BELONGINGS: list[Belonging] = [
    *core_belongings.BELONGINGS,
    *community_belongings.BELONGINGS,
    *gamify_belongings.BELONGINGS,
]

#: What names people and is handed to none of them, by table, and why.
WITHHELD: dict[str, str] = core_belongings.WITHHELD | community_belongings.WITHHELD

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
    "appeal.decided": [moderation_news.tell],
    "author.suspended": [moderation_news.tell_suspended],
    "comment.created": [comments.count, activity.write, announcements.tell],
    "comment.deleted": [activity.write, announcements.withdraw],
    "comment.edited": [activity.write],
    "comment.hidden": [activity.write, announcements.withdraw],
    "comment.restored": [activity.write, announcements.tell],
    "expert.expert": [expert_news.tell],
    "expert.lapsed": [expert_news.tell],
    "expert.revoked": [expert_news.tell],
    "listener.asked": [listeners.tell],
    "moderation.decided": [moderation_news.tell],
    "moderation.hidden": [moderation_news.tell],
    "person.hired": [buddies.match],
    "person.left": [
        addresses.end,
        buddies.end,
        exports.end,
        listeners.end,
        memberships.end,
        notices.end,
        pulses.end,
        sessions.end,
    ],
    "post.created": [ideas.begin, activity.write, vents.begin],
    "post.deleted": [activity.write],
    "post.edited": [activity.write],
    "prompt.due": [prompts.tell],
    "question.unanswered": [expert_news.call],
    "reaction.added": [activity.write, announcements.tell],
    "reaction.removed": [activity.write, announcements.withdraw],
    "post.hidden": [activity.write],
    "post.restored": [activity.write],
    "session.revoked": [addresses.silence],
    "tag.merged": [tag_follows.move],
    "report.danger": [worries.reported],
}

#: What is done again and again, by every process: each is harmless to do twice.
DUTIES: list[Callable[[], Awaitable[object]]] = [
    activation_codes.sweep,
    activity.forget,
    appeals.execute,
    attempts.sweep,
    carelines.destroy,
    expert_lapses.lapse,
    escalations.escalate,
    exports.forget,
    exports.maker(BELONGINGS),
    holds.release_due,
    idempotency.forget,
    notices.forget,
    open_questions.call_experts,
    pauses.forget,
    prompts.forget,
    prompts.record_due,
    pulse_weeks.close,
    pulses.forget,
    quotas.forget,
    sealed_news.tell_due,
    seals.destroy,
    sessions.sweep,
    sms_codes.sweep,
    suspensions.forget,
    tag_net.renew,
    uploads.forget,
    vents.ask_due,
    vents.forget,
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

#: What is sealed, to be closed anew when its key is replaced.
SEALED: list[Sealed] = [
    *breakglass_requests.SEALED,
    care_messages.SEALED,
    exports.SEALED,
    notices.SEALED,
    pulses.SEALED,
    sealed_news.SEALED,
    seals.SEALED,
]
