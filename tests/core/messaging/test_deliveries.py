import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest

from core import clock
from core.identity import sessions
from core.messaging import addresses, deliveries, notice_settings, notices, sealed_news
from core.messaging.addresses import Address, PushNotOffered
from core.messaging.deliveries import Delivery
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notice_settings import NoticeChannel
from core.messaging.notices import News, Notice
from core.people import Person
from core.text import Text
from tests.browsers import Browser
from tests.makers import a_person, a_shift
from tests.receivers import PUSH, WECOM, Receiver, receiving

ONE, TWO = "茶水间有一条新消息。", "茶水间有 2 条新消息。"
URGENT = "可能有人急需帮助，请打开茶水间。"


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """In Shanghai, where nobody's quiet hours are."""
    moment = clock.now().replace(hour=4, minute=0, second=0, microsecond=0)
    with clock.set_to(moment):
        yield moment


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving(**WECOM) as receiver:
        yield receiver


@pytest.fixture
def safety(monkeypatch) -> NoticeKind:
    """A kind that breaks through the quiet."""
    manner = Manner(Text("!", "!", "!"), is_safety=True)
    monkeypatch.setitem(MANNERS, NoticeKind.THANKS, manner)
    return NoticeKind.THANKS


def answered(n: int = 1, source: str = "x") -> News:
    return News(NoticeKind.COMMENT, f"post_{n:032x}", source)


def texts(receiver: Receiver) -> list[str]:
    return [sent.json["text"]["content"] for sent in receiver.messages]


async def test_a_notice_is_sent_once_and_its_delivery_is_gone(receiver):
    ann = await a_person()
    await notices.tell(ann.id, answered())
    assert await deliveries.deliver() == 1
    assert await deliveries.deliver() == 0
    [sent] = receiver.messages
    assert (sent.json["touser"], texts(receiver)) == (ann.number, [ONE])
    assert await Delivery.all().count() == 0


async def test_what_joins_an_unread_line_is_not_sent_again(receiver):
    ann = await a_person()
    for source in ("first", "second"):
        await notices.tell(ann.id, answered(source=source))
        await deliveries.deliver()
    assert texts(receiver) == [ONE]
    await notices.mark_read(by=ann)
    await notices.tell(ann.id, answered(source="third"))
    await deliveries.deliver()
    assert texts(receiver) == [ONE, ONE]


async def test_several_notices_are_one_message(receiver):
    ann = await a_person()
    for n in (1, 2):
        await notices.tell(ann.id, answered(n))
    assert await deliveries.deliver() == 1
    assert texts(receiver) == [TWO]


async def test_no_message_says_what_it_is_about(receiver):
    ann, ben = await a_person(), await a_person(name="Ben")
    for kind, manner in MANNERS.items():
        await notices.tell(ann.id, News(kind, f"post_{1:032x}", "x", ben.id))
        await deliveries.deliver()
        assert texts(receiver) == (
            [URGENT if manner.is_safety else ONE] if manner.is_pushed else []
        )
        receiver.messages.clear()


async def test_what_was_read_withdrawn_or_left_behind_needs_no_message(receiver):
    ann, ben, cai = await a_person(), await a_person(), await a_person()
    for person in (ann, ben, cai):
        await notices.tell(person.id, answered())
    await notices.mark_read(by=ann)
    await notices.withdraw(ben.id, answered())
    await Address.filter(person_id=cai.id).delete()
    assert await deliveries.deliver() == 0
    assert receiver.messages == []
    assert await Delivery.all().count() == 0


async def test_kinds_that_need_no_hurry_are_not_sent_unless_one_wants_it(receiver):
    ann, news = await a_person(), News(NoticeKind.REACTION, f"post_{1:032x}", "x")
    await notices.tell(ann.id, news)
    assert await deliveries.deliver() == 0
    await notice_settings.choose(news.kind, NoticeChannel.WECOM, is_on=True, by=ann)
    await notices.mark_read(by=ann)
    await notices.tell(ann.id, news._replace(source="y"))
    assert await deliveries.deliver() == 1


async def test_in_the_quiet_hours_notices_are_kept_and_come_as_one(receiver, noon, safety):
    ann = await a_person()
    night, morning = noon + timedelta(hours=11), noon + timedelta(hours=20)
    for n in (1, 2):
        with clock.set_to(night + timedelta(hours=n)):
            await notices.tell(ann.id, answered(n))
            assert await deliveries.deliver() == 0
    with clock.set_to(morning - timedelta(seconds=1)):
        assert await deliveries.deliver() == 0
    assert receiver.messages == []
    with clock.set_to(morning):
        assert await deliveries.deliver() == 1
    assert texts(receiver) == [TWO]


async def test_on_shift_notices_are_kept_until_its_end(receiver, noon):
    ann = await a_person()
    await a_shift(ann, noon, noon + timedelta(hours=5))
    await notices.tell(ann.id, answered())
    assert await deliveries.deliver() == 0
    with clock.set_to(noon + timedelta(hours=5)):
        assert await deliveries.deliver() == 1
    assert texts(receiver) == [ONE]


async def test_only_safety_breaks_through_the_quiet(receiver, noon, safety):
    ann = await a_person()
    with clock.set_to(noon + timedelta(hours=11)):
        await notices.tell(ann.id, answered())
        await notices.tell(ann.id, News(safety, "", "x"))
        assert await deliveries.deliver() == 1
        assert await deliveries.deliver() == 0
    assert texts(receiver) == [URGENT]
    with clock.set_to(noon + timedelta(hours=20)):
        assert await deliveries.deliver() == 1
    assert texts(receiver) == [URGENT, ONE]


