"""What the ledger holds about a person."""

from core.belongings import Belonging, Row, of, plain
from core.people import Person
from gamify.accounts import Account
from gamify.boards.cheers import Cheer
from gamify.boards.goals import Goal
from gamify.boards.hidden_names import HiddenName
from gamify.boards.scores import Score
from gamify.boards.tallies import Tally
from gamify.bonuses import Bonus
from gamify.challenges.contenders import Contender
from gamify.challenges.entrants import Entrant
from gamify.confirmations import Confirmation
from gamify.expiry import Expiry
from gamify.farewells import Farewell
from gamify.holds import Hold
from gamify.ledger import Posting, Transfer
from gamify.measures.figures import Figure, Restatement
from gamify.reviews import Review


async def _postings(person: Person) -> list[Row]:
    return [plain(row) for row in await Posting.filter(account__owner_id=person.id)]


async def _restatements(person: Person) -> list[Row]:
    return [plain(row) for row in await Restatement.filter(figure__person_id=person.id)]


BELONGINGS = [
    of(Expiry, "person_id"),
    of(Farewell, "person_id"),
    of(Review, "person_id", without=["decided_by", "answered_by"]),
    of(Confirmation, "giver_id"),
    of(Account, "owner_id"),
    of(Cheer, "by_id", without=["person_id"]),
    of(Contender, "owner_id"),
    of(Bonus, "person_id", without=["given_by", "decided_by", "event_id"]),
    of(Entrant, "person_id"),
    of(Figure, "person_id"),
    Belonging(Restatement, _restatements),
    of(Goal, "person_id"),
    of(HiddenName, "person_id"),
    of(Score, "owner_id"),
    of(Tally, "person_id", without=["source"]),
    of(Hold, "person_id"),
    of(Transfer, "person_id", without=["caused_by", "event_id", "source_key"]),
    Belonging(Posting, _postings),
]

#: What names people and is handed to none of them, and why.
WITHHELD = dict.fromkeys(("challenge", "rule"), "an affair of the company, which HR keeps")
