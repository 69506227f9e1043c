"""Activation codes, for HR to hand out."""

from datetime import datetime
from uuid import UUID

from api.roots import mutation
from api.views import view
from core.identity import activation_codes
from core.people import Person


@view(activation_codes.Issued)
class ActivationCodeIssued:
    """The code is shown only here."""

    code: str
    expires_at: datetime


@mutation(ActivationCodeIssued)
async def issue_activation_code(viewer: Person, person_id: UUID) -> activation_codes.Issued:
    """For a first password, a forgotten one, a lost phone: its owner is signed out everywhere."""
    return await activation_codes.issue(person_id, by=viewer)
