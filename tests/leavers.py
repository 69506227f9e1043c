"""Somebody who has done everything here that leaves a trace, and then leaves."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from community import (
    blocks,
    care_messages,
    carelines,
    listeners,
    memberships,
    mutes,
    posts,
    pulses,
    reactions,
    tag_follows,
    thanks,
    worries,
)
from community.comments import Comment
from community.groups import Group, GroupKind
from community.posts import Post
from community.pulses import Face
from community.reactions import ReactionKind
from community.tags import Tag
from core import clock, erasures, events, exports, pauses, privacy
from core.identity import passwords, sessions
from core.media import avatars
from core.media.uploads import Purpose
from core.messaging import notice_settings
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notice_settings import NoticeChannel
from core.people import Grants, Person, Team
from core.privacy_notice import VERSION
from core.search import words
from core.search.names import PersonWords
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_report,
    a_shift,
    an_upload,
    node,
)

DAY, BUCKET = timedelta(days=1), timedelta(minutes=6)
SENTINEL = {"name": "Zinnia Quillfeather", "number": "SENTINEL-77", "phone": "+8613900007777"}
OWN_WORDS = "marigold"  # what nobody but they were to read


class Life:
    person: Person
    reader: Person
    group: Group
    shelter: Group
    post: Post
    comment: Comment
    vent: Post


async def a_life(**given: str) -> Life:
    told = Life()
    told.group, told.shelter = await a_group(), await a_group(kind=GroupKind.SUPPORT)
    told.person = ann = await a_sentinel(**SENTINEL | given)
    told.reader = ben = await a_member(told.group)
    for group in (told.group, told.shelter):
        await memberships.join(group.id, by=ann)
    await a_crowd(told.shelter)
    await _write(told, ann, ben)
    await _settle(ann, ben)
    await _be_unseen(told, ann)
    await _be_worried_about(told, ann, ben)
    return told


async def a_sentinel(**given: str) -> Person:
    team = await Team.create(department="Care", name=a_key())
    since = clock.business_date() - 400 * DAY
    person = await a_person(team_id=team.id, hired_on=since, **given)
    await words.put(PersonWords, {person.id: person.name})
    await passwords.store(person.id, await passwords.hashed(OWN_WORDS))
    return person


async def _write(told: Life, ann: Person, ben: Person) -> None:
    photo = await an_upload(Purpose.PHOTO, by=ann)
    told.post = await a_post(
        told.group,
        by=ann,
        text="Mine",
        tags=["till"],
        is_question=True,
        photos=[photo.id],
    )
    other = await a_post(told.group, by=ben, is_question=True)
    told.comment = await a_comment(other, by=ann, text="Like this")
    await thanks.thank(told.comment.id, by=ben)
    answer = await a_comment(told.post, by=ben)
    await thanks.thank(answer.id, by=ann)
    await reactions.react(Post, other.id, ReactionKind.LIKE, by=ann)
    await a_report(answer, by=ann)
    gone = await a_post(told.group, by=ann, text=OWN_WORDS)
    await posts.edit(gone.id, f"{OWN_WORDS} again", by=ann)
    await posts.delete(gone.id, by=ann)


async def _settle(ann: Person, ben: Person) -> None:
    for _ in range(2):
        await avatars.put((await an_upload(Purpose.AVATAR, by=ann)).id, by=ann)
    await an_upload(Purpose.PHOTO, by=ann)
    await sessions.open_for(ann, device=f"{ann.name}'s phone")
    await privacy.accept(VERSION, by=ann)
    await notice_settings.choose(NoticeKind.REACTION, NoticeChannel.WEB_PUSH, is_on=True, by=ann)
    await pauses.pause(clock.business_date() + DAY, by=ann)
    await a_shift(ann, clock.now(), clock.now() + DAY / 3)
    await exports.request(by=ann, key=a_key())
    await pulses.consent(by=ann)
    await pulses.check_in(Face.LOW, by=ann, words=OWN_WORDS, key=a_key())
    await blocks.block((await a_person()).id, by=ann)
    await blocks.block(ann.id, by=await a_person())
    await tag_follows.follow((await Tag.get(name="till")).id, by=ann)
    await Person.filter(id=ben.id).update(manager_id=ann.id)


async def _be_unseen(told: Life, ann: Person) -> None:
    await listeners.listen(told.shelter.id, by=ann)
    with clock.set_to(clock.now() - 3 * BUCKET):
        photo = await an_upload(Purpose.PHOTO, by=ann)
        draft = {"text": "Unseen", "anonymous": True, "photos": [photo.id]}
        told.vent = await a_post(told.shelter, by=ann, **draft)
    with clock.set_to(clock.now() - 2 * BUCKET):
        whisper = await a_comment(told.vent, by=await a_member(told.shelter), anonymous=True)
    await mutes.mute_alias(whisper, by=ann)
    await mutes.mute_thread(told.vent, by=ann)
    line = await carelines.open_to(told.vent, by=ann)
    await care_messages.write(line.id, OWN_WORDS, by=ann, key=a_key())


async def _be_worried_about(told: Life, ann: Person, ben: Person) -> None:
    await worries.about_person(ann.id, f"About {ann.name}", by=ben, key=a_key())


async def leave(person: Person, *, days_ago: int = 0) -> None:
    """As the staff file would say it, and all who hear of it have heard."""
    left_on = clock.business_date() - days_ago * DAY
    await Person.filter(id=person.id).update(left_on=left_on)
    await events.record("person.left", person=person.id, left_on=left_on.isoformat())


async def known(wanted: Iterable[Any], ann: Person) -> dict[str, str]:
    """Somebody who has left, and one whom Ann may decide about."""
    if not {"gone", "erasure"} & {*map(str, wanted)}:
        return {}
    await Person.filter(id=ann.id).update(grants=Grants.ADMIN)
    gone, other = [await a_person(left_on=clock.business_date()) for _ in range(2)]
    by = await a_person(grants=Grants.HR)
    erasure = await erasures.ask(other.number, by=by, key=a_key())
    return {"gone": gone.number, "erasure": node("erasure", erasure)}
