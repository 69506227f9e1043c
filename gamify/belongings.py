"""What the ledger holds about a person."""

from core.belongings import Belonging, Row, of, plain
from core.people import Person
from gamify.accounts import Account
from gamify.holds import Hold
from gamify.ledger import Posting, Transfer


async def _postings(person: Person) -> list[Row]:
    return [plain(row) for row in await Posting.filter(account__owner_id=person.id)]


BELONGINGS = [
    of(Account, "owner_id"),
    of(Hold, "person_id"),
    of(Transfer, "person_id", without=["caused_by", "event_id", "source_key"]),
    Belonging(Posting, _postings),
]
