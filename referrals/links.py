"""Links: how a colleague shares an opening, by a short code for each channel."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import choice
from uuid import UUID

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from core import clock, settings
from core.crypto import signing
from core.database import inserts, sql
from core.errors import Forbidden, NotFound
from core.people import Person, employed
from core.text import Text
from core.transactions import transaction
from referrals import openings
from referrals.openings import Opening, OpeningNotOpen, OpeningState

SHOWN_FOR = timedelta(hours=1)
CODE = 12  # characters of 31, so 59 bits
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another


class ShareChannel(StrEnum):
    WECHAT = "WECHAT"
    MOMENTS = "MOMENTS"
    POSTER = "POSTER"
    MESSAGE = "MESSAGE"
    OTHER = "OTHER"


class Link(Model):
    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=16, unique=True)
    opening: fields.ForeignKeyRelation[Opening] = fields.ForeignKeyField("models.Opening")
    opening_id: UUID
    person_id: UUID = fields.UUIDField(db_index=True)
    channel = fields.CharEnumField(ShareChannel, max_length=10)
    shows_name = fields.BooleanField(description="whether the page and the poster say whose it is")
    visit_count = fields.IntField(default=0, description="pages shown; of whom is not known")
    made_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "referral_link"
        unique_together = ("opening", "person_id", "channel")

    @property
    def path(self) -> str:
        return f"/r/{self.code}"

    @property
    def url(self) -> str:
        return f"{settings.current().public_url}{self.path}"

    @property
    def poster_url(self) -> str:
        return self._picture("posters")

    @property
    def qr_url(self) -> str:
        return self._picture("qr")

    def _picture(self, kind: str) -> str:
        """For an hour, so that nobody else keeps us drawing."""
        place = f"/{kind}/{self.code}"
        signed = signing.sign(place, expires=clock.now() + SHOWN_FOR)
        return f"{settings.current().public_url}{place}?{signed}"


class LinkNotFound(NotFound):
    text = Text(
        "This link leads to no job. Please ask your friend for it again.",
        "这个链接没有对应的职位，请向朋友再要一次。",
        "這個連結沒有對應的職缺，請向朋友再要一次。",
    )


class DecidesHere(Forbidden):
    text = Text(
        "Whoever helps to decide about candidates for this job brings none for it.",
        "参与这个职位选人的同事不能为它推荐朋友。",
        "參與這個職缺選才的同事不能為它推薦朋友。",
    )


@transaction
async def share(
    opening_id: UUID, channel: ShareChannel, *, by: Person, shows_name: bool = False
) -> Link:
    """One's link for an opening and channel, always the same. Raises DecidesHere."""
    opening = await openings.visible(opening_id, to=by)
    if opening.state is not OpeningState.OPEN:
        raise OpeningNotOpen
    if await openings.admitted([opening_id], viewer=by) == [False]:
        raise DecidesHere
    own = Link.filter(opening_id=opening_id, person_id=by.id, channel=channel)
    while not await own.update(shows_name=shows_name):
        await inserts.added(_made(opening, channel, by, shows_name=shows_name))
    return await own.get()


async def visited(code: str) -> tuple[Link, Opening]:
    """Where a code leads, for anybody, counted as one page shown. Raises LinkNotFound."""
    link, opening = await reached(code)
    await Link.filter(id=link.id).update(visit_count=F("visit_count") + 1)
    return link, opening


async def reached(code: str) -> tuple[Link, Opening]:
    """The one way from a code; closed openings are still shown as such. Raises LinkNotFound."""
    known = Link.filter(code=code).select_related("opening")
    link = await known.first() if len(code) == CODE else None
    if link is None:
        raise LinkNotFound
    return link, link.opening


async def sharer(link: Link) -> Person | None:
    """Whose link it is, as long as they work here."""
    return await Person.filter(employed(), id=link.person_id).first()


async def by_id(link_ids: Sequence[UUID | None]) -> list[Link | None]:
    found = await sql.in_bulk(Link, filter(None, link_ids))
    return [found.get(id) if id else None for id in link_ids]


def _made(opening: Opening, channel: ShareChannel, by: Person, *, shows_name: bool) -> Link:
    return Link(
        code="".join(choice(ALPHABET) for _ in range(CODE)),
        opening_id=opening.id,
        person_id=by.id,
        channel=channel,
        shows_name=shows_name,
        made_at=clock.now(),
    )
