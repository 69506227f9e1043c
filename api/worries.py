"""Worries about somebody."""

from uuid import UUID

from api import subjects
from api.help_cards import HelpCard
from api.ids import NodeId
from api.roots import mutation
from api.views import batch, view
from community import help_offers, worries
from core.people import Person


@view(worries.Worry)
class WorryHeard:
    """Counsellors will look; the card is for whoever worries, and to pass on."""

    help_card: HelpCard | None = batch(help_offers.to_each, key="person")


@mutation(WorryHeard)
async def worry_about(
    viewer: Person, subject_id: UUID, words: str, idempotency_key: str
) -> worries.Worry:
    """Tell the counsellors that one is worried about a colleague, or about whoever wrote this.

    Of a colleague they learn who is worried; in a support group they do not.
    """
    if isinstance(subject_id, NodeId) and subject_id.tag == "person":
        return await worries.about_person(subject_id, words, by=viewer, key=idempotency_key)
    kind = subjects.kind(subject_id)
    return await worries.about_author(kind, subject_id, words, by=viewer, key=idempotency_key)
