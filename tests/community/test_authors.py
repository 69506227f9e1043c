from datetime import timedelta

import pytest
from tortoise import Tortoise

from community import comments, memberships, posts
from community.aliases import TakenAlias
from community.comments import Comment
from community.groups import GroupKind
from community.posts import Draft, Post
from community.seals import Seal
from core import clock
from core.events import Event
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_post,
    ask,
    node,
    send,
)

LATER = timedelta(minutes=6)


@pytest.fixture
async def shelter():
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


async def rows_with(needle: str) -> list[str]:
    """The tables in which any value contains the needle."""
    return [
        model._meta.db_table  # noqa: SLF001  # Tortoise's own name for it
        for model in Tortoise.apps["models"].values()
        for row in await model.all().values()
        if needle in " ".join(map(str, row.values()))
    ]


async def test_an_anonymous_post_carries_no_author_on_any_row(shelter):
    ann = await a_member(shelter)
    before = set(await rows_with(str(ann.id)))

    post = await a_post(shelter, by=ann, anonymous=True)
    await a_comment(post, by=ann, anonymous=True)

    assert set(await rows_with(str(ann.id))) == before == {"membership", "person"}
    assert post.author_id is None
    assert len(post.handle) == 64
    event = await Event.get(name="post.created")
    assert (event.actor_id, event.handle) == (None, post.handle)
    assert event.due_at == post.published_at


async def test_author_and_comments_of_one_thread_share_an_alias_that_is_unique_in_it(shelter):
    ann, ben = await a_member(shelter), await a_member(shelter)
    now = clock.now()
    with clock.set_to(now - LATER):
        post = await a_post(shelter, by=ann, anonymous=True)
    mine = await a_comment(post, by=ann, anonymous=True)
    his = await a_comment(post, by=ben, anonymous=True)

    assert post.alias == mine.alias
    assert post.handle == mine.handle
    assert his.alias != post.alias
    assert his.handle != post.handle


async def test_the_same_person_is_somebody_else_in_another_thread(shelter):
    ann = await a_member(shelter)
    one = await a_post(shelter, by=ann, anonymous=True)
    other = await a_post(shelter, by=ann, anonymous=True)
    assert one.handle != other.handle
    seals = await Seal.all()
    assert len({seal.sealed for seal in seals}) == 2


async def test_one_edits_and_deletes_what_one_wrote_anonymously_and_nobody_else_does(shelter):
    ann, ben = await a_member(shelter), await a_member(shelter)
    with clock.set_to(clock.now() - LATER):
        post = await a_post(shelter, by=ann, anonymous=True)
    id = node("post", post)

    seen = await send("Post", by=ben, id=id)
    own = await send("Post", by=ann, id=id)
    assert (seen["viewerIsAuthor"], own["viewerIsAuthor"]) == (False, True)
    assert seen["author"] == own["author"]
    assert seen["author"]["__typename"] == "Alias"

    assert (await send("EditPost", by=ben, post=id, text="x"))["code"] == "NOT_AUTHOR"
    assert (await send("React", by=ann, subject=id, kind="HUG"))["code"] == "OWN_WORDS"
    assert (await send("EditPost", by=ann, post=id, text="Better"))["post"]["text"] == "Better"
    assert (await send("DeletePost", by=ann, post=id)) == {"postId": id}


async def test_an_alias_is_read_in_the_readers_language(shelter):
    ann = await a_member(shelter)
    with clock.set_to(clock.now() - LATER):
        post = await a_post(shelter, by=ann, anonymous=True)
    await Post.filter(id=post.id).update(alias="quiet otter")
    document = "query ($id: ID!) { post(id: $id) { author { ... on Alias { name } } } }"

    names = [
        (await ask(document, by=ann, language=language, id=node("post", post)))["data"]
        for language in ("en", "zh-CN", "zh-TW")
    ]

    assert [name["post"]["author"]["name"] for name in names] == [
        "Quiet Otter",
        "安静的水獭",
        "安靜的水獺",
    ]


