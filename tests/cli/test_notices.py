import os
import subprocess
import sys

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
def command(database_url: str):
    def run(*options: str) -> tuple[int, list[str]]:
        done = subprocess.run(
            [sys.executable, "-m", "cli", "notices", *options],
            env=os.environ | {"BREAKROOM_DATABASE": database_url, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).splitlines()

    return run


async def test_what_was_set_aside_is_shown_and_sent_again(command):
    ann = await a_person()
    async with receiving(**WECOM):
        await notices.tell(ann.id, answered())
    assert command("failed") == (0, ["0 messages were set aside"])
    await Delivery.all().update(failed_at=clock.now(), error="Rejected('60111')")

    status, [line, count] = command("failed")
    assert status == 0
    assert line.endswith(" WECOM: Rejected('60111')")
    assert ann.number not in line
    assert count == "1 messages were set aside"
    assert command("retry") == (0, ["1 messages will be sent again by `breakroom serve`"])
    assert await Delivery.filter(failed_at__isnull=True).count() == 1


async def test_people_are_known_by_other_names_in_a_messenger(command, tmp_path):
    ann, ben = await a_person(), await a_person()
    file = tmp_path / "names.csv"
    file.write_text(f"Number,User\n{ann.number},AnnLee\n{ben.number},ben\nX1,nobody\n")
    status, lines = command("names", "feishu", str(file))
    assert (status, lines) == (
        1,
        ["2 people are known by their names there", "Error: nobody here has these numbers: X1"],
    )
    found = await Address.all().order_by("person_id").values_list("person_id", "channel", "target")
    assert sorted(found) == sorted(
        (one.id, NoticeChannel.FEISHU, {"user": user})
        for one, user in ((ann, "AnnLee"), (ben, "ben"))
    )
    assert await Notice.all().count() == 0
