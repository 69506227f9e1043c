"""Shift columns: which column of a roster says what."""

from collections.abc import Mapping
from enum import StrEnum

from core.personnel.staff_columns import HEADERS as STAFF
from core.personnel.staff_columns import Field as OfStaff
from core.sheets.columns import Vocabulary


class Field(StrEnum):
    NUMBER = "number"
    DATE = "date"
    BEGINS = "begins"
    ENDS = "ends"
    CODE = "code"


HEADERS: Mapping[Field, str] = {
    Field.NUMBER: STAFF[OfStaff.NUMBER],
    Field.DATE: """
        日期 班次日期 排班日期 上班日期 工作日期 出勤日期 值班日期 排班日
        date day shiftdate rosterdate dutydate workdate workingdate
    """,
    Field.BEGINS: """
        上班 上班时间 开始 开始时间 起始时间 班次开始 签入
        上班時間 開始 開始時間 起始時間 班次開始
        begin begins beginsat begintime start starts startsat starttime shiftstart from timein
    """,
    Field.ENDS: """
        下班 下班时间 结束 结束时间 终止时间 班次结束 签出
        下班時間 結束 結束時間 終止時間 班次結束
        end ends endsat endtime finish finishtime shiftend to until timeout
    """,
    Field.CODE: """
        班次 班别 班次代码 班次名称 排班 班型 时段 班次时间 工作时间
        班別 班次代碼 班次名稱 時段 班次時間 工作時間
        shift shiftcode shifttype shiftname code duty hours shifthours
    """,
}

VOCABULARY = Vocabulary(
    HEADERS,
    required=[
        [Field.NUMBER],
        [Field.DATE, Field.BEGINS],
        [Field.BEGINS, Field.CODE],
        [Field.ENDS, Field.CODE],
    ],
)
