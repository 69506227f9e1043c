"""Notice settings: of which kinds the viewer wants to hear, and where."""

from typing import ClassVar

from api.notice_kinds import NoticeChannel, NoticeKind
from api.roots import mutation
from api.views import batch, view
from core.messaging import notice_settings
from core.people import Person


@view(notice_settings.Setting)
class NoticeSetting:
    steady: ClassVar = True

    kind: NoticeKind
    channel: NoticeChannel
    is_on: bool
    is_fixed: bool


@view(Person)
class NoticesChosen:
    settings: list[NoticeSetting] = batch(notice_settings.of)


@mutation(NoticesChosen)
async def choose_notices(
    viewer: Person, kind: NoticeKind, channel: NoticeChannel, *, is_on: bool
) -> Person:
    """Hear of a kind there, or not; what is off in the app is told nowhere."""
    return await notice_settings.choose(kind, channel, is_on=is_on, by=viewer)
