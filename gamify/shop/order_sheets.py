"""Order sheets: exactly what the inbox shows, as a file for whoever may see the inbox."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from core import audit, cursors, people, settings
from core.people import Grants, Person
from core.sheets.sheets import SheetFormat
from core.sheets.workbooks import Cell, Sheet
from core.text import Language, Text
from gamify.shop import inbox, rewards, sites
from gamify.shop.inbox import Filter
from gamify.shop.redemptions import Redemption, RedemptionNotFound, RedemptionState

MOST = 5_000  # orders of a sheet
LISTING = "order sheets"

NAME = Text("Orders", "兑换订单", "兌換訂單")
HEADER = [
    Text("Order", "订单号", "訂單號"),
    Text("State", "状态", "狀態"),
    Text("Requested", "申请时间", "申請時間"),
    Text("Working days", "已等待工作日", "已等待工作日"),
    Text("Late", "超时", "逾時"),
    Text("Prize", "奖品", "獎品"),
    Text("Points", "积分", "點數"),
    Text("Value", "价值", "價值"),
    Text("Site", "职场", "職場"),
    Text("Address", "地址", "地址"),
    Text("Name", "姓名", "姓名"),
    Text("Employee number", "工号", "員工編號"),
    Text("Team", "班组", "班組"),
    Text("Proxy", "代领人", "代領人"),
]
STATES = {
    RedemptionState.REQUESTED: Text("requested", "待审批", "待審核"),
    RedemptionState.APPROVED: Text("approved", "待备货", "待備貨"),
    RedemptionState.READY: Text("ready", "待领取", "待領取"),
    RedemptionState.FULFILLED: Text("handed out", "已发放", "已發放"),
    RedemptionState.REJECTED: Text("rejected", "已拒绝", "已拒絕"),
    RedemptionState.CANCELLED: Text("cancelled", "已取消", "已取消"),
    RedemptionState.RETURNED: Text("returned", "已退回", "已退回"),
}
LATE = Text("late", "是", "是")


class Asked(NamedTuple):
    """A sheet that somebody may fetch."""

    by: Person
    chosen: Filter
    language: Language
    format: SheetFormat


def ticket(asked: Asked) -> str:
    """What stands for it in a link, and only there."""
    plain = [asked.by.id, asdict(asked.chosen), asked.language, asked.format]
    return cursors.closed(orjson.dumps(plain, default=str), listing=LISTING)


async def opened(ticket: str) -> Asked:
    """Raises BadCursor, and RedemptionNotFound if they see orders no more."""
    by, chosen, language, format_ = orjson.loads(cursors.opened(ticket, listing=LISTING))
    person = await Person.filter(people.employed(), id=by).first()
    if person is None or not person.may(Grants.HR):
        raise RedemptionNotFound
    ids = {name: UUID(id) for name, id in chosen.items() if name.endswith("_id") and id}
    return Asked(person, Filter(**chosen | ids), language, SheetFormat(format_))


async def sheet(asked: Asked) -> Sheet:
    """In the order of the inbox; that they were taken out is in the audit trail."""
    orders = await inbox.first(asked.chosen, most=MOST)
    await audit.record("redemptions.exported", by=asked.by.id, count=len(orders))
    header = [text.to(asked.language) for text in HEADER]
    return Sheet(NAME.to(asked.language), header, await _told(orders, asked.language))


async def _told(orders: Sequence[Redemption], language: Language) -> list[list[Cell]]:
    buyers = await people.by_id([order.buyer_id for order in orders])
    columns = zip(
        orders,
        await inbox.ages(orders),
        await inbox.are_late(orders),
        await rewards.by_id([order.reward_id for order in orders]),
        await sites.by_id([order.site_id for order in orders]),
        buyers,
        await people.teams([buyer.team_id if buyer else None for buyer in buyers]),
        await people.by_id([order.proxy_id for order in orders]),
        strict=True,
    )
    return [
        [
            order.id.hex[:8],
            STATES[order.state].to(language),
            _local(order.requested_at),
            age,
            LATE.to(language) if is_late else "",
            reward.name.to(language),
            order.price,
            order.value_cents / 100,
            site.name if site else "",
            order.address or "",
            buyer.name if buyer else "",
            buyer.number if buyer else "",
            f"{team.department} {team.name}" if team else "",
            proxy.name if proxy else "",
        ]
        for order, age, is_late, reward, site, buyer, team, proxy in columns
    ]


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(settings.current().time_zone)):%Y-%m-%d %H:%M}"
