import asyncio
from asyncio import get_running_loop
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from uuid import uuid4

import httpx
import pytest

from api import watch, work
from api.composition import SUBSCRIBERS
from community import aliases, memberships, posts
from community.activity import Activity
from community.aliases import Alias
from community.groups import Group, GroupKind
from community.posts import Draft, Post
from core import bus, clock, events, transactions
from core.events import Event
from core.identity import sessions
from core.people import Grants, Person
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_token,
    node,
    operation,
    send,
)
from tests.phones import Phone, beginning, calling
from tests.servers import a_process, serving

pytestmark = pytest.mark.committed


@pytest.fixture
async def server() -> AsyncIterator[str]:
    async with work.going_on(), serving() as address:
        yield address


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0.005)


async def following(phone: Phone, group: Group) -> None:
    """Follow from now on, and be sure that now has begun."""
    others = watch.count()
    await phone.follow(group)
    await until(lambda: watch.count() > others)


async def test_a_post_appears_live(server):
    group = await a_group()
    ann, bob = await a_member(group, name="Ann"), await a_member(group)
    async with calling(server, bob) as phone:
        await following(phone, group)
        draft = {"text": "Coffee is out", "tags": ["coffee"]}
        created = await send(
            "CreatePost", by=ann, group=node("group", group), draft=draft, key=a_key()
        )

        news = await phone.news()

    id = created["post"]["id"]
    assert (news["what"], news["postId"], news["commentId"]) == ("POST_CREATED", id, None)
    assert (news["post"]["id"], news["post"]["text"]) == (id, "Coffee is out")
    assert news["post"]["author"]["name"] == "Ann"
    assert news["comment"] is None


async def test_what_happened_is_told_and_what_is_gone_is_null(server):
    group = await a_group()
    bob = await a_member(group)
    post = await a_post(group, by=bob)
    comment = await a_comment(post)
    async with calling(server, bob) as phone:
        await phone.follow(group, after=beginning(group))
        created, added = await phone.news(), await phone.news()
        await posts.delete(post.id, by=bob)
        deleted = await phone.news()

    assert created["what"] == "POST_CREATED"
    assert added["what"] == "COMMENT_CREATED"
    assert added["comment"]["id"] == added["commentId"] == node("comment", comment)
    assert added["post"]["commentCount"] == 1
    assert (deleted["what"], deleted["postId"]) == ("POST_DELETED", node("post", post))
    assert deleted["post"] is None


@pytest.mark.parametrize(("pieces", "cost"), [(1, 9), (2, 13), (3, 17)])
async def test_each_piece_of_news_costs_as_many_statements_as_the_last(statements, pieces, cost):
    group = await a_group()
    ann = await a_member(group)
    for _ in range(pieces):
        await a_post(group)
    await events.deliver(SUBSCRIBERS)
    async with serving() as server, calling(server, ann) as phone:
        statements()
        await phone.follow(group, after=beginning(group))
        for _ in range(pieces):
            await phone.news()

        assert len(statements()) == cost


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("nobody", ("SIGN_IN_FIRST", "UNAUTHENTICATED")),
        ("outsider", ("NOT_MEMBER", "FORBIDDEN")),
        ("elsewhere", ("GROUP_NOT_FOUND", "NOT_FOUND")),
        ("other group's cursor", ("BAD_CURSOR", "INVALID")),
        ("no cursor", ("BAD_CURSOR", "INVALID")),
        ("forgotten", ("CURSOR_TOO_OLD", "CONFLICT")),
    ],
)
async def test_who_may_not_follow_is_told_why(who, refusal):
    group = await a_group()
    ann, post = await a_member(group), await a_post(group)
    await events.deliver(SUBSCRIBERS)
    await Activity.filter(post_id=post.id).delete()
    caller = await a_person() if who == "outsider" else ann
    after = {
        "other group's cursor": beginning(await a_group()),
        "no cursor": "yesterday",
        "forgotten": beginning(group),
    }
    token = "none" if who == "nobody" else None
    async with serving() as server, calling(server, caller, token) as phone:
        await phone.follow(Group(id=uuid4()) if who == "elsewhere" else group, after=after.get(who))

        assert await phone.refusal() == refusal


