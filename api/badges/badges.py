"""Badges: what one can win, and how HR keeps them."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar
from uuid import UUID

import strawberry

from api.roots import mutation, payload, query
from api.texts import Texts, TextsInput
from api.views import ROW, Node, batch, view
from community import tags, topics
from core.people import Grant, Grants, Person
from gamify.badges import backfills, badges, making, previews
from gamify.badges.badges import BadgeKind
from gamify.badges.criteria import Criteria, Level, Tally
from gamify.badges.deeds import DeedKind
from gamify.badges.drafts import Draft
from gamify.badges.emblems import Icon

if TYPE_CHECKING:
    from api.people import Person as Colleague
    from api.tags import Tag
else:
    Colleague = Annotated["Person", strawberry.lazy("api.people")]
    Tag = Annotated["Tag", strawberry.lazy("api.tags")]

strawberry.enum(BadgeKind, description="How a badge is won.")
strawberry.enum(DeedKind, description="What colleagues confirm.")
strawberry.enum(Icon, name="BadgeIcon")
strawberry.enum(Level, name="BadgeLevel")


@view(badges.Rung)
class BadgeRung:
    """What a level needs: all of these figures. Days and weeks are those on which it was done."""

    steady: ClassVar = True

    level: Level
    times: int
    people: int
    days: int
    weeks: int
    picture_url: str


@view(badges.Badge)
class Badge(Node):
    """What one can win. `deeds` are what counts, none: all; everybody may give where no grants
    are listed.
    """

    steady: ClassVar = True

    kind: BadgeKind
    icon: Icon
    name: str = batch(badges.names, key=ROW, steady=True)
    words: str = batch(badges.words, key=ROW, steady=True)
    name_texts: Texts | None = batch(badges.name_texts, key=ROW, steady=True)
    words_texts: Texts | None = batch(badges.words_texts, key=ROW, steady=True)
    picture_url: str
    levels: list[BadgeRung]
    deeds: list[DeedKind]
    tag: Tag | None = batch(tags.known, key="tag_id")
    counts_from: date
    givers: list[Grant] = batch(badges.giver_names, key=ROW, steady=True)
    monthly_gifts: int
    is_active: bool


@view(previews.Winners)
class BadgeWinners:
    """Whose highest level this would be, and some of them. Of fewer than 5 people nothing is told:
    then `count` is null.
    """

    level: Level
    count: int | None
    sample: list[Colleague]


@strawberry.input
class BadgeRungInput:
    level: Level
    times: int = 0
    people: int = 0
    days: int = 0
    weeks: int = 0


@strawberry.input
class BadgeDraft:
    """`levels`, `deeds` and `tagId` are for what is EARNED or UNSEEN, `givers` and `monthlyGifts`,
    of each of them, for what is GIVEN.
    """

    kind: BadgeKind
    icon: Icon
    name: TextsInput
    words: TextsInput
    levels: list[BadgeRungInput] = strawberry.field(default_factory=list)
    deeds: list[DeedKind] = strawberry.field(default_factory=list)
    tag_id: UUID | None = None
    givers: list[Grant] = strawberry.field(default_factory=list)
    monthly_gifts: int = 0
    is_active: bool = True

    async def draft(self, by: Person) -> Draft:
        """Raises TagNotFound."""
        tag = await topics.visible(self.tag_id, to=by) if self.tag_id else None
        levels = {
            one.level: Tally(one.times, one.people, one.days, one.weeks) for one in self.levels
        }
        return Draft(
            self.kind,
            self.icon,
            self.name.text,
            self.words.text,
            Criteria(levels, self.deeds, tag.id if tag else None),
            Grants(sum(Grants[grant.name] for grant in set(self.givers))),
            self.monthly_gifts,
            self.is_active,
        )


@query(list[Badge])
async def badges_(viewer: Person) -> list[badges.Badge]:
    """What one can win here."""
    return await badges.listed(to=viewer)


@query(list[BadgeWinners])
async def badge_preview(viewer: Person, draft: BadgeDraft) -> list[previews.Winners]:
    """Who would win a badge if everything that was done before counted; for HR."""
    return await previews.of(await draft.draft(viewer))


@mutation(payload("BadgeSaved", Badge))
async def save_badge(
    viewer: Person, draft: BadgeDraft, idempotency_key: str, badge_id: UUID | None = None
) -> badges.Badge:
    """Make a badge, which counts from today on, or change one; what was won stays won."""
    drafted = await draft.draft(viewer)
    if badge_id:
        return await making.change(badge_id, drafted, by=viewer)
    return await making.make(drafted, by=viewer, key=idempotency_key)


@mutation(payload("BadgeBackfilled", Badge))
async def backfill_badge(viewer: Person, badge_id: UUID) -> badges.Badge:
    """Count what was done before as well; who has won it by that hears of it soon."""
    return await backfills.begin(badge_id, by=viewer)
