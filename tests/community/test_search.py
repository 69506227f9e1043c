import asyncio
from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from community import (
    blocks,
    comments,
    hidings,
    indexing,
    memberships,
    mutes,
    posts,
    synonyms,
    tags,
)
from community.comments import Comment, CommentWords
from community.groups import Group, GroupKind
from community.posts import Post, PostWords
from community.tags import Tag
from core import clock
from core.people import Grants, Person
from core.search import words
from core.search.names import PersonWords
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_member,
    a_person,
    a_post,
    ask,
    node,
    operation,
    send,
)

CORPUS = [
    "我的積分還沒到帳",  # 0
    "客户投诉怎么处理？",
    "投我一票，诉说衷肠",
    "How do I refund a prepaid card?",
    "Two refunds in ONE call",  # 4
    "Café ☕ 后 the shift",
    "iPhone充值失败 error E-4021",
    "分积",
    "",  # 8: a picture of a heart, which is no word
]
SOUGHT = {
    "积分": [0],
    "積分": [0],
    "账号": [],
    "到账": [0],
    "投诉": [1],
    "投": [2, 1],
    "诉说": [2],
    "分": [7, 0],
    "refund": [4, 3],
    "REFUNDS": [4],
    "ref": [4, 3],
    "re": [],
    "a": [3],
    "card prepaid": [3],
    "prepaid-card": [3],
    "card-prepaid": [],
    "ｏｎｅ　ｃａｌｌ": [4],
    "cafe 後": [5],
    "iphone充值": [6],
    "E-4021": [6],
    "e 4021 失敗": [6],
    "heart": [],
}
HOSTILE = [
    *('"', "'", '"积', "积*", "积 OR 分积", "NOT 积", "(积", "积:*", "words:积", "^积", "积-分"),
    *(
        "{words}:积",
        "NEAR(积 分)",
        "'); DROP TABLE post; --",
        "\\",
        "%",
        "_",
        "& | ! <->",
        "\u202e",
    ),
]


@pytest.fixture
async def group(undo) -> Group:
    return await a_group()


@pytest.fixture
async def reader(group) -> Person:
    return await a_member(group)


async def found(text: str, by: Person, **pages) -> list[str]:
    """The texts of the posts that are found, in their order."""
    data = await send("Search", by=by, text=text, **{"first": 50, **pages})
    return [edge["node"]["text"] for edge in data["posts"]["edges"]]


async def names(kind: str, text: str, by: Person) -> list[str]:
    data = await send("Search", by=by, text=text)
    return [edge["node"]["name"] for edge in data[kind]["edges"]]


async def a_name(name: str, **given) -> Person:
    person = await a_person(name=name, **given)
    await words.put(PersonWords, {person.id: name})
    return person


@pytest.mark.parametrize("text", SOUGHT)
async def test_both_databases_find_the_same_in_the_same_order(group, reader, text):
    begun = clock.now() - timedelta(hours=1)
    for number, said in enumerate(CORPUS):
        with clock.set_to(begun + timedelta(minutes=number)):
            await a_post(group, by=reader, text=said or "❤️")
    assert await found(text, reader) == [CORPUS[number] for number in SOUGHT[text]]


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_sign_is_an_operator(group, reader, text):
    await a_post(group, by=reader, text="积 的")
    assert await found(text, reader) in ([], ["积 的"])


async def test_where_nothing_is_said_nothing_is_found(group, reader):
    await a_post(group, by=reader, text="!")
    assert await found("", reader) == await found(" ?! ", reader) == []


async def test_too_much_to_find_is_refused(reader):
    document, _ = operation("Search")
    answer = await ask(document, by=reader, text="积" * 10_000)
    assert answer["errors"][0]["extensions"]["code"] == "TOO_MUCH_TO_FIND"
    assert await found("积" * words.LONGEST, reader) == []


