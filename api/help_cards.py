"""Help cards: as a reader needs them, and as counsellors keep them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import ClassVar, Self, cast

import strawberry

from api.errors import Refusal
from api.people import Person as PersonView
from api.roots import mutation, payload, query
from api.texts import Texts, TextsInput
from api.views import ROW, Node, batch, view
from community import alarms, help_cards, help_offers
from community.alarms import NotSaid
from community.help_cards import Draft, Line
from core import people
from core.errors import Refused
from core.people import Person
from core.text import Language


@view(help_offers.OfferedLine)
class HelpLine:
    """Somebody who listens; without hours it is answered around the clock."""

    number: str
    name: str
    hours: str | None
    is_always_open: bool


@view(help_offers.HelpOffer)
class HelpCard:
    """Whom one can turn to now. `coverage` says in words whether a counsellor is on call."""

    message: str
    lines: list[HelpLine]
    coverage: str
    is_counsellor_on_call: bool
    counsellor_from: datetime | None
    held_back: str | None
    region: str
    checked_on: date


#: For payloads of what was written: there at once if it signals danger.
FOR_WORDS = (HelpCard | None, batch(help_offers.for_words, key=ROW))


@strawberry.type
class RefusalWithHelp(Refusal):
    """What was written was turned down and is not kept, but it signals danger and was heard."""

    tells: ClassVar[type[Refused]] = NotSaid

    help_card: HelpCard | None

    @classmethod
    def of(cls, refused: Refused, language: Language) -> Self:
        plain = Refusal.of(cast("Refused", refused.facts["refused"]), language)
        return cls(**vars(plain), help_card=cast("HelpCard | None", refused.facts["offer"]))


@asynccontextmanager
async def heard(
    text: str, *, by: Person, language: Language, anonymous: bool = True
) -> AsyncIterator[None]:
    """Around writing: if it is refused, words that signal danger are heard and answered."""
    try:
        async with alarms.unsaid(text, by=by, anonymous=anonymous):
            yield
    except NotSaid as refused:
        refused.facts["offer"] = await help_offers.to(by, language)
        raise


@view(help_cards.Line)
class KeptLine:
    steady: ClassVar = True

    number: str
    name: Texts
    hours: Texts | None


@view(help_cards.HelpCard)
class KeptHelpCard(Node):
    """A region's card as counsellors keep it."""

    steady: ClassVar = True

    region: str
    version: int
    checked_on: date
    message: Texts
    lines: list[KeptLine]
    written_at: datetime
    written_by: PersonView | None = batch(people.by_id, key="written_by")


@strawberry.input
class HelpLineInput:
    number: str
    name: TextsInput
    hours: TextsInput | None = strawberry.field(
        default=None, description="only if it is not answered around the clock"
    )

    @property
    def line(self) -> Line:
        return Line(self.number, self.name.text, self.hours.text if self.hours else None)


@strawberry.input
class HelpCardDraft:
    region: str
    checked_on: date
    message: TextsInput
    lines: list[HelpLineInput]

    @property
    def draft(self) -> Draft:
        lines = [line.line for line in self.lines]
        return Draft(self.region, self.checked_on, self.message.text, lines)


@query(HelpCard | None)
async def help_card(viewer: Person, language: Language) -> help_offers.HelpOffer | None:
    """Whom the viewer can turn to, at any time and without a reason."""
    return await help_offers.to(viewer, language)


@query(list[KeptHelpCard])
async def help_cards_(viewer: Person) -> list[help_cards.HelpCard]:
    """The card of each region."""
    return await help_cards.listed()


@mutation(payload("HelpCardPut", KeptHelpCard))
async def put_help_card(
    viewer: Person, draft: HelpCardDraft, after_version: int
) -> help_cards.HelpCard:
    """A region's card from now on; `afterVersion` is the one that was changed, 0 for a first."""
    return await help_cards.put(draft.draft, after=after_version, by=viewer)
