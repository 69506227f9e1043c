import pytest

from core.personnel.staff_columns import HEADERS, VOCABULARY, Field
from core.sheets.columns import MissingColumns

SIMPLIFIED = "工号 姓名 部门 班组 手机号码 入职日期 招聘渠道 离职日期 HR 主管 直属上级"
TRADITIONAL = "員工編號 姓名 部門 班組 行動電話 到職日期 招募管道 離職日期 人資 組長 直屬主管"
ENGLISH = (
    "Employee No.|Full Name|Department|Team|Mobile phone|Hire_Date|Hiring Channel"
    "|Termination date|Is HR?|TeamLead|Manager's employee number"
)


@pytest.mark.parametrize("headers", [SIMPLIFIED.split(), TRADITIONAL.split(), ENGLISH.split("|")])
def test_headers_are_known_in_every_language(headers):
    columns = VOCABULARY.mapped(headers)
    assert columns.places == {field: place for place, field in enumerate(Field)}
    assert columns.ignored == []


def test_remarks_in_a_header_do_not_matter():
    columns = VOCABULARY.mapped(["工号（必填）", "姓 名*", "手机号码[11位]"])
    assert columns.places == {Field.NUMBER: 0, Field.NAME: 1, Field.PHONE: 2}


def test_unknown_columns_are_named_and_ignored():
    assert VOCABULARY.mapped(["工号", "身份证号", "姓名", ""]).ignored == ["身份证号"]


def test_of_two_columns_for_one_field_the_clearer_counts_and_the_other_is_named():
    columns = VOCABULARY.mapped(["编号", "联系电话", "工号", "姓名", "手机"])
    assert columns.places == {Field.NUMBER: 2, Field.NAME: 3, Field.PHONE: 4}
    assert columns.ignored == ["编号", "联系电话"]


def test_a_file_without_numbers_or_names_is_refused():
    with pytest.raises(MissingColumns) as refused:
        VOCABULARY.mapped(["部门", "Salary"])
    assert refused.value.facts == {
        "columns": "工号 (number), 姓名 (name)",
        "headers": "部门, Salary",
    }


def test_no_header_names_two_fields():
    headers = [header for field in HEADERS for header in set(HEADERS[field].split())]
    assert len(headers) == len(set(headers))
