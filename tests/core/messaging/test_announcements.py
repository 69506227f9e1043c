import asyncio
import hmac
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from community import bulletins
from community.groups import JoinPolicy
from community.memberships import Membership, Standing
from core import clock
from core.messaging import announcements, deliveries
from core.messaging.announcements import Announcement, News
from core.people import Grants
from core.text import Text
from tests.community.test_announcements import delivered
from tests.core.makers import chosen
from tests.makers import a_group, a_person, a_post
from tests.receivers import Receiver, receiving

OPENED = News("opening", Text("Opened in {year}", "{year}年开放", "{year}年開放"), {"year": 2026})
SAID = "2026年开放"


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """In Shanghai."""
    moment = clock.now().replace(hour=4, minute=0, second=0, microsecond=0)
    with clock.set_to(moment):
        yield moment


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


def a_robot(receiver: Receiver, kind: str = "wecom", **more: str):
    """One that is configured, within this block."""
    given = {f"{kind}_robot": f"{receiver.url}/hook?key=k"} | more
    return chosen(notices_private="true", **given)


async def test_an_announcement_is_said_once_however_often_it_is_made(receiver):
    with a_robot(receiver):
        for _ in range(2):
            await announcements.announce(OPENED)
            await announcements.deliver()
    [sent] = receiver.messages
    assert (sent.path, sent.query) == ("/hook", {"key": "k"})
    assert sent.json == {"msgtype": "text", "text": {"content": SAID}}
    assert (await Announcement.get()).sent_at is not None


async def test_a_robot_of_dingtalk_is_signed_for_with_the_moment(receiver, noon):
    with a_robot(receiver, "dingtalk", dingtalk_robot_secret="SEC"):  # noqa: S106  # of nobody
        await announcements.announce(OPENED)
        await announcements.deliver()
    [sent] = receiver.messages
    at = str(int(noon.timestamp() * 1000))
    sign = b64encode(hmac.new(b"SEC", f"{at}\nSEC".encode(), sha256).digest()).decode()
    assert sent.query == {"key": "k", "timestamp": at, "sign": sign}


async def test_a_robot_of_feishu_is_signed_for_in_its_own_way(receiver, noon):
    with a_robot(receiver, "feishu", feishu_robot_secret="SEC"):  # noqa: S106  # of nobody
        await announcements.announce(OPENED)
        await announcements.deliver()
    [sent] = receiver.messages
    at = str(int(noon.timestamp()))
    sign = b64encode(hmac.new(f"{at}\nSEC".encode(), b"", sha256).digest()).decode()
    assert sent.json == {
        "msg_type": "text",
        "content": {"text": SAID},
        "timestamp": at,
        "sign": sign,
    }


async def test_what_fails_is_tried_again_with_growing_pauses_and_then_set_aside(receiver, noon):
    receiver.answers = [(500, b"")] * deliveries.ATTEMPTS
    with a_robot(receiver):
        await announcements.announce(OPENED)
        at, pauses = noon, []
        for _ in range(deliveries.ATTEMPTS):
            with clock.set_to(at):
                assert await announcements.deliver() == 1
                assert await announcements.deliver() == 0
                row = await Announcement.get()
                pauses.append((row.due_at - at).total_seconds())
                at = max(row.due_at, at)
    assert row.failed_at is not None
    assert "HTTP 500" in row.error
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses[:-1], 1))
    assert await announcements.failed_count() == 1

    with a_robot(receiver), clock.set_to(at):
        assert await announcements.retry() == 1
        await announcements.deliver()
    assert len(receiver.messages) == deliveries.ATTEMPTS + 1
    assert await announcements.failed_count() == 0


async def test_what_would_be_refused_again_is_set_aside_at_once(receiver):
    receiver.answers = [(200, {"errcode": 93000, "errmsg": "invalid webhook url"})]
    with a_robot(receiver):
        await announcements.announce(OPENED)
        await announcements.deliver()
    [row] = await announcements.failed(limit=5)
    assert row.error == "Rejected('93000')"


async def test_by_night_it_waits_for_the_morning(receiver, noon):
    with a_robot(receiver):
        with clock.set_to(noon + timedelta(hours=11)):
            await announcements.announce(OPENED)
            assert await announcements.deliver() == 0
        with clock.set_to(noon + timedelta(hours=20)):
            assert await announcements.deliver() == 1


async def test_without_a_robot_nothing_is_kept_and_what_was_said_is_forgotten(receiver):
    await announcements.announce(OPENED)
    assert not await Announcement.exists()
    with a_robot(receiver):
        await announcements.announce(OPENED)
        await announcements.deliver()
        await announcements.forget()
        assert await Announcement.all().count() == 1
        with clock.set_to(clock.now() + timedelta(days=31)):
            await announcements.forget()
    assert not await Announcement.exists()


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({}, ["“Night owls”有一条新的置顶公告，请打开茶水间查看。"]),
        ({"join_policy": JoinPolicy.INVITATION}, []),
        ({"join_policy": JoinPolicy.APPLICATION}, []),
        ({"excludes_hr": True}, []),
        ({"excludes_supervisors": True}, []),
    ],
)
async def test_robots_hear_of_bulletins_in_groups_that_are_everybodys(receiver, plan, said):
    with a_robot(receiver):
        group = await a_group(name="Night owls", **plan)
        by = await a_person(grants=Grants.MODERATOR)
        now = {"read_to": clock.now(), "seen_on": clock.business_date()}
        await Membership.create(group=group, person=by, standing=Standing.MEMBER, **now)
        post = await a_post(group, by=by, text="Words of Ann")
        await bulletins.pin(post.id, by=by)
        await delivered()
        with clock.set_to(clock.now() + timedelta(hours=2)):
            await announcements.deliver()
    assert [sent.json["text"]["content"] for sent in receiver.messages] == said


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_several_processes_one_says_it(receiver):
    with a_robot(receiver):
        await asyncio.gather(*(announcements.announce(OPENED) for _ in range(5)))
        await asyncio.gather(*(announcements.deliver() for _ in range(5)))
    assert len(receiver.messages) == 1
