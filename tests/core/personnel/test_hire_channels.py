import pytest

from core.people import HireChannel
from core.personnel import hire_channels


@pytest.mark.parametrize(
    ("cell", "channel"),
    [
        ("校园招聘", HireChannel.CAMPUS),
        ("社會招聘", HireChannel.OPEN_MARKET),
        ("内推", HireChannel.REFERRAL),
        ("Employee referral", HireChannel.REFERRAL),
        ("猎头", HireChannel.HEADHUNTER),
        ("OPEN_MARKET", HireChannel.OPEN_MARKET),
        ("其他", HireChannel.OTHER),
        ("", HireChannel.OTHER),
    ],
)
def test_channels_are_known_by_their_usual_spellings(cell, channel):
    assert hire_channels.known(cell)
    assert hire_channels.channel(cell) is channel


def test_an_unknown_channel_counts_as_other():
    assert not hire_channels.known("劳务派遣")
    assert hire_channels.channel("劳务派遣") is HireChannel.OTHER
