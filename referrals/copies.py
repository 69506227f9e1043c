"""Copies: everything that is held about a candidate, handed to them from their own page."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import orjson

from core import belongings, clock
from core.belongings import Row
from referrals import resumes
from referrals.candidates import Candidate
from referrals.claims import Referral
from referrals.openings import Opening
from referrals.resumes import NoResume
from referrals.steps import Step

SECRETS = ("phone_hash", "secret", "proof", "resume_name", "link_id", "hired_person_id")
OF_FRIEND = ("state", "claimed_at", "owned_until")


async def made(candidate: Candidate) -> bytes:
    """A zip file with `data.json` and the résumé."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as zip:
        held = orjson.dumps(await _held(candidate), default=str, option=orjson.OPT_INDENT_2)
        zip.writestr("data.json", held)
        try:
            resume = await resumes.opened(candidate)
            zip.writestr(f"resume{resume.suffix}", resume.content)
        except NoResume:
            pass
    return file.getvalue()


async def _held(candidate: Candidate) -> dict[str, Any]:
    opening = await Opening.get(id=candidate.opening_id)
    details = candidate.details
    brought = Referral.filter(candidate_id=candidate.id).order_by("claimed_at")
    taken = Step.filter(candidate_id=candidate.id).order_by("at", "id")
    return {
        "made_at": clock.now(),
        "job": {"title": opening.title, "site": opening.site, "team": opening.team},
        "you": details._asdict() if details else None,
        "application": belongings.plain(candidate, without=SECRETS),
        "steps": [_step(step) for step in await taken],
        "brought_by_friends": [_brought(referral) for referral in await brought],
    }


def _step(step: Step) -> Row:
    """What was done and written about them, without who did it."""
    return belongings.plain(step, without=["by_id"], reason=step.reason, next_step=step.next_step)


def _brought(referral: Referral) -> Row:
    return {name: getattr(referral, name) for name in OF_FRIEND}
