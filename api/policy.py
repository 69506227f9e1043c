"""Who may see and do what: one table, by type and field. What is not listed fails the build."""

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType
from strawberry import Schema

from api.policies import badges, community, core, gamify, referrals, rulebook, shop
from api.who import REACHED, Who
from core.errors import Forbidden, Unauthenticated
from core.people import Person
from core.text import Text


class SignInFirst(Unauthenticated):
    text = Text("Please sign in.", "请先登录。", "請先登入。")


class NotYours(Forbidden):
    text = Text("You may not do this.", "您没有权限这样做。", "您沒有權限這樣做。")


ROOTS = {"Query", "Mutation", "Subscription"}

#: In a field's extensions: whom it is for, if not for all who reach its object.
WHO = "who"


class PolicyIncomplete(TypeError):
    """The table contradicts itself or the schema, or what may be withheld can not be null."""


def _table() -> dict[tuple[str, str], Who]:
    parts = (core, community, gamify, badges, rulebook, shop, referrals)
    lines = [
        ((type_, field), who)
        for policy in (part.POLICY for part in parts)
        for type_, rules in policy.items()
        for who, fields in rules.items()
        for field in fields.split()
    ]
    counted = Counter(line for line, _ in lines)
    if twice := [line for line, times in counted.items() if times > 1]:
        raise PolicyIncomplete(f"listed more than once: {twice}")
    return dict(lines)


TABLE = _table()


def who(type_: str, field: str) -> Who:
    """Raises PolicyIncomplete where the table says nothing."""
    try:
        return TABLE[type_, field]
    except KeyError:
        raise PolicyIncomplete(f"{type_}.{field} is not in the policy table") from None


def admit(who: Who, viewer: Person | None) -> None:
    """Let the viewer use a root field. Raises SignInFirst or NotYours."""
    if not who.holds(viewer, None):
        raise NotYours if viewer else SignInFirst


def enforce(schema: Schema) -> None:
    """Check the table against the schema, and withhold from the others what is for some only."""
    types = schema._schema.type_map.items()  # noqa: SLF001  # Strawberry hands it out nowhere else
    fields = {
        (name, field): definition
        for name, type_ in types
        if isinstance(type_, GraphQLObjectType) and not _is_exempt(name, type_)
        for field, definition in type_.fields.items()
    }
    if differing := fields.keys() ^ TABLE.keys():
        raise PolicyIncomplete(f"not in both policy table and schema: {sorted(differing)}")
    for (name, field), definition in fields.items():
        if name not in ROOTS and who(name, field) is not REACHED:
            _withhold(definition, who(name, field))


def _is_exempt(name: str, type_: GraphQLObjectType) -> bool:
    """Introspection is the limits' affair; payloads and pages only pass on what they hold."""
    origin = getattr(type_.extensions.get("strawberry-definition"), "origin", None)
    return name.startswith("__") or getattr(origin, "passes_on", False)


def _withhold(definition: GraphQLField, who: Who) -> None:
    if isinstance(definition.type, GraphQLNonNull):
        raise PolicyIncomplete(f"a field for {who.name} must be able to be null")
    resolve = cast("Callable[..., Any]", definition.resolve)

    def guarded(row: Any, info: Any, **given: Any) -> Any:
        return resolve(row, info, **given) if who.holds(info.context.viewer, row) else None

    definition.resolve = guarded
    definition.extensions[WHO] = who
