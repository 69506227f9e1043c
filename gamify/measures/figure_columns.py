"""Figure columns: which column of a file says what."""

from collections.abc import Mapping
from enum import StrEnum

from core.personnel.staff_columns import HEADERS as STAFF
from core.personnel.staff_columns import Field as OfStaff
from core.sheets.columns import Vocabulary


class Field(StrEnum):
    NUMBER = "number"
    DATE = "date"
    VOLUME = "volume"
    ON_DUTY = "on_duty"
    SCHEDULED = "scheduled"
    RESOLUTION = "resolution"
    SATISFACTION = "satisfaction"


HEADERS: Mapping[Field, str] = {
    Field.NUMBER: STAFF[OfStaff.NUMBER],
    Field.DATE: """
        日期 业务日期 统计日期 工作日期 数据日期 業務日期 統計日期 工作日期 資料日期
        date day businessdate workdate reportdate
    """,
    Field.VOLUME: """
        业务处理量 处理量 业务量 话务量 接通量 受理量 業務處理量 處理量 業務量 話務量 受理量
        volume handled contacts contactshandled calls callshandled handledvolume dailyvolume
    """,
    Field.ON_DUTY: """
        上班时长 在岗时长 工作时长 签入时长 实际工时 上班時長 在崗時長 工作時長 實際工時
        onduty ondutyhours hoursonduty hours workedhours hoursworked loginhours
    """,
    Field.SCHEDULED: """
        排班时长 计划时长 计划工时 应出勤时长 排班時長 計劃時長 計劃工時 應出勤時長
        scheduled scheduledhours hoursscheduled plannedhours
    """,
    Field.RESOLUTION: """
        一次解决率 首次解决率 首解率 一次解決率 首次解決率 首解率
        resolution firstcontactresolution fcr fcrrate resolutionrate
    """,
    Field.SATISFACTION: """
        满意度 满意度评分 客户满意度 滿意度 滿意度評分 客戶滿意度
        satisfaction csat satisfactionscore customersatisfaction
    """,
}

VOCABULARY = Vocabulary(
    HEADERS,
    required=[[Field.NUMBER], [Field.DATE], [Field.VOLUME], [Field.ON_DUTY], [Field.SCHEDULED]],
)