async def test_sealed_news_look_like_all_others_and_wait_for_the_morning(receiver, noon, safety):
    ann = await a_person()
    with clock.set_to(noon + timedelta(hours=11)):
        await sealed_news.tell_later(ann.id, News(safety, "", "x"))
    with clock.set_to(noon + timedelta(hours=12)):
        assert await sealed_news.tell_due() == 1
        assert await deliveries.deliver() == 0
    with clock.set_to(noon + timedelta(hours=20)):
        assert await deliveries.deliver() == 1
    assert texts(receiver) == [ONE]


async def test_safety_cannot_be_switched_off(safety):
    ann = await a_person()
    with pytest.raises(notice_settings.SafetyStaysOn):
        await notice_settings.choose(safety, NoticeChannel.WECOM, is_on=False, by=ann)
    assert await notice_settings.NoticeChoice.all().count() == 0


async def test_what_failed_is_tried_again_after_growing_pauses_and_then_set_aside(receiver, noon):
    ann = await a_person()
    await notices.tell(ann.id, answered())
    receiver.answers = [(503, b"")] * deliveries.ATTEMPTS
    pauses = []
    for _ in range(deliveries.ATTEMPTS):
        address = await Address.get()
        now = max(clock.now(), address.leased_until or clock.now())
        with clock.set_to(now + timedelta(seconds=1)):
            assert await deliveries.deliver() == 1
            address = await Address.get()
            until = address.leased_until
            pauses.append((until - clock.now()).total_seconds() if until else 0)
    assert [2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses[:-1], 1)] == [True] * 11

    [row] = await deliveries.failed(limit=10)
    assert (row.error, row.failed_at is not None) == ("NotReachable('HTTP 503')", True)
    with clock.set_to(noon + timedelta(hours=3)):
        assert await deliveries.deliver() == 0
        assert await deliveries.retry() == 1
        assert await deliveries.deliver() == 1
    assert texts(receiver)[-1] == ONE
    assert await Delivery.all().count() == 0


async def test_what_would_be_refused_again_is_set_aside_at_once(receiver):
    ann = await a_person()
    await notices.tell(ann.id, answered())
    receiver.answers = [(200, {"errcode": 60111})]
    await deliveries.deliver()
    [row] = await deliveries.failed(limit=10)
    assert row.error == "Rejected('60111')"


async def test_who_is_killed_between_sending_and_noting_it_sends_twice(receiver, noon, monkeypatch):
    ann = await a_person()
    await notices.tell(ann.id, answered())
    with monkeypatch.context() as killed:
        killed.setattr(deliveries, "_settle", _killed)
        with pytest.raises(asyncio.CancelledError):
            await deliveries.deliver()
    assert await deliveries.deliver() == 0
    with clock.set_to(noon + deliveries.LEASE + timedelta(seconds=1)):
        assert await deliveries.deliver() == 1
        assert await deliveries.deliver() == 0
    assert texts(receiver) == [ONE, ONE]


async def _killed(*_: object) -> None:
    raise asyncio.CancelledError


async def test_one_who_has_another_name_in_a_messenger_is_reached_by_it(receiver):
    ann = await a_person()
    await notices.tell(ann.id, answered())
    await addresses.name(ann, NoticeChannel.WECOM, "AnnLee")
    await deliveries.deliver()
    assert receiver.messages[0].json["touser"] == "AnnLee"
    assert await Address.all().count() == 1


async def test_a_device_is_rung_until_it_is_signed_out():
    ann = await a_person()
    signed_in = await sessions.open_for(ann, device="phone")
    async with receiving(**PUSH) as receiver:
        browser = Browser(f"{receiver.url}/push/1")
        await addresses.register(signed_in.session, browser.subscription, language="en")
        await notices.tell(ann.id, answered())
        await deliveries.deliver()
        assert b"There is something new for you." in browser.read(receiver.messages[0].body)

        await notices.tell(ann.id, answered(2))
        await sessions.sign_out(signed_in.session.id, by=ann)
        assert await deliveries.deliver() == 0
    assert len(receiver.messages) == 1
    assert await Address.all().count() == await Delivery.all().count() == 0


async def test_a_device_that_is_gone_is_no_address_any_more():
    ann = await a_person()
    session = (await sessions.open_for(ann, device="phone")).session
    async with receiving(**PUSH) as receiver:
        receiver.answers = [(410, b"")]
        browser = Browser(f"{receiver.url}/push/1")
        await addresses.register(session, browser.subscription, language="en")
        await notices.tell(ann.id, answered())
        await deliveries.deliver()
    assert await Address.all().count() == await Delivery.all().count() == 0
    assert await Notice.all().count() == 1


async def test_a_browser_rings_for_whoever_registered_it_last():
    ann, ben = await a_person(), await a_person()
    async with receiving(**PUSH) as receiver:
        subscription = Browser(f"{receiver.url}/push/1").subscription
        for person in (ann, ben):
            session = (await sessions.open_for(person, device="shared")).session
            await addresses.register(session, subscription, language="en")
    assert [address.person_id for address in await Address.all()] == [ben.id]


async def test_without_a_contact_there_is_no_push():
    ann = await a_person()
    session = (await sessions.open_for(ann, device="phone")).session
    subscription = Browser("https://push.example/1").subscription
    with pytest.raises(PushNotOffered):
        await addresses.register(session, subscription, language="en")
    assert await Address.all().count() == 0


@pytest.mark.committed
async def test_processes_that_look_at_once_send_once(receiver):
    people: list[Person] = [await a_person() for _ in range(10)]
    for person in people:
        for n in (1, 2):
            await notices.tell(person.id, answered(n))
    await asyncio.gather(*[deliveries.deliver() for _ in range(4)])
    assert sorted(sent.json["touser"] for sent in receiver.messages) == sorted(
        person.number for person in people
    )
    assert set(texts(receiver)) == {TWO}
