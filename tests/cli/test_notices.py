from pathlib import Path

import pytest

from core import clock
from core.messaging import notices
from core.messaging.addresses import Address
from core.messaging.deliveries import Delivery
from core.messaging.notice_settings import NoticeChannel
from core.messaging.notices import Notice
from tests.core.messaging.test_deliveries import answered
from tests.makers import a_person
from tests.receivers import WECOM, receiving

pytestmark = pytest.mark.committed


@pytest.fixture
def told(command):
    def run(*options: str | Path, code: int = 0) -> list[str]:
        done = command("notices", *options, code=code)
        return (done.stdout + done.stderr).splitlines()

    return run


async def test_what_was_set_aside_is_shown_and_sent_again(told):
    ann = await a_person()
    async with receiving(**WECOM):
        await notices.tell(ann.id, answered())
    assert told("failed") == ["0 messages were set aside"]
    await Delivery.all().update(failed_at=clock.now(), error="Rejected('60111')")

    line, count = told("failed")
    assert line.endswith(" WECOM: Rejected('60111')")
    assert ann.number not in line
    assert count == "1 messages were set aside"
    assert told("retry") == ["1 messages will be sent again by `breakroom serve`"]
    assert await Delivery.filter(failed_at__isnull=True).count() == 1


async def test_people_are_known_by_other_names_in_a_messenger(told, tmp_path):
    ann, ben = await a_person(), await a_person()
    file = tmp_path / "names.csv"
    file.write_text(f"Number,User\n{ann.number},AnnLee\n{ben.number},ben\nX1,nobody\n")
    assert told("names", "feishu", file, code=1) == [
        "2 people are known by their names there",
        "Error: nobody here has these numbers: X1",
    ]
    found = await Address.all().order_by("person_id").values_list("person_id", "channel", "target")
    assert sorted(found) == sorted(
        (one.id, NoticeChannel.FEISHU, {"user": user})
        for one, user in ((ann, "AnnLee"), (ben, "ben"))
    )
    assert await Notice.all().count() == 0
