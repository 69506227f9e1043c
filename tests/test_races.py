"""People who act at the same moment: each hears what came of it, and every figure stays right."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest

from api.composition import SUBSCRIBERS
from community import comments, memberships, posts, reactions, thanks
from community.aliases import TakenAlias
from community.comments import Comment
from community.groups import GroupKind, JoinPolicy
from community.memberships import Membership
from community.posts import Draft, Post
from community.reactions import ReactionKind
from community.revisions import Revision
from community.seals import Seal
from core import clock, events
from core.errors import Refused
from core.events import Event
from core.identity import sessions
from core.media import avatars, storage
from core.media.images import Image
from core.media.uploads import Upload
from core.messaging import addresses
from core.messaging.addresses import Address
from core.people import Grants, Person
from gamify import points, rules
from tests.api.test_uploads import put, requested, uploaded
from tests.browsers import Browser
from tests.core.makers import chosen
from tests.integrity import findings
from tests.makers import a_comment, a_crowd, a_group, a_key, a_member, a_person, a_picture, a_post
from tests.receivers import PUSH

pytestmark = pytest.mark.committed


async def at_once(*calls: Awaitable[Any]) -> Counter[str]:
    """How the calls ended: by the name of what each gave, or of its refusal."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    faults = [r for r in results if isinstance(r, BaseException) and not isinstance(r, Refused)]
    assert not faults
    return Counter(type(result).__name__ for result in results)


def bare(id: str) -> UUID:
    return UUID(hex=id.partition("_")[2])


async def pending(person: Person) -> int:
    [balance] = await points.balances([person.id])
    return balance.pending


async def delivered() -> None:
    """Everything that happened, what was tried in vain included."""
    with clock.set_to(clock.now() + timedelta(hours=1)):
        while await events.deliver(SUBSCRIBERS):
            pass


async def told(name: str) -> int:
    return await Event.filter(name=name).count()


@pytest.mark.parametrize("policy", JoinPolicy)
async def test_who_comes_and_goes_at_once_is_counted_once(policy):
    group = await a_group(join_policy=policy)
    host = await a_person(grants=Grants.MODERATOR)
    await Membership.create(**vars_of(group, host), standing="MEMBER")
    await group.filter(id=group.id).update(member_count=1)
    guests = [await a_person() for _ in range(15)]
    for guest in guests[::2]:
        await memberships.invite(group.id, guest, by=host)

    moves = (memberships.join, memberships.leave) * 2
    await at_once(
        *(move(group.id, by=guest) for guest in guests for move in moves),
        *(memberships.decide(group.id, guest, admit=True, by=host) for guest in guests),
    )

    assert await findings() == []


def vars_of(group: Any, person: Person) -> dict[str, Any]:
    now = {"read_to": clock.now(), "seen_on": clock.business_date()}
    return {"group_id": group.id, "person_id": person.id} | now


async def test_every_text_that_was_edited_at_once_is_kept():
    ann = await a_member(group := await a_group())
    post = await a_post(group, by=ann, text="At first")
    answer = await a_comment(post, text="At first")
    writer = await Person.get(id=answer.author_id)
    texts = [f"Version {n}" for n in range(6)]

    edits = [posts.edit(post.id, text, by=ann) for text in texts]
    assert await at_once(*edits) == {"Post": 6}
    edits = [comments.edit(answer.id, text, by=writer) for text in texts]
    assert await at_once(*edits) == {"Comment": 6}

    for row in (await Post.get(id=post.id), await Comment.get(id=answer.id)):
        before = await Revision.filter(subject_id=row.id).values_list("text", flat=True)
        assert sorted([*before, row.text]) == ["At first", *texts]


async def test_an_edit_that_changes_nothing_is_not_told():
    ann = await a_member(group := await a_group())
    post = await a_post(group, by=ann, text="The same")
    edited = await posts.edit(post.id, "The same ", by=ann)
    assert (edited.is_edited, await told("post.edited"), await Revision.exists()) == (
        False,
        0,
        False,
    )


async def test_what_is_deleted_at_once_is_deleted_once():
    ann = await a_member(group := await a_group())
    post = await a_post(group, by=ann)
    answer = await a_comment(post, by=ann)

    outcome = await at_once(*(comments.delete(answer.id, by=ann) for _ in range(6)))
    assert outcome.keys() <= {"Comment", "CommentNotFound"}
    outcome = await at_once(*(posts.delete(post.id, by=ann) for _ in range(6)))
    assert outcome.keys() <= {"Post", "PostNotFound"}

    assert (await told("comment.deleted"), await told("post.deleted")) == (1, 1)
    assert await findings() == []


async def test_answers_accepted_taken_back_and_deleted_at_once_leave_one_date():
    group = await a_group()
    ann, ben, *others = [await a_member(group) for _ in range(5)]
    for _ in range(5):
        post = await a_post(group, by=ann, is_question=True)
        answers = [(await a_comment(post, by=ben)).id for _ in range(6)]
        await at_once(
            *(thanks.thank(id, by=ann) for id in answers),
            *(
                thanks.thank(id, by=other)
                for id, other in zip(answers, cycle(others), strict=False)
            ),
            *(comments.delete(id, by=ben) for id in answers[:2]),
            *(thanks.take_back(id, by=ann) for id in answers[1:4]),
        )
    assert await findings() == []


