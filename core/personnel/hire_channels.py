"""Hire channels as HR spells them."""

import re
from unicodedata import normalize

from core.people import HireChannel

SPELLINGS = {
    HireChannel.CAMPUS: "campus campusrecruitment campushire 校园招聘 校招 校園招聘 校園徵才",
    HireChannel.OPEN_MARKET: """
        openmarket jobboard external 社会招聘 社招 公开招聘 社會招聘 社會徵才 公開招聘
    """,
    HireChannel.REFERRAL: """
        referral employeereferral internalreferral 内部推荐 内推 员工推荐 內部推薦 內推 員工推薦
    """,
    HireChannel.HEADHUNTER: "headhunter headhunting agency 猎头 猎头推荐 獵頭 獵頭推薦 獵人頭",
    HireChannel.OTHER: "other 其他 其它",
}
KNOWN = {"": HireChannel.OTHER} | {
    spelling: channel for channel, spellings in SPELLINGS.items() for spelling in spellings.split()
}


def known(cell: str) -> bool:
    return _key(cell) in KNOWN


def channel(cell: str) -> HireChannel:
    """OTHER where the spelling is not known."""
    return KNOWN.get(_key(cell), HireChannel.OTHER)


def _key(cell: str) -> str:
    return re.sub(r"[\W_]+", "", normalize("NFKC", cell).casefold())
