"""Codes by SMS."""

from api.attempts import TooManyTries
from api.context import Context
from api.roots import mutation
from api.views import view
from core.identity import sms_codes
from core.text import Language


@view(sms_codes.Requested)
class CodeRequested:
    """How long the code is good, and when another may be asked for, in seconds."""

    good_for: int
    again_after: int


@mutation(CodeRequested, TooManyTries)
async def request_code(context: Context, language: Language, phone: str) -> sms_codes.Requested:
    """Send a code to this phone, if it is known; the answer does not tell."""
    return await sms_codes.request(phone, language=language, address=context.address)
