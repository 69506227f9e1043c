"""How heavy a document may be, and what its author hears when it is heavier."""

from api.weights import Weight
from core.errors import Forbidden, Invalid
from core.text import Text

BODY = 200_000
"""bytes"""
TOKENS = 1_000
LINES = 5_000
"""finding the place of each mistake takes a walk over all of them"""
DEPTH = 10
FIELDS = 1_000
ALIASES = 15
DIRECTIVES = 20
COST = 5_000


class TooManyTokens(Invalid):
    text = Text(
        "The document has more than {limit} tokens.",
        "查询文档超过了 {limit} 个词元。",
        "查詢文件超過了 {limit} 個詞元。",
    )


class TooManyLines(Invalid):
    text = Text(
        "The document has more than {limit} lines.",
        "查询文档超过了 {limit} 行。",
        "查詢文件超過了 {limit} 行。",
    )


class TooDeep(Invalid):
    text = Text(
        "The document is nested more than {limit} levels deep.",
        "查询文档的嵌套超过了 {limit} 层。",
        "查詢文件的巢狀超過了 {limit} 層。",
    )


class TooManyFields(Invalid):
    text = Text(
        "The operation selects more than {limit} fields.",
        "该操作选择了超过 {limit} 个字段。",
        "該操作選取了超過 {limit} 個欄位。",
    )


class TooManyAliases(Invalid):
    text = Text(
        "The operation uses more than {limit} aliases.",
        "该操作使用了超过 {limit} 个别名。",
        "該操作使用了超過 {limit} 個別名。",
    )


class TooManyDirectives(Invalid):
    text = Text(
        "The operation uses more than {limit} directives.",
        "该操作使用了超过 {limit} 个指令。",
        "該操作使用了超過 {limit} 個指令。",
    )


class TooCostly(Invalid):
    text = Text(
        "The operation costs {cost} points; {limit} are allowed. Ask for smaller pages.",
        "该操作需要 {cost} 点，最多允许 {limit} 点。请减小每页的数量。",
        "該操作需要 {cost} 點，最多允許 {limit} 點。請減小每頁的數量。",
    )


class IntrospectionOff(Forbidden):
    text = Text(
        "Introspection is off here; the schema is published.",
        "此处已关闭内省，请查阅已发布的 schema。",
        "此處已關閉內省，請查閱已發布的 schema。",
    )


def check(weight: Weight, *, introspection: bool) -> None:
    """Refuse what is too heavy whatever its variables are; its cost is not looked at."""
    if weight.introspects and not introspection:
        raise IntrospectionOff
    if weight.depth > DEPTH:
        raise TooDeep(limit=DEPTH)
    if weight.fields > FIELDS:
        raise TooManyFields(limit=FIELDS)
    if weight.aliases > ALIASES:
        raise TooManyAliases(limit=ALIASES)
    if weight.directives > DIRECTIVES:
        raise TooManyDirectives(limit=DIRECTIVES)


def check_cost(cost: int) -> None:
    if cost > COST:
        raise TooCostly(cost=cost, limit=COST)
