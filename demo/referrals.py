"""Friends: jobs that HR keeps, colleagues who share them, and those who applied."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

from core import clock
from core.identity import sms_codes
from core.identity.codes import keyed
from core.identity.sms_codes import SmsCode
from core.people import Person
from demo.agenda import Act
from demo.threads import HERE, read
from referrals import applications, candidates, links, openings, stages
from referrals.applications import Application
from referrals.candidates import Candidate, Stage
from referrals.links import ShareChannel
from referrals.openings import Draft, Opening, OpeningState
from referrals.stages import Move

HR = "gu"
CODE = "314159"
FIRST_PHONE = 19_800_000_000  # of a prefix that nobody in the company has
FRIEND_HIRED = ("叶知秋", "19800000000")  # the first of the friends, who works here since


def acts(cast: Mapping[str, Person]) -> Iterator[Act]:
    told, now = read(HERE / "referrals.toml"), clock.now()
    for job in told["openings"]:
        yield Act(now - timedelta(days=job["opened"]), partial(_open, job, cast))
        if closed := job.get("closed"):
            yield Act(now - timedelta(days=closed), partial(_close, job["title"], cast[HR]))
    titles = {job["key"]: job["title"] for job in told["openings"]}
    for number, friend in zip(count(FIRST_PHONE), told["friends"]):  # without end
        phone, title = f"+86{number}", titles[friend["opening"]]
        for n, (key, channel) in enumerate(friend["by"]):
            apply = partial(_apply, friend, phone, title, cast[key], ShareChannel(channel))
            yield Act(now - timedelta(days=friend["ago"] - n), apply)
        for move in friend["moves"]:
            yield Act(now - timedelta(days=move["ago"]), partial(_move, move, phone, cast[HR]))


async def _open(job: dict[str, Any], cast: Mapping[str, Person]) -> None:
    extra = job.get("extra")
    draft = Draft(
        title=job["title"],
        site=job["site"],
        team=job["team"],
        about=job["about"].strip(),
        contact=job["contact"],
        language=job["language"],
        pay_from=job["pay"][0],
        pay_to=job["pay"][1],
        hired_points=job["points"][0],
        day_90_points=job["points"][1],
        year_1_points=job["points"][2],
        extra_factor=extra["factor"] if extra else 1,
        extra_until=clock.business_date() + timedelta(days=extra["days"]) if extra else None,
        extra_for=extra["for"] if extra else "",
        insider_ids=[cast[key].id for key in job["insiders"]],
    )
    await openings.create(draft, by=cast[HR], key=uuid4().hex)


async def _close(title: str, by: Person) -> None:
    await openings.move((await Opening.get(title=title)).id, OpeningState.CLOSED, by=by)


async def _apply(
    friend: dict[str, Any], phone: str, title: str, by: Person, channel: ShareChannel
) -> None:
    opening = await Opening.get(title=title)
    link = await links.share(opening.id, channel, by=by, shows_name=True)
    for _ in range(3):
        await links.visited(link.code)
    said = Application(friend["name"], phone, friend["shares"], opening.language)
    await _confirm(phone)
    await applications.apply(link.code, said, sms_code=CODE)


async def _confirm(phone: str) -> None:
    """As if a code had come to a phone that does not exist."""
    key = keyed("applicant", phone)
    kept = {"code": keyed(key, CODE), "tries": 0, "expires_at": clock.now() + sms_codes.LASTS}
    await SmsCode.update_or_create(phone=key, defaults=kept)


async def _move(told: dict[str, Any], phone: str, by: Person) -> None:
    candidate = await Candidate.get(phone_hash=candidates.phone_hash(phone))
    later = told.get("interview")
    days = timedelta(days=told["ago"] + later) if later else None
    move = Move(
        Stage(told["stage"]),
        told.get("reason", ""),
        told.get("next", ""),
        interview_at=clock.now() + days if days else None,
        interview_place=told.get("place", ""),
    )
    await stages.move(candidate.id, move, by=by)
