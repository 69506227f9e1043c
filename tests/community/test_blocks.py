import asyncio

import pytest

from api.composition import SUBSCRIBERS
from community import blocks, thanks
from community.blocks import Block
from community.groups import GroupKind
from core import clock, events
from core.messaging.notices import Notice
from core.messaging.sealed_news import SealedNews
from core.search import words
from core.search.names import PersonWords
from tests.community.test_mutes import a_past_comment, a_past_post, delivered
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_member,
    a_person,
    a_post,
    ask,
    node,
    send,
)

READ = """
    query ($post: ID!, $comment: ID!, $person: ID!, $text: String!, $group: ID!) {
      feed { edges { node { text comments { edges { node { text } } } } } }
      post(id: $post) { text }
      node(id: $comment) { id }
      person(id: $person) { posts { edges { node { text } } } }
      search(text: $text) {
        people { edges { node { name } } } posts { edges { node { text } } }
      }
      group(id: $group) { viewerUnreadCount }
    }
"""


async def blocked(person, *, by):
    return await send("BlockPerson", by=by, person=node("person", person))


async def read(by, group, theirs, comment, author):
    ids = {"post": theirs, "comment": comment, "person": author, "group": group}
    given = {name: node(name, row) for name, row in ids.items()}
    answer = await ask(READ, by=by, text=author.name, **given)
    assert "errors" not in answer, answer
    return answer["data"]


def texts(connection):
    return [edge["node"]["text"] for edge in connection["edges"]]


async def test_of_whom_one_has_blocked_one_sees_nothing_that_has_their_name():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group, name="Benedict Quill")
    await words.put(PersonWords, {ben.id: ben.name})
    own = await a_post(group, by=ann)
    theirs = await a_post(group, by=ben, text="Of Benedict Quill")
    comment = await a_comment(own, by=ben)

    before = await read(ann, group, theirs, comment, ben)
    await blocked(ben, by=ann)
    after = await read(ann, group, theirs, comment, ben)

    assert texts(before["feed"]) == [theirs.text, own.text]
    assert texts(after["feed"]) == [own.text]
    assert texts(after["feed"]["edges"][0]["node"]["comments"]) == []
    assert (after["post"], after["node"]) == (None, None)
    assert texts(before["person"]["posts"]) == [theirs.text]
    assert texts(after["person"]["posts"]) == []
    assert len(before["search"]["people"]["edges"]) == len(before["search"]["posts"]["edges"]) == 1
    assert after["search"] == {"people": {"edges": []}, "posts": {"edges": []}}
    assert before["group"]["viewerUnreadCount"] - after["group"]["viewerUnreadCount"] == 1


async def test_who_is_blocked_sees_no_difference():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    own = await a_post(group, by=ann)
    comment = await a_comment(own, by=ann)
    before = await read(ben, group, own, comment, ann)
    await blocked(ben, by=ann)
    assert await read(ben, group, own, comment, ann) == before
    assert before["post"] == {"text": own.text}


async def test_blocking_one_colleague_after_the_other_finds_no_anonymous_author():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, ben, *crowd = await a_crowd(group, 12)
    post = await a_post(group, by=ben, anonymous=True)
    comment = await a_comment(post, by=ben, anonymous=True)
    with clock.set_to(comment.published_at):
        before = await send("Feed", by=ann)
        for colleague in (ben, *crowd):
            await blocked(colleague, by=ann)
            assert await send("Feed", by=ann) == before
        same = await send("Post", by=ann, id=node("post", post))
    assert len(same["comments"]["edges"]) == 1
    [edge] = before["edges"]
    assert edge["node"]["author"]["__typename"] == "Alias"


async def test_nobody_blocked_is_told_of():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    post = await a_post(group, by=ann, is_question=True)
    own = await a_comment(await a_post(group), by=ann)
    await blocked(ben, by=ann)
    await a_comment(post, by=ben)
    await thanks.thank(own.id, by=ben)
    while await events.deliver(SUBSCRIBERS):
        pass
    assert not await Notice.filter(person_id=ann.id).exists()


async def test_whom_one_has_blocked_one_can_list_and_unblock():
    ann = await a_person()
    people = [await a_person(name=name) for name in ("Zoe", "Ben", "Cleo")]
    for person in (*people, people[0]):
        assert (await blocked(person, by=ann))["person"]["name"] == person.name
    first = (await send("BlockedPeople", by=ann, first=2))["blockedPeople"]
    assert [edge["node"]["name"] for edge in first["edges"]] == ["Ben", "Cleo"]
    after = first["pageInfo"]["endCursor"]
    rest = (await send("BlockedPeople", by=ann, after=after))["blockedPeople"]
    assert [edge["node"]["name"] for edge in rest["edges"]] == ["Zoe"]

    for _ in range(2):
        data = await send("UnblockPerson", by=ann, person=node("person", people[0]))
        assert data["person"]["name"] == "Zoe"
    assert await Block.all().count() == 2
    nobody = (await send("BlockedPeople", by=people[1]))["blockedPeople"]
    assert nobody["edges"] == []


async def test_nobody_blocks_themselves_or_who_is_not_there():
    ann, gone = await a_person(), await a_person(left_on=clock.business_date())
    assert (await blocked(ann, by=ann))["code"] == "OWN_SELF"
    assert (await blocked(gone, by=ann))["code"] == "PERSON_NOT_FOUND"
    assert not await Block.exists()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_blocking_at_once_is_one_block():
    ann, ben = await a_person(), await a_person()
    await asyncio.gather(*(blocks.block(ben.id, by=ann) for _ in range(5)))
    assert await Block.all().count() == 1


async def test_what_waits_sealed_does_not_tell_that_its_author_has_blocked_or_is_who_answered():
    group = await a_group(kind=GroupKind.SUPPORT)
    ann, ben, cai, *_ = await a_crowd(group, 11)
    posts = [await a_past_post(group, by=ann, anonymous=True) for _ in range(3)]
    await blocks.block(ben.id, by=ann)
    for post, by in zip(posts, (ben, ann, cai), strict=True):
        await a_past_comment(post, by=by)
    while await events.deliver(SUBSCRIBERS):
        pass
    waiting = await SealedNews.all()
    assert len({len(one.sealed) for one in waiting}) == 1
    assert len(waiting) == 3
    await delivered()
    assert not await SealedNews.exists()
    [notice] = await Notice.all()
    assert (notice.person_id, notice.subject_id) == (ann.id, node("post", posts[2]))
