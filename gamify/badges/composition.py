"""What badges are composed of."""

from core.parts import Part
from gamify.badges import (
    backfills,
    badges,
    belongings,
    deeds,
    earning,
    expertise,
    keeping,
    making,
    news,
)

PART = Part(
    models=[
        "gamify.badges.awards",
        "gamify.badges.badges",
        "gamify.badges.deeds",
    ],
    subscribers={
        "answer.accepted": [earning.count],
        "answer.adopted": [earning.count],
        "answer.unaccepted": [earning.count],
        "answer.unadopted": [earning.count],
        "badge.revoked": [news.tell_revoked],
        "badge.withdrawn": [news.withdraw],
        "badge.won": [news.tell],
        "expert.expert": [expertise.follow],
        "expert.lapsed": [expertise.follow],
        "expert.revoked": [expertise.follow],
        "expert.stands": [expertise.follow],
        "tag.merged": [badges.merge, deeds.merge, expertise.merge],
    },
    duties=[backfills.go_on],
    shipped=[making.ship],
    belongings=belongings.BELONGINGS,
    keeping=keeping.KEEPING,
)
