"""What the core is composed of."""

from core import audit, belongings, exports, idempotency, nameless, pauses, quotas
from core.identity import activation_codes, attempts, sessions, sms_codes
from core.media import uploads
from core.messaging import addresses, announcements, notices, sealed_news, webhooks
from core.parts import Part

PART = Part(
    models=[
        "core.identity.activation_codes",
        "core.messaging.addresses",
        "core.identity.attempts",
        "core.audit",
        "core.messaging.announcements",
        "core.messaging.deliveries",
        "core.erasures",
        "core.events",
        "core.exports",
        "core.idempotency",
        "core.media.images",
        "core.search.names",
        "core.messaging.notice_settings",
        "core.messaging.notices",
        "core.messaging.quiet_hours",
        "core.identity.passwords",
        "core.pauses",
        "core.people",
        "core.personnel.employments",
        "core.privacy",
        "core.quotas",
        "core.messaging.sealed_news",
        "core.messaging.webhooks",
        "core.identity.sessions",
        "core.rosters.shifts",
        "core.identity.sms_codes",
        "core.media.uploads",
    ],
    subscribers={
        "person.left": [addresses.end, exports.end, notices.end, sessions.end],
        "session.revoked": [addresses.silence],
    },
    duties=[
        activation_codes.sweep,
        announcements.deliver,
        announcements.forget,
        attempts.sweep,
        exports.forget,
        idempotency.forget,
        notices.forget,
        pauses.forget,
        quotas.forget,
        sealed_news.tell_due,
        sessions.sweep,
        sms_codes.sweep,
        uploads.forget,
    ],
    sealed=[
        exports.SEALED,
        notices.SEALED,
        sealed_news.SEALED,
        webhooks.SEALED,
    ],
    integrity=audit.CHECKS,
    belongings=belongings.BELONGINGS,
    withheld=belongings.WITHHELD,
    keeping=nameless.KEEPING,
)
