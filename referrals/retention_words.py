"""Retention in words: what stands in charts and workbooks."""

from core.people import HireChannel
from core.text import Language, Text
from referrals.retention import Retention, Scope

EVERYBODY = Text("Everybody", "全体", "全體")
CHANNELS = {
    HireChannel.CAMPUS: Text("Campus", "校园招聘", "校園徵才"),
    HireChannel.OPEN_MARKET: Text("Open market", "社会招聘", "公開招聘"),
    HireChannel.REFERRAL: Text("Referral", "内部推荐", "內部推薦"),
    HireChannel.HEADHUNTER: Text("Headhunter", "猎头", "獵頭"),
    HireChannel.OTHER: Text("Other", "其他", "其他"),
}

TITLE = Text(
    "How long people stay, by hiring channel",
    "留任情况（按招聘渠道）",
    "留任情況（依招聘管道）",
)
HIRED_IN = Text("hired in {year}", "{year} 年入职", "{year} 年到職")
METHOD = Text(
    "Kaplan–Meier, 95 % limits (log-log), as of {on}. Who is still here is censored.",
    "Kaplan–Meier 估计，95% 置信区间（log-log），截至 {on}。仍在职者按删失处理。",
    "Kaplan–Meier 估計，95% 信賴區間（log-log），截至 {on}。仍在職者以設限處理。",
)
AT_RISK = Text("Still watched", "在观察人数", "仍在觀察人數")
DAYS = Text("days since hired", "入职天数", "到職天數")
N = Text("n {n}", "共 {n} 人", "共 {n} 人")
NOTHING_TOLD = Text(
    "There are too few people to tell of.",
    "人数太少，无法显示。",
    "人數太少，無法顯示。",
)
NOT_TOLD = Text(
    "Not told, because too little could hide one person: {channels}",
    "因人数太少或差异太小而未显示：{channels}",
    "因人數太少或差異太小而未顯示：{channels}",
)

SUMMARY = Text("Summary", "汇总", "彙總")
STEPS = Text("Steps", "逐日", "逐日")
WHOLE = Text("Company", "全公司", "全公司")

WHO = [
    Text("Who", "范围", "範圍"),
    Text("Channel", "招聘渠道", "招聘管道"),
]
FIGURES = [
    Text("Hired", "入职人数", "到職人數"),
    Text("Left", "离职人数", "離職人數"),
    Text("Still here (censored)", "仍在职（删失）", "仍在職（設限）"),
    Text("Median days", "中位天数", "中位天數"),
    Text("Median, lower", "中位下限", "中位下限"),
    Text("Median, upper", "中位上限", "中位上限"),
]
MARK = [
    Text("Day {day}, stayed", "第 {day} 天留任率", "第 {day} 天留任率"),
    Text("Day {day}, lower", "第 {day} 天下限", "第 {day} 天下限"),
    Text("Day {day}, upper", "第 {day} 天上限", "第 {day} 天上限"),
    Text("Day {day}, at risk", "第 {day} 天在观察", "第 {day} 天仍在觀察"),
]
STEP = [
    Text("Day", "天", "天"),
    Text("At risk", "在观察", "仍在觀察"),
    Text("Left", "离职", "離職"),
    Text("Censored", "删失", "設限"),
    Text("Stayed", "留任率", "留任率"),
    Text("Lower", "下限", "下限"),
    Text("Upper", "上限", "上限"),
]


def channel(one: Retention, language: Language) -> str:
    return (CHANNELS[one.channel] if one.channel else EVERYBODY).to(language)


def scope(whom: Scope, language: Language) -> str:
    if whom.year:
        return HIRED_IN.to(language, year=whom.year)
    return whom.department or WHOLE.to(language)