async def sign_out(person: Person, group: Group) -> None:
    await sessions.sign_out_everywhere(person, by=person)


async def leave_the_company(person: Person, group: Group) -> None:
    await Person.filter(id=person.id).update(left_on=clock.business_date())


async def leave_the_group(person: Person, group: Group) -> None:
    await memberships.leave(group.id, by=person)


async def come_to_hr(person: Person, group: Group) -> None:
    await Group.filter(id=group.id).update(excludes_hr=True)
    await Person.filter(id=person.id).update(grants=Grants.HR)


SIGNED_OUT = ("SIGN_IN_FIRST", "UNAUTHENTICATED")
OUTSIDE = ("NOT_MEMBER", "FORBIDDEN")


@pytest.mark.parametrize(
    ("end", "refusal"),
    [
        (sign_out, SIGNED_OUT),
        (leave_the_company, SIGNED_OUT),
        (leave_the_group, OUTSIDE),
        (come_to_hr, OUTSIDE),
    ],
)
async def test_a_stream_ends_within_a_second_of_what_it_rests_on(server, end, refusal):
    group = await a_group()
    ann, bob = await a_member(group), await a_member(group)
    async with calling(server, ann) as anns, calling(server, bob) as bobs:
        await following(anns, group)
        await following(bobs, group)

        await end(ann, group)
        ended = get_running_loop().time()
        assert await anns.refusal() == refusal
        assert get_running_loop().time() - ended < 1

        await a_post(group)
        assert (await bobs.news())["what"] == "POST_CREATED"
        assert watch.count() == 1


async def test_a_signed_out_phone_gets_nothing_more_of_what_it_missed(server):
    group = await a_group()
    ann = await a_member(group)
    token = await a_token(ann)
    async with calling(server, ann, token) as phone:
        await sign_out(ann, group)
        await a_post(group)
        await phone.follow(group, after=beginning(group))

        assert await phone.refusal() == SIGNED_OUT


async def test_who_hangs_up_leaves_nothing_behind(server):
    group = await a_group()
    ann = await a_member(group)
    async with calling(server, ann) as phone:
        for _ in range(10):
            await following(phone, group)
        assert bus.current().listeners.topics == [group.id]
        phone.wire.transport.abort()

    await until(lambda: watch.count() == 0)
    assert bus.current().listeners.topics == []


async def test_who_comes_back_again_and_again_sees_everything_once_and_in_order(server):
    group, chance = await a_group(), Random(1)  # noqa: S311  # the same on every run
    ann, writers = await a_member(group), [await a_member(group) for _ in range(4)]
    seen = [beginning(group)]

    async def write(by: Person) -> None:
        for n in range(50):
            await posts.create(group.id, Draft(f"Post {n}"), by=by, key=a_key())

    async def look_in() -> None:
        async with calling(server, ann) as phone:
            await phone.follow(group, after=seen[-1])
            glimpses = min(chance.randint(0, 20), 201 - len(seen))
            seen.extend([(await phone.news())["cursor"] for _ in range(glimpses)])
            if chance.random() < 0.5:
                phone.wire.transport.abort()

    async def come_back() -> int:
        visits = 0
        while len(seen) < 201:
            await look_in()
            visits += 1
        return visits

    visits, *_ = await asyncio.gather(come_back(), *map(write, writers))

    told = await Activity.filter(group_id=group.id).order_by("seq")
    assert [row.seq for row in told] == [*range(1, 201)]
    assert seen[1:] == [row.cursor for row in told]
    assert visits > 10


async def test_news_that_no_message_told_of_is_found_all_the_same():
    group = await a_group()
    post = await a_post(group)
    async with serving() as server, calling(server, await a_member(group)) as phone:
        await following(phone, group)
        await Group.filter(id=group.id).update(activity_seq=1)
        told = {"what": "POST_CREATED", "post_id": post.id, "written_at": clock.now()}
        await Activity.create(event_id=uuid4(), group_id=group.id, seq=1, **told)

        await watch.look_for_news()

        assert (await phone.news())["postId"] == node("post", post)