async def test_pages_go_on_where_the_last_one_ended(group, reader):
    for number in range(5):
        await a_post(group, by=reader, text=f"refund {number}")
    data = await send("Search", by=reader, text="refund", first=2)
    seen = [edge["node"]["text"] for edge in data["posts"]["edges"]]
    await a_post(group, by=reader, text="refund that came meanwhile")
    cursor = data["posts"]["pageInfo"]["endCursor"]
    seen += await found("refund", reader, first=3, posts=cursor)
    assert seen == [f"refund {number}" for number in (4, 3, 2, 1, 0)]


async def test_a_list_of_names_has_pages_too(reader):
    for name in ("赵乙", "Ann 赵", "ann 赵", "赵甲", "Ånn 赵"):
        await a_name(name)
    seen, cursor = [], None
    while cursor is not None or not seen:
        data = (await send("Search", by=reader, text="赵", first=2, people=cursor))["people"]
        seen += [edge["node"]["name"] for edge in data["edges"]]
        cursor = data["pageInfo"]["endCursor"] if data["pageInfo"]["hasNextPage"] else None
    assert seen == ["Ann 赵", "ann 赵", "Ånn 赵", "赵乙", "赵甲"]


async def test_ten_finds_cost_as_many_statements_as_one(group, reader, statements):
    for expected in (1, 10):
        while await Post.filter(group_id=group.id).count() < expected:
            await a_post(group, by=await a_member(group), text="refund", tags=["refund"])
        statements()
        assert len(await found("refund", reader)) == expected
        assert len([sql for sql in statements() if sql.lstrip().startswith("SELECT")]) == 8


async def test_an_edit_and_a_deletion_count_at_once(group, reader):
    post = await a_post(group, by=reader, text="my number is 4711")
    await posts.edit(post.id, "my number is gone", by=reader)
    assert await found("4711", reader) == []
    assert await found("gone", reader) == ["my number is gone"]
    await posts.delete(post.id, by=reader)
    assert await found("gone", reader) == []
    assert not await PostWords.filter(id=post.id).exists()


async def test_what_one_may_not_read_is_not_found(group, reader):
    elsewhere = await a_post(text="refund elsewhere", tags=["secret"])
    hidden = await a_post(group, text="refund hidden", tags=["secret"])
    await Post.filter(id=hidden.id).update(hidden_at=clock.now())
    assert await found("refund", reader) == []
    assert await names("tags", "secret", reader) == []
    await memberships.join(elsewhere.group_id, by=reader)
    assert await found("refund", reader) == ["refund elsewhere"]
    assert await names("tags", "secret", reader) == ["secret"]


async def test_whoever_a_group_excludes_finds_nothing_in_it(undo):
    group = await a_group(excludes_supervisors=True)
    lead = await a_member(group)
    await a_post(group, text="refund")
    assert await found("refund", lead) == ["refund"]
    await Person.filter(id=lead.id).update(grants=Grants.SUPERVISOR)
    assert await found("refund", await Person.get(id=lead.id)) == []


async def test_in_a_support_group_a_post_is_found_when_its_bucket_closes(undo):
    shelter = await a_group(kind=GroupKind.SUPPORT)
    [author, reader, *_] = await a_crowd(shelter)
    await a_post(shelter, by=author, text="积分", anonymous=True, tags=["夜班"])
    assert await found("积分", reader) == []
    assert await names("tags", "夜班", reader) == []
    with clock.set_to(clock.now() + timedelta(minutes=5)):
        assert await found("积分", reader) == ["积分"]
        assert await names("tags", "夜班", reader) == ["夜班"]


async def test_whoever_is_looked_for_leads_to_nothing_they_wrote(undo):
    shelter = await a_group(kind=GroupKind.SUPPORT)
    [reader, *_] = await a_crowd(shelter)
    zinnia = await a_name("Zinnia Quill")
    await memberships.join(shelter.id, by=zinnia)
    await a_post(shelter, by=zinnia, text="refund", anonymous=True)
    await a_post(shelter, by=zinnia, text="refund")
    with clock.set_to(clock.now() + timedelta(minutes=5)):
        for text in ("Zinnia", zinnia.number, zinnia.id.hex, node("person", zinnia)):
            assert await found(text, reader) == []
        data = await send("Search", by=reader, text="refund")
    bylines = [edge["node"]["author"] for edge in data["posts"]["edges"]]
    assert sorted("id" in byline for byline in bylines) == [False, True]


