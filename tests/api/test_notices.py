import asyncio

import pytest

from api import watch
from api.composition import SUBSCRIBERS
from core import bus, events
from core.identity import sessions
from core.messaging import notices
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import Box, News, Notice
from core.people import Person
from tests.core.messaging.test_notices import POST, liked
from tests.makers import a_comment, a_group, a_member, a_person, a_post, ask, node, operation, send
from tests.phones import Phone, calling
from tests.servers import serving


async def test_an_answer_is_told_and_read():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group, name="Ben")
    post = await a_post(group, by=ann)
    await a_comment(post, by=ben)
    await events.deliver(SUBSCRIBERS)

    shown = await send("Notices", by=ann)
    [notice] = await Notice.all()
    assert shown["unreadNoticeCount"] == 1
    assert [edge["node"] for edge in shown["notices"]["edges"]] == [
        {
            "id": node("notice", notice),
            "kind": "COMMENT",
            "text": "Ben answered you.",
            "actors": [{"id": node("person", ben), "name": "Ben", "avatar": None}],
            "actorCount": 1,
            "subjectId": node("post", post),
            "at": notice.at.isoformat(),
            "isRead": False,
        }
    ]

    read = await send("MarkNoticesRead", by=ann, notices=[node("notice", notice)])
    assert read == {"unreadNoticeCount": 0}
    again = await send("Notices", by=ann)
    assert again["unreadNoticeCount"] == 0
    assert again["notices"]["edges"][0]["node"]["isRead"] is True


async def test_all_are_read_at_once():
    ann = await a_person()
    for n in range(3):
        await notices.tell(ann.id, liked(post=f"post_{n:032x}"))
    assert (await send("Notices", by=ann))["unreadNoticeCount"] == 3
    assert await send("MarkNoticesRead", by=ann) == {"unreadNoticeCount": 0}


async def test_nobody_reads_what_others_were_told():
    ann, ben = await a_person(), await a_person()
    await notices.tell(ann.id, liked())
    [notice] = await Notice.all()
    assert (await send("Notices", by=ben))["notices"]["edges"] == []
    await send("MarkNoticesRead", by=ben, notices=[node("notice", notice)])
    assert (await send("Notices", by=ann))["unreadNoticeCount"] == 1
    assert await send("Notices") is None


async def test_the_text_is_in_the_readers_language():
    ann, (document, name) = await a_person(), operation("Notices")
    await notices.tell(ann.id, liked())
    for language, text in (("zh-CN", "有人与你感同身受。"), ("zh-TW", "有人與你感同身受。")):
        answer = await ask(document, by=ann, name=name, language=language)
        [edge] = answer["data"]["viewer"]["notices"]["edges"]
        assert edge["node"]["text"] == text


async def test_ten_notices_cost_as_many_statements_as_one(statements):
    ann, ben = await a_person(), await a_person()
    costs = []
    for posts in (range(1), range(1, 10)):
        for n in posts:
            await notices.tell(ann.id, liked(ben, post=f"post_{n:032x}"))
        statements()
        await send("Notices", by=ann)
        costs.append(len(statements()))
    assert costs[0] == costs[1]


async def test_one_chooses_of_what_to_hear():
    ann = await a_person()
    chosen = {"kind": "REACTION", "channel": "IN_APP"}
    usual = (await send("Settings", by=ann))["noticeSettings"]
    assert chosen | {"isOn": True, "isFixed": False} in usual

    settings = (await send("ChooseNotices", by=ann, isOn=False, **chosen))["settings"]

    assert settings == [s | {"isOn": False} if s.items() >= chosen.items() else s for s in usual]
    assert (await send("Settings", by=ann))["noticeSettings"] == settings
    assert (await send("Settings", by=await a_person()))["noticeSettings"] == usual


async def listening(phone: Phone, after: str | None = None) -> None:
    document, name = operation("NoticeArrived")
    others = watch.count()
    await phone.ask(document, name, after=after)
    async with asyncio.timeout(10):
        while watch.count() == others:  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0.005)


def beginning(person: Person) -> str:
    return Notice(person_id=person.id, seq=0).cursor


@pytest.mark.committed
async def test_notices_arrive_live_and_a_phone_that_was_away_gets_each_as_it_stands():
    ann, ben, cai = await a_person(), await a_person(name="Ben"), await a_person(name="Cai")
    other = f"post_{2:032x}"
    async with serving() as server:
        async with calling(server, ann) as phone:
            await listening(phone)
            await notices.tell(ann.id, liked(ben))
            first = await phone.news()
            assert first["notice"]["text"] == "Ben liked what you wrote."
            assert first["unreadNoticeCount"] == 1
        await notices.tell(ann.id, liked(ben, post=other))
        await notices.tell(ann.id, liked(cai))
        await notices.tell(ben.id, liked(cai))
        async with calling(server, ann) as phone:
            await listening(phone, first["cursor"])
            missed = [await phone.news(), await phone.news()]
            assert [one["notice"]["text"] for one in missed] == [
                "Ben liked what you wrote.",
                "Cai and Ben liked what you wrote.",
            ]
            assert [one["notice"]["subjectId"] for one in missed] == [other, POST]
            await notices.tell(ann.id, News(NoticeKind.COMMENT, POST, "x", cai.id))
            assert (await phone.news())["notice"]["text"] == "Cai answered you."
    assert bus.current().listeners.topics == []


@pytest.mark.committed
async def test_a_line_that_went_meanwhile_keeps_nobody_busy():
    ann, ben = await a_person(), await a_person(name="Ben")
    await notices.tell(ann.id, liked(ben))
    await notices.withdraw(ann.id, liked(ben))
    async with serving() as server, calling(server, ann) as phone:
        await listening(phone, beginning(ann))
        await notices.tell(ann.id, liked(ben, source="again"))
        assert (await phone.news())["unreadNoticeCount"] == 1


@pytest.mark.committed
async def test_news_that_no_message_told_of_are_found_all_the_same():
    ann = await a_person()
    async with serving() as server, calling(server, ann) as phone:
        await listening(phone)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bus.current(), "tell", lambda topic, number: None)
            await notices.tell(ann.id, liked())
        await watch.look_for_news()
        assert (await phone.news())["unreadNoticeCount"] == 1


@pytest.mark.committed
async def test_the_stream_ends_with_the_sign_in():
    ann = await a_person()
    async with serving() as server, calling(server, ann) as phone:
        await listening(phone)
        await sessions.sign_out_everywhere(ann, by=ann)
        await watch.look()
        assert await phone.refusal() == ("SIGN_IN_FIRST", "UNAUTHENTICATED")


@pytest.mark.committed
async def test_a_cursor_of_somebody_else_is_refused():
    ann, ben = await a_person(), await a_person()
    async with serving() as server, calling(server, ann) as phone:
        document, name = operation("NoticeArrived")
        await phone.ask(document, name, after=beginning(ben))
        assert await phone.refusal() == ("BAD_CURSOR", "INVALID")
    assert await Box.all().count() == 0
