"""What the gamify package is composed of."""

from core.parts import Part
from gamify import (
    announcements,
    belongings,
    budgets,
    expiry,
    farewells,
    holds,
    integrity,
    keeping,
    payments,
    rules,
)
from gamify.boards import cheers, closings, players, sorted_sets, tallies, team_scores
from gamify.boards import integrity as boards_integrity
from gamify.challenges import contenders, prizes, results
from gamify.measures import figure_hooks, figures

PART = Part(
    models=[
        "gamify.accounts",
        "gamify.boards.boards",
        "gamify.boards.cheers",
        "gamify.boards.goals",
        "gamify.boards.hidden_names",
        "gamify.boards.scores",
        "gamify.boards.tallies",
        "gamify.challenges.challenges",
        "gamify.challenges.contenders",
        "gamify.challenges.entrants",
        "gamify.confirmations",
        "gamify.expiry",
        "gamify.farewells",
        "gamify.holds",
        "gamify.ledger",
        "gamify.measures.figure_hooks",
        "gamify.measures.figures",
        "gamify.payments",
        "gamify.reviews",
        "gamify.rules",
    ],
    subscribers={
        "answer.accepted": [payments.pay, tallies.count, announcements.tell],
        "answer.adopted": [payments.pay, tallies.count, announcements.tell],
        "answer.unaccepted": [payments.withdraw, tallies.withdraw, announcements.withdraw],
        "answer.unadopted": [payments.withdraw, tallies.withdraw, announcements.withdraw],
        "person.left": [players.leave, farewells.begin],
        "score.changed": [sorted_sets.follow],
        "challenge.closed": [results.say],
        "challenge.won": [payments.pay, announcements.tell],
        "referral.milestone_reached": [payments.pay, announcements.tell],
        "rule.budget_low": [budgets.tell],
        "rule.budget_spent": [budgets.tell],
        "tag.merged": [rules.follow_merge],
    },
    duties=[
        cheers.forget,
        closings.close,
        closings.forget,
        contenders.settle,
        figure_hooks.forget,
        figures.forget,
        expiry.advance_due,
        expiry.plan_due,
        farewells.close_due,
        holds.release_due,
        players.review,
        prizes.close,
        tallies.forget,
        sorted_sets.fill,
        team_scores.settle,
    ],
    shipped=[
        rules.ship,
    ],
    integrity=[*integrity.CHECKS, *boards_integrity.CHECKS],
    belongings=belongings.BELONGINGS,
    withheld=belongings.WITHHELD,
    keeping=keeping.KEEPING,
)
