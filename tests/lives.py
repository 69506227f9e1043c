"""A life: Ann with what surrounds her, for whatever a phone may ask for."""

from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from community import (
    appeals,
    breakglass,
    care_messages,
    carelines,
    listeners,
    memberships,
    mutes,
    pulses,
    synonyms,
    tag_follows,
    verdicts,
)
from community.breakglass import Grounds
from community.groups import Group, GroupKind
from community.moderation_cases import ReportReason, Verdict
from community.posts import Post
from community.subjects import SubjectKind
from community.synonyms import SynonymOfItself
from community.tags import Tag
from community.verdicts import Decision
from core import clock, exports
from core.identity import passwords
from core.media.uploads import Purpose
from core.people import Grants, Person
from tests import (
    bringing,
    counselling,
    expertise,
    hiring,
    honours,
    leavers,
    noticeboard,
    rulebook,
    shopping,
    standings,
)
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_report,
    an_upload,
    node,
)

PASSWORD = "tea at a quarter past"  # noqa: S105  # of nobody
MUCH = Grants.MODERATOR | Grants.COUNSELLOR


class Life(NamedTuple):
    """Many may ask in the same one, each in a savepoint of their own."""

    ann: UUID
    ben: UUID
    group: UUID
    shelter: UUID
    known: dict[str, str]
    """ids by the names that variables have for them"""

    async def asks(self, variables: dict[str, Any]) -> tuple[Person, dict[str, Any]]:
        """Ann, and the variables with the ids of what is there in place of their names."""
        ann, ben = await Person.get(id=self.ann), await Person.get(id=self.ben)
        group, shelter = await Group.get(id=self.group), await Group.get(id=self.shelter)
        wanted = {*map(str, variables.values())}
        known = self.known | {
            "key": a_key(),
            "tomorrow": (clock.business_date() + timedelta(days=1)).isoformat(),
            "number": ann.number,
            "password": PASSWORD,
            **await whispered(ann, shelter, wanted),
        }
        for purpose in {"photo", "avatar"} & wanted:
            known[purpose] = node("upload", await an_upload(Purpose(purpose.upper()), by=ann))
        if "face" in variables:
            await pulses.consent(by=ann)
        if "password" in variables:
            await passwords.store(ann.id, await passwords.hashed(PASSWORD))
        known |= await counselling.known(wanted, ann)
        known |= await expertise.known(wanted, ann, group)
        known |= await noticeboard.known(wanted, ann, group)
        known |= await standings.known(wanted, ann)
        known |= await shopping.known(wanted, ann)
        known |= await hiring.known(wanted, ann)
        known |= await leavers.known(wanted, ann)
        known |= await honours.known(wanted, ann, ben)
        known |= await rulebook.known(wanted, ann)
        known |= await bringing.known(wanted, ann)
        return ann, {name: known.get(str(value), value) for name, value in variables.items()}


async def a_life() -> Life:
    group, shelter = await a_group(), await a_group(kind=GroupKind.SUPPORT)
    ann, ben = await a_member(group, grants=MUCH), await a_member(group)
    await memberships.join(shelter.id, by=ann)
    await listeners.listen(shelter.id, by=ann)
    await a_crowd(shelter)
    vents = await past_vents(shelter, ann)
    post = await a_post(group, by=ann, is_question=True, tags=["refund", "night"])
    await tag_follows.follow((await Tag.get(name="night")).id, by=ann)
    with suppress(SynonymOfItself):  # of another life in the same database
        await synonyms.add((await Tag.get(name="refund")).id, "bring back", by=ann)
    other = await a_member(shelter, grants=Grants.COUNSELLOR)
    line, _ = [await carelines.open_to(vent, by=other) for vent in vents]
    await care_messages.write(line.id, "How are you?", by=ann, key=a_key())
    worried, asks = Grounds("She said farewell"), breakglass.ask
    agreed, undecided = [await asks(vents[0], worried, by=by, key=a_key()) for by in (ann, other)]
    await breakglass.decide(agreed.id, agreed=True, note="Yes", by=other)
    known = {
        "vent": node("post", vents[0]),
        "line": node("careline", line),
        "agreed": node("breakglassrequest", agreed),
        "undecided": node("breakglassrequest", undecided),
        "group": node("group", group),
        "shelter": node("group", shelter),
        "other": node("group", await a_group()),
        "post": node("post", post),
        "answer": node("comment", await a_comment(post, by=ben)),
        "ben": node("person", ben),
        "own": node("comment", await a_comment(post, by=ann)),
        **await moderated(group, ann),
        "tag": node("tag", await Tag.get(name="refund")),
    }
    await exports.request(by=ann, key=a_key())
    return Life(ann.id, ben.id, group.id, shelter.id, known)


async def past_vents(shelter: Group, ann: Person) -> list[Post]:
    """Anonymous posts that have appeared: somebody's, and Ann's own."""
    with clock.set_to(clock.now() - timedelta(minutes=6)):
        return [await a_post(shelter, by=by, anonymous=True) for by in (None, ann)]


async def whispered(ann: Person, shelter: Group, wanted: set[str]) -> dict[str, str]:
    """An anonymous comment that has appeared, or a thread that Ann has muted, with its alias."""
    if not {"whisper", "muted"} & wanted:
        return {}
    with clock.set_to(clock.now() - timedelta(minutes=12)):
        post = await a_post(shelter, by=ann)
    with clock.set_to(clock.now() - timedelta(minutes=6)):
        comment = await a_comment(post, by=await a_member(shelter), anonymous=True)
    if "muted" in wanted:
        await mutes.mute_thread(post, by=ann)
        await mutes.mute_alias(comment, by=ann)
    return {"whisper": node("comment", comment), "muted": node("post", post)}


async def moderated(group: Group, ann: Person) -> dict[str, str]:
    """A case that Ann may decide, an appeal, too, and a post of hers that was removed."""
    other, own = await a_post(group, by=await a_member(group)), await a_post(group, by=ann)
    moderator = await a_person(grants=Grants.MODERATOR)
    removed = Decision(Verdict.REMOVED, ReportReason.SPAM)
    for row in (other, own):
        await verdicts.decide((await a_report(row)).case_id, removed, by=moderator)
    author = await Person.get(id=other.author_id)
    appeal = await appeals.appeal(SubjectKind.POST, other.id, "No", by=author, key=a_key())
    case = (await a_report(await a_post(group))).case_id
    return {
        "case": f"moderationcase_{case.hex}",
        "appeal": node("appeal", appeal),
        "removed": node("post", own),
    }