async def test_a_tag_leads_to_its_posts(group, reader):
    await a_post(group, by=reader, text="Where is it?", tags=["退款流程"])
    assert await found("退款", reader) == ["Where is it?"]
    assert await names("tags", "退款", reader) == ["退款流程"]


async def test_each_name_of_a_tag_leads_to_what_is_tagged_with_any(group, reader):
    for name in ("iOS", "苹果手机"):
        await a_post(group, by=reader, text=f"about {len(name)}", tags=[name])
    ios = await Tag.get(name="iOS")
    await synonyms.add(ios.id, "苹果手机", by=await a_member(group, grants=Grants.MODERATOR))
    for text in ("ios", "蘋果手機", "苹果"):
        assert await found(text, reader) == ["about 4", "about 3"]
        assert await names("tags", text, reader) == ["iOS"]


async def test_people_are_found_by_name_and_not_by_number(reader):
    lee = await a_name("歐陽 Lee")
    assert await names("people", "欧阳", reader) == ["歐陽 Lee"]
    assert await names("people", "LEE", reader) == ["歐陽 Lee"]
    assert await names("people", lee.number, reader) == []


async def test_whoever_left_is_not_found(reader):
    await a_name("Zoe", left_on=clock.business_date())
    assert await names("people", "Zoe", reader) == []


async def test_nobody_searches_without_signing_in(undo):
    document, _ = operation("Search")
    answer = await ask(document, text="积分")
    assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_FIRST"


async def test_a_rebuilt_index_finds_what_is_there_and_nothing_else(group, reader):
    kept, gone = [await a_post(group, by=reader, text="积分", tags=["班"]) for _ in range(2)]
    kim = await a_person(name="Kim")
    await PostWords.all().delete()
    await tags.TagWords.all().delete()
    await words.put(PostWords, {gone.id: "old words", kept.id: "other words"})
    await Post.filter(id=gone.id).update(deleted_at=clock.now())
    assert len(await indexing.what_is_there_is_found()) == 2  # a tag, and what is gone

    assert await indexing.rebuild() == 2 + await Person.all().count()

    assert await indexing.what_is_there_is_found() == []
    assert await found("积分", reader) == ["积分"]
    assert await found("words", reader) == []
    assert await names("tags", "班", reader) == ["班"]
    assert await names("people", "kim", reader) == [kim.name]


async def test_an_index_is_rebuilt_in_parts(monkeypatch, group, reader):
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    for number in range(5):
        await a_post(group, by=reader, text=f"refund {number}")
    await PostWords.all().delete()
    await indexing.rebuild()
    assert len(await found("refund", reader)) == 5


async def answers(text: str, by: Person, **pages) -> list[str]:
    """The texts of the comments that are found, in their order."""
    data = await send("Search", by=by, text=text, **{"first": 50, **pages})
    return [edge["node"]["text"] for edge in data["comments"]["edges"]]


@pytest.mark.parametrize("text", SOUGHT)
async def test_comments_are_found_as_posts_are(group, reader, text):
    post, begun = await a_post(group, by=reader, text="?"), clock.now() - timedelta(hours=1)
    for number, said in enumerate(CORPUS):
        with clock.set_to(begun + timedelta(minutes=number)):
            await a_comment(post, by=reader, text=said or "❤️")
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        assert await answers(text, reader) == [CORPUS[number] for number in SOUGHT[text]]


