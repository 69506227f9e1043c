"""Staff columns: which column of a file says what, by the header that HR gave it."""

from collections.abc import Mapping
from enum import StrEnum

from core.sheets.columns import Vocabulary


class Field(StrEnum):
    NUMBER = "number"
    NAME = "name"
    DEPARTMENT = "department"
    TEAM = "team"
    PHONE = "phone"
    HIRED_ON = "hired_on"
    HIRE_CHANNEL = "hire_channel"
    LEFT_ON = "left_on"
    HR = "hr"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"


HEADERS: Mapping[Field, str] = {
    Field.NUMBER: """
        工号 员工工号 员工号 员工编号 职工号 职员编号 人员编号 编号
        工號 員工工號 員工號 員工編號 職工號 職員編號 人員編號 員編 編號
        employeenumber employeeno employeeid employeecode empno empid empcode
        staffnumber staffno staffid staffcode personnelnumber personnelno personnelid
        payrollnumber payrollno workerid number
    """,
    Field.NAME: """
        姓名 员工姓名 中文姓名 中文名 真实姓名 名字 員工姓名 真實姓名
        fullname employeename staffname displayname name
    """,
    Field.DEPARTMENT: """
        部门 所属部门 所在部门 部门名称 一级部门 部門 所屬部門 所在部門 部門名稱 單位
        department departmentname dept division
    """,
    Field.TEAM: """
        班组 所属班组 小组 团队 组别 班組 所屬班組 小組 團隊 組別
        team teamname group groupname crew
    """,
    Field.PHONE: """
        手机号码 手机号 手机 移动电话 联系手机 本人手机 联系电话 电话号码 电话 联系方式
        手機號碼 手機號 手機 行動電話 流動電話 聯絡電話 聯繫電話 電話號碼 電話
        mobilephone mobilenumber mobileno mobilephonenumber mobile cellphone cell
        phonenumber phoneno phone contactnumber telephonenumber telephone tel
    """,
    Field.HIRED_ON: """
        入职日期 入职时间 入职日 到岗日期 报到日期 入職日期 入職時間 入職日 到職日期 到職日 報到日期
        hiredon hiredate hiringdate datehired dateofhire startdate joindate joiningdate
        dateofjoining datejoined entrydate onboardingdate
    """,
    Field.HIRE_CHANNEL: """
        招聘渠道 招聘来源 入职渠道 渠道 招聘管道 招募管道 招聘來源 招募來源 入職渠道 管道
        hirechannel hiringchannel recruitmentchannel recruitingchannel recruitchannel
        sourceofhire hiresource hiringsource recruitmentsource channel source
    """,
    Field.LEFT_ON: """
        离职日期 离职时间 离职日 離職日期 離職時間 離職日
        lefton leftdate dateleft leavedate leavingdate dateofleaving terminationdate
        termdate exitdate separationdate enddate
    """,
    Field.HR: """
        hr 是否hr hr权限 人事 人力资源 是否人事 hr權限 人力資源 是否人資 人資
        ishr humanresources hrgrant
    """,
    Field.SUPERVISOR: """
        主管 是否主管 主管权限 班组长 组长 班长 是否组长 主管權限 班組長 組長 班長 是否組長
        supervisor issupervisor teamlead teamleader isteamlead isteamleader
    """,
    Field.MANAGER: """
        直属上级工号 上级工号 直接上级工号 直属主管工号 主管工号 经理工号 汇报对象工号
        直属上级 直接上级 上级 直属主管 直属领导 汇报对象
        直屬上級工號 上級工號 直屬主管工號 主管工號 直屬主管員工編號 主管員工編號
        直屬上級 直接上級 上級 直屬主管 匯報對象 彙報對象
        managernumber managerno managerid manageremployeenumber managersemployeenumber
        manageremployeeno manageremployeeid managercode supervisornumber supervisorno supervisorid
        linemanagerid linemanagernumber linemanager directmanager manager reportsto reportingto
    """,
}

VOCABULARY = Vocabulary(HEADERS, required=[[Field.NUMBER], [Field.NAME]])