async def test_the_one_who_answered_is_paid_for_what_stands_in_the_end():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    answer = (await a_comment(await a_post(group, by=ann, is_question=True), by=ben)).id

    await rules.ship()

    moves = (thanks.thank, thanks.take_back) * 6
    await at_once(*(move(answer, by=ann) for move in moves), events.deliver(SUBSCRIBERS))
    await delivered()

    assert await findings() == []
    stands = (await Comment.get(id=answer)).is_accepted
    assert await pending(ben) == (10 if stands else 0)


async def test_colleagues_answer_while_the_post_is_deleted():
    group = await a_group()
    ann, *colleagues = [await a_member(group) for _ in range(9)]
    post = await a_post(group, by=ann)

    outcome = await at_once(
        *(comments.add(post.id, "Yes", by=one, key=a_key()) for one in colleagues),
        posts.delete(post.id, by=ann),
        *(reactions.react(Post, post.id, ReactionKind.HUG, by=one) for one in colleagues),
    )

    assert outcome.keys() <= {"Comment", "Post", "PostNotFound"}
    assert await findings() == []


async def test_reactions_come_and_go_at_once():
    group = await a_group()
    post = await a_post(group)
    people = [await a_member(group) for _ in range(5)]
    moves = (reactions.react, reactions.take_back) * 3
    like = ReactionKind.LIKE
    await at_once(*(move(Post, post.id, like, by=one) for one in people for move in moves))
    assert await findings() == []


async def test_who_writes_much_at_once_in_a_thread_has_one_alias():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, *_ = await a_crowd(group)
    post = await a_post(group, by=ann)

    added = [
        comments.add(post.id, "So tired", by=ann, key=a_key(), anonymous=True) for _ in range(8)
    ]
    assert await at_once(*added) == {"Comment": 8}

    bylines = set(await Comment.all().values_list("author_id", "handle", "alias"))
    assert len(bylines) == await TakenAlias.all().count() == await Seal.all().count() == 1


async def test_a_device_is_registered_many_times_at_once_by_whoever_holds_it():
    phones = [(await sessions.open_for(await a_person(), device="test")).session for _ in range(2)]
    subscription = Browser("https://push.example/1").subscription
    with chosen(**PUSH):
        for holders in (phones[:1] * 6, phones * 3):
            calls = [addresses.register(one, subscription, language="en") for one in holders]
            assert await at_once(*calls) == {"Session": 6}
    assert await Address.all().count() == 1


async def test_an_upload_is_shown_in_one_place_however_often_it_is_used_at_once():
    group = await a_group()
    ann = await a_member(group)
    photo, avatar = [await Upload.get(id=bare(await uploaded(ann, kind))) for kind in KINDS]

    draft = Draft("Look", photos=[photo.id])
    outcome = await at_once(*(posts.create(group.id, draft, by=ann, key=a_key()) for _ in range(6)))
    assert outcome == {"Post": 1, "UploadNotFound": 5}
    outcome = await at_once(*(avatars.put(avatar.id, by=ann) for _ in range(6)))
    assert outcome == {"Person": 1, "UploadNotFound": 5}

    assert await Image.all().count() == 2


async def test_of_faces_that_are_put_at_once_one_is_left():
    ann = await a_person()
    uploads = [await Upload.get(id=bare(await uploaded(ann, "AVATAR"))) for _ in range(4)]
    outcome = await at_once(*(avatars.put(upload.id, by=ann) for upload in uploads))
    assert outcome == {"Person": 4}
    [shown] = await Image.all()
    assert (await Person.get(id=ann.id)).avatar_id == shown.id


KINDS = ("PHOTO", "AVATAR")


async def test_a_picture_sent_again_while_a_post_takes_it_is_there():
    group = await a_group()
    ann = await a_member(group)
    for _ in range(5):
        upload = await requested(ann)
        await put(upload["url"], a_picture())
        draft = Draft("Look", photos=[bare(upload["id"])])
        creation = posts.create(group.id, draft, by=ann, key=a_key())
        await asyncio.gather(
            put(upload["url"], a_picture(80, 60)), creation, return_exceptions=True
        )

    kept = {one.name async for one in storage.current().everything()}
    for image in await Image.all():
        assert {image.full_name, image.thumb_name} <= kept


async def test_who_leaves_the_company_in_the_middle_of_things_leaves_no_trace_in_counts():
    groups = [await a_group() for _ in range(4)]
    ann = await a_person()
    for group in groups[:2]:
        await memberships.join(group.id, by=ann)
    await Person.filter(id=ann.id).update(left_on=clock.business_date())
    event = await events.record("person.left", person=ann.id)

    await at_once(
        *(memberships.leave(group.id, by=ann) for group in groups),
        memberships.end(event),
        memberships.end(event),
    )

    assert await findings() == []
    assert not await Membership.filter(person_id=ann.id).exists()
