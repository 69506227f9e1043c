"""What the gamify package is composed of."""

from core.parts import Part
from gamify import announcements, belongings, holds, integrity, payments, rules

PART = Part(
    models=[
        "gamify.accounts",
        "gamify.holds",
        "gamify.ledger",
        "gamify.payments",
        "gamify.rules",
    ],
    subscribers={
        "answer.accepted": [payments.pay, announcements.tell],
        "answer.unaccepted": [payments.withdraw, announcements.withdraw],
    },
    duties=[
        holds.release_due,
    ],
    shipped=[
        rules.ship,
    ],
    integrity=integrity.CHECKS,
    belongings=belongings.BELONGINGS,
)