async def test_a_comment_is_found_as_it_is_now_and_where_one_may_read_it(group, reader):
    post = await a_post(group)
    comment = await a_comment(post, by=reader, text="my number is 4711")
    other = await a_comment(await a_post(), text="4711 elsewhere")
    assert await answers("4711", reader) == ["my number is 4711"]
    await comments.edit(comment.id, "my number is gone", by=reader)
    assert await answers("4711", reader) == []
    assert await answers("gone", reader) == ["my number is gone"]
    await Post.filter(id=post.id).update(hidden_at=clock.now())
    assert await answers("gone", reader) == []
    await Post.filter(id=post.id).update(hidden_at=None)
    await Comment.filter(id=comment.id).update(hidden_at=clock.now())
    assert await answers("gone", reader) == []
    await Comment.filter(id=comment.id).update(hidden_at=None)
    await comments.delete(comment.id, by=reader)
    assert await answers("gone", reader) == []
    assert await CommentWords.all().values_list("id", flat=True) == [other.id]


async def test_what_a_moderator_took_away_for_good_is_not_found(group, reader):
    comment = await a_comment(await a_post(group), text="refund")
    await hidings.take_away(comment, group)
    assert await answers("refund", reader) == []
    assert not await CommentWords.exists()


async def test_comments_of_whom_one_has_blocked_are_not_found(group, reader):
    ben = await a_member(group)
    await a_comment(await a_post(group, by=ben), text="refund under theirs")
    await a_comment(await a_post(group), by=ben, text="refund of theirs")
    await a_comment(await a_post(group), text="refund")
    await blocks.block(ben.id, by=reader)
    assert await answers("refund", reader) == ["refund"]


async def test_in_a_support_group_a_comment_is_found_when_it_appears_and_never_by_author(undo):
    shelter = await a_group(kind=GroupKind.SUPPORT)
    [author, reader, *_] = await a_crowd(shelter)
    zinnia = await a_name("Zinnia Quill")
    await memberships.join(shelter.id, by=zinnia)
    with clock.set_to(clock.now() - timedelta(minutes=6)):
        post = await a_post(shelter, by=author)
    comment = await a_comment(post, by=zinnia, text="积分", anonymous=True)
    assert await answers("积分", reader) == await answers("积分", zinnia) == []
    with clock.set_to(clock.now() + timedelta(minutes=5)):
        assert await answers("积分", reader) == ["积分"]
        for text in ("Zinnia", comment.alias.split()[0], zinnia.id.hex, comment.handle):
            assert await answers(text, reader) == []


async def test_what_a_muted_alias_says_is_not_found_and_the_page_is_full_all_the_same(undo):
    shelter = await a_group(kind=GroupKind.SUPPORT)
    [author, reader, muted, other, *_] = await a_crowd(shelter)
    begun = clock.now() - timedelta(hours=3)
    with clock.set_to(begun):
        post = await a_post(shelter, by=author)
    for number in range(8):
        with clock.set_to(begun + (number + 1) * timedelta(minutes=10)):
            by = other if number in {0, 7} else muted
            last = await a_comment(post, by=by, text=f"refund {number}", anonymous=True)
            if by is muted:
                await mutes.mute_alias(last, by=reader)
    page = (await send("Search", by=reader, text="refund", first=1))["comments"]
    assert [edge["node"]["text"] for edge in page["edges"]] == ["refund 7"]
    rest = await answers("refund", reader, first=2, comments=page["pageInfo"]["endCursor"])
    assert (page["pageInfo"]["hasNextPage"], rest) == (True, ["refund 0"])


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_what_is_edited_while_the_index_is_rebuilt_is_found_as_it_is():
    group = await a_group()
    ann = await a_member(group)
    written = [await a_post(group, by=ann, text="before") for _ in range(10)]

    edits = [posts.edit(post.id, "after", by=ann) for post in written]
    await asyncio.gather(indexing.rebuild(), *edits, indexing.rebuild())

    assert await found("before", ann) == []
    assert len(await found("after", ann)) == 10


@pytest.mark.only("postgres")
async def test_words_are_reached_by_their_index(group, reader):
    run = get_connection("default")
    await run.execute_script("SET LOCAL enable_seqscan = off")
    asked = words.found(PostWords).replace(":asked", "'a'")
    [*plan] = await run.execute_query_dict(f"EXPLAIN {asked}")
    assert "Bitmap Index Scan" in str(plan)
