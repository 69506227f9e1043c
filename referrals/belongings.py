"""What is held of a colleague's own in bringing friends; nothing of it is about the friends."""

from core.belongings import Belonging, Row, of, plain
from core.people import Person
from referrals.claims import Referral
from referrals.disputes import Dispute
from referrals.links import Link
from referrals.milestones import Milestone
from referrals.openings import Insider
from referrals.steps import Step

FRIENDS = ("candidate_id", "phone_hash", "refusal")


async def _disputes(person: Person) -> list[Row]:
    own = await Referral.filter(referrer_id=person.id).values_list("id", flat=True)
    made = await Dispute.filter(referral_id__in=own)
    return [plain(row, without=["decided_by_id"], words=row.words) for row in made]


BELONGINGS: list[Belonging] = [
    of(Insider, "person_id"),
    of(Link, "person_id", without=["visit_count"]),
    of(Milestone, "person_id", without=["candidate_id", "referral_id", "points"]),
    of(Referral, "referrer_id", without=FRIENDS),
    of(Step, "by_id", without=["candidate_id"]),
    Belonging(Dispute, _disputes),
]

#: What names people and is handed to none of them, by table.
WITHHELD = {"candidate": "who applied has it on a page of their own"}