async def test_two_servers_tell_each_other_through_redis(database_url, redis_url):
    group = await a_group()
    ann, bob = await a_member(group), await a_member(group)
    chosen = {"database": database_url, "redis": redis_url}
    async with (
        a_process(**chosen) as one,
        a_process(**chosen) as other,
        calling(one, ann) as anns,
        calling(other, bob) as bobs,
    ):
        await anns.follow(group, after=beginning(group))
        await bobs.follow(group, after=beginning(group))
        for _ in range(5):
            began = get_running_loop().time()
            id = await create_post(one, group, by=ann)
            assert (await anns.news())["postId"] == (await bobs.news())["postId"] == id
            assert get_running_loop().time() - began < watch.SELDOM / 2


async def test_a_server_starts_writes_and_tells_its_own_phones_while_redis_is_away(database_url):
    group = await a_group()
    ann = await a_member(group)
    nowhere = "redis://127.0.0.1:1"
    async with (
        a_process(database=database_url, redis=nowhere) as server,
        calling(server, ann) as phone,
    ):
        await phone.follow(group, after=beginning(group))
        id = await create_post(server, group, by=ann)

        assert (await phone.news())["postId"] == id


async def create_post(server: str, group: Group, *, by: Person) -> str:
    document, name = operation("CreatePost")
    variables = {"group": node("group", group), "draft": {"text": "News"}, "key": a_key()}
    async with httpx.AsyncClient(base_url=f"http://{server}", trust_env=False, timeout=10) as http:
        answer = await http.post(
            "/graphql",
            json={"query": document, "operationName": name, "variables": variables},
            headers={"authorization": f"Bearer {await a_token(by)}"},
        )
    return answer.json()["data"]["createPost"]["post"]["id"]


async def test_who_cancels_500_mutations_hangs_nobody(server):
    group, chance = await a_group(), Random(1)  # noqa: S311  # the same on every run
    ann, bob = await a_member(group), await a_member(group)
    document, _ = operation("CreatePost")
    async with calling(server, ann) as phone:
        for n in range(500):
            given = {"group": node("group", group), "draft": {"text": f"No {n}"}, "key": a_key()}
            id = await phone.ask(document, **given)
            if chance.random() < 0.5:
                await asyncio.sleep(chance.random() / 200)  # so that it is cut off anywhere
            await phone.send(type="complete", id=id)
        begun = get_running_loop().time()
        await create_post(server, group, by=bob)
        assert get_running_loop().time() - begun < 5

    await transactions.drain()
    written = await Post.filter(author_id=ann.id).count()
    assert await Event.filter(name="post.created", actor_id=ann.id).count() == written
    assert 0 < written <= 500


async def test_an_anonymous_post_arrives_when_its_bucket_closes_and_says_nothing_of_its_author():
    group = await a_group(kind=GroupKind.SUPPORT)
    [ann, bob, *_] = await a_crowd(group)
    with clock.set_to(clock.now() - timedelta(days=1)):
        post = await a_post(group, by=ann, text="Shouted at again", anonymous=True)
    async with serving() as server, calling(server, bob) as phone:
        await following(phone, group)
        with clock.set_to(post.published_at - timedelta(microseconds=1)):
            assert await events.deliver(SUBSCRIBERS) == 0
            assert await Activity.all().count() == 0
        with clock.set_to(post.published_at):
            assert await events.deliver(SUBSCRIBERS) == 1

        news = await phone.news()

    [row] = await Activity.all()
    [name] = await aliases.shown([Alias(post.alias)], language="en")
    assert news == {
        "cursor": row.cursor,
        "what": "POST_CREATED",
        "postId": node("post", post),
        "commentId": None,
        "post": {
            "id": node("post", post),
            "text": "Shouted at again",
            "isQuestion": False,
            "isAnswered": False,
            "isEdited": False,
            "publishedAt": post.published_at.isoformat(),
            "likeCount": 0,
            "hugCount": 0,
            "sameHereCount": 0,
            "commentCount": 0,
            "viewerReactions": [],
            "viewerIsAuthor": False,
            "author": {"__typename": "Alias", "name": name},
            "tags": [],
            "photos": [],
        },
        "comment": None,
    }
