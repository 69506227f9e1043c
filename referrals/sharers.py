"""Sharers: as much of who shares a link as they want to be shown."""

from referrals import links
from referrals.links import Link

HANZI = "\u4e00", "\u9fff"
SHORT, LONG = 2, 4  # characters of a Chinese name


async def shown(link: Link) -> str | None:
    """What friends call them, if they want it said."""
    sharer = await links.sharer(link) if link.shows_name else None
    return given_name(sharer.name) if sharer else None


def given_name(name: str) -> str:
    """小雨 of 陈小雨, Ann of Ann Lee; who is 李娜 to everybody stays so."""
    if not all(HANZI[0] <= character <= HANZI[1] for character in name):
        return name.split(maxsplit=1)[0]
    surname = 2 if len(name) >= LONG else 1
    return name if len(name) <= SHORT else name[surname:]
