"""The privacy notice."""

from api.roots import mutation, payload, query
from api.viewer import Viewer
from api.views import view
from core import privacy
from core.people import Person
from core.text import Language


@view(privacy.Notice)
class PrivacyNotice:
    """What is stored here, and who sees it."""

    version: int
    text: str


@query(PrivacyNotice)
async def privacy_notice(language: Language) -> privacy.Notice:
    """The present one, in the reader's language."""
    return privacy.notice(language)


@mutation(payload("PrivacyNoticeAccepted", Viewer))
async def accept_privacy_notice(viewer: Person, version: int) -> Person:
    """Say that one has read it. Saying it again changes nothing."""
    await privacy.accept(version, by=viewer)
    return viewer
