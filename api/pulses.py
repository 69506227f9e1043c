"""Pulses: how are you, in one tap, for oneself; and how a team and the company were."""

from datetime import date

import strawberry

from api.connections import Connection
from api.roots import mutation, payload
from api.views import Node, batch, view
from community import pulse_weeks, pulses
from community.pulse_weeks import Share
from community.pulses import Face
from core.people import Person

strawberry.enum(Face)
strawberry.enum(Share)


@view(pulses.CheckIn)
class CheckIn(Node):
    business_date: date
    face: Face
    words: str | None


@view(pulse_weeks.Week)
class PulseWeek:
    """How many were well, and how many low; null where there are too few people to tell."""

    begins_on: date
    well: Share | None
    low: Share | None


@view(pulses.Pulse)
class Pulse:
    consented_on: date | None
    today: CheckIn | None = batch(pulses.today, key="person_id")
    history: Connection[CheckIn] = batch(pulses.history, key="person_id")
    team_weeks: list[PulseWeek] = batch(pulse_weeks.of_team, key="person_id")
    company_weeks: list[PulseWeek] = batch(pulse_weeks.of_company, key="person_id")


@mutation(payload("CheckedIn", CheckIn))
async def check_in(
    viewer: Person, face: Face, idempotency_key: str, words: str | None = None
) -> pulses.CheckIn:
    """Say how you are; later on the same day it replaces what you said before. Only you see it."""
    return await pulses.check_in(face, by=viewer, key=idempotency_key, words=words)


@mutation(payload("PulseConsented", Pulse))
async def consent_to_pulse(viewer: Person) -> pulses.Pulse:
    """Let your check-ins be kept for you, and counted in weeks of ten people and more."""
    return await pulses.consent(by=viewer)


@mutation(payload("PulseErased", Pulse))
async def withdraw_pulse_consent(viewer: Person) -> pulses.Pulse:
    """Take the consent back, at any time: every check-in is erased at once."""
    return await pulses.withdraw(by=viewer)