async def test_among_fewer_than_ten_active_members_nobody_is_promised_to_stay_anonymous():
    group = await a_group(kind=GroupKind.SUPPORT)
    people = await a_crowd(group, 9)
    draft = {"text": "Help", "anonymous": True}
    asked = {"group": node("group", group), "draft": draft}

    refused = await send("CreatePost", by=people[0], key=a_key(), **asked)
    await a_member(group)
    written = await send("CreatePost", by=people[0], key=a_key(), **asked)

    assert refused["code"] == "TOO_FEW_TO_HIDE"
    assert written["post"]["author"]["__typename"] == "Alias"


async def test_members_who_have_not_read_for_a_month_do_not_count(shelter):
    with clock.set_to(clock.now() + memberships.ACTIVE + timedelta(days=1)):
        assert await memberships.active_count(shelter.id) == 0


async def test_the_count_of_comments_changes_only_when_the_bucket_closes(shelter):
    ann, ben = await a_member(shelter), await a_member(shelter)
    with clock.set_to(clock.now() - LATER):
        post = await a_post(shelter, by=ann, anonymous=True)
    comment = await a_comment(post, by=ben, anonymous=True)
    event = await Event.get(name="comment.created")
    assert event.due_at == comment.published_at > clock.now()

    early = await send("Post", by=ann, id=node("post", post))
    for _ in range(2):
        await comments.count(event)
    with clock.set_to(comment.published_at):
        late = await send("Post", by=ann, id=node("post", post))

    assert (early["commentCount"], early["comments"]["edges"]) == (0, [])
    assert (late["commentCount"], len(late["comments"]["edges"])) == (1, 1)


async def test_a_comment_deleted_before_it_appeared_was_never_counted(shelter):
    ann = await a_member(shelter)
    with clock.set_to(clock.now() - LATER):
        post = await a_post(shelter, by=ann, anonymous=True)
    comment = await a_comment(post, by=ann, anonymous=True)
    await comments.delete(comment.id, by=ann)
    await comments.count(await Event.get(name="comment.created"))
    await post.refresh_from_db()
    assert post.comment_count == 0


async def test_an_acceptance_appears_when_its_bucket_closes(shelter):
    asker, helper = await a_member(shelter), await a_member(shelter)
    with clock.set_to(clock.now() - 2 * LATER):
        post = await a_post(shelter, by=asker, anonymous=True, is_question=True)
    with clock.set_to(clock.now() - LATER):
        answer = await a_comment(post, by=helper)

    thanked = await send("ThankComment", by=asker, comment=node("comment", answer))
    with clock.set_to(clock.now() + LATER):
        later = await send("Post", by=helper, id=node("post", post))

    assert thanked["comment"]["viewerHasThanked"] is True
    assert thanked["comment"]["isAccepted"] is False
    assert later["isAnswered"] is True
    assert later["comments"]["edges"][0]["node"]["isAccepted"] is True


async def test_retrying_an_anonymous_post_creates_one_and_no_row_leads_to_who_retried(shelter):
    ann, key = await a_member(shelter), a_key()
    draft = Draft("Rough call", anonymous=True)

    first = await posts.create(shelter.id, draft, by=ann, key=key)
    again = await posts.create(shelter.id, draft, by=ann, key=key)

    assert first.id == again.id
    assert await TakenAlias.all().count() == 1
    assert key not in " ".join(await rows_with(key))


async def test_everybody_in_a_full_thread_still_gets_a_name_of_their_own(shelter, monkeypatch):
    monkeypatch.setattr("community.aliases.ADJECTIVES", {"quiet": None})
    monkeypatch.setattr("community.aliases.ANIMALS", {"otter": None})
    with clock.set_to(clock.now() - LATER):
        post = await a_post(shelter, by=await a_member(shelter), anonymous=True)
    for _ in range(2):
        await a_comment(post, by=await a_member(shelter), anonymous=True)
    names = set(await Comment.all().values_list("alias", flat=True)) | {post.alias}
    assert len(names) == 3
