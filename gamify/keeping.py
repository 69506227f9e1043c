"""Keeping: what becomes of the rows of points and boards when somebody is erased."""

from core.keeping import blanked, deleted, stays
from gamify.accounts import Account
from gamify.boards.cheers import Cheer
from gamify.boards.goals import Goal
from gamify.boards.hidden_names import HiddenName
from gamify.boards.scores import Score
from gamify.boards.tallies import Tally
from gamify.bonuses import Bonus
from gamify.challenges.challenges import Challenge
from gamify.challenges.contenders import Contender
from gamify.challenges.entrants import Entrant
from gamify.confirmations import Confirmation
from gamify.expiry import Expiry
from gamify.farewells import Farewell
from gamify.holds import Hold
from gamify.ledger import Posting, Transfer
from gamify.measures.figures import Figure
from gamify.reviews import Review
from gamify.rules import Rule

SUMS = "sums must stay true; an id and points"

KEEPING = [
    stays(Expiry, "ends by itself; an id"),
    stays(Farewell, "ends by itself; an id"),
    blanked(Review, "person_id", words="", appeal_words="", answer=""),
    stays(Confirmation, "counts, under an id"),
    stays(Rule, "what HR decided; an id"),
    stays(Account, SUMS),
    stays(Hold, SUMS),
    stays(Posting, SUMS),
    stays(Transfer, SUMS),
    deleted(Goal, "person_id"),
    blanked(Bonus, "person_id", words=""),
    stays(Challenge, "what HR decided; an id"),
    stays(Contender, "standings are as they were; an id and a value"),
    blanked(Entrant, "person_id", reason=None),
    deleted(Figure, "person_id"),
    stays(Cheer, "it counts"),
    stays(HiddenName, "who was named on no board stays so"),
    stays(Score, "closed boards are as they were; an id and a value"),
    stays(Tally, "counts, under an id"),
]
