"""Signing in."""

from api.attempts import TooManyTries
from api.context import Context
from api.people import Person
from api.roots import mutation
from api.sessions import Session
from api.views import view
from core.identity import sessions, sign_in


@view(sessions.SignedIn)
class SignedIn:
    """Send the token as `Authorization: Bearer …` from now on; it is told only here."""

    token: str
    session: Session
    person: Person


@mutation(SignedIn, TooManyTries)
async def sign_in_(context: Context, number: str, password: str, device: str) -> sessions.SignedIn:
    """By employee number and password; `device` is the name under which it is listed."""
    signed_in = await sign_in.with_password(
        number, password, device=device, address=context.address
    )
    return _here(context, signed_in)


@mutation(SignedIn, TooManyTries)
async def sign_in_with_code(
    context: Context, phone: str, code: str, device: str, number: str | None = None
) -> sessions.SignedIn:
    """By a code sent to the phone; PHONE_SHARED asks for the employee number as well."""
    signed_in = await sign_in.with_sms_code(
        phone, code, number=number, device=device, address=context.address
    )
    return _here(context, signed_in)


@mutation(SignedIn, TooManyTries)
async def activate(
    context: Context, number: str, code: str, password: str, device: str
) -> sessions.SignedIn:
    """Set the first password, by the activation code from HR or a code by SMS."""
    return await _anew(context, number, code, password, device)


@mutation(SignedIn, TooManyTries)
async def reset_password(
    context: Context, number: str, code: str, password: str, device: str
) -> sessions.SignedIn:
    """Set another password, by a code from HR or by SMS; all other devices are signed out."""
    return await _anew(context, number, code, password, device)


async def _anew(
    context: Context, number: str, code: str, password: str, device: str
) -> sessions.SignedIn:
    signed_in = await sign_in.with_new_password(
        number, code, password, device=device, address=context.address
    )
    return _here(context, signed_in)


def _here(context: Context, signed_in: sessions.SignedIn) -> sessions.SignedIn:
    """What the rest of this request shows, it shows to whom it let in."""
    context.session, context.viewer = signed_in.session, signed_in.person
    return signed_in
