"""Asks for everything there is to ask: every field of every type, as deep as the limits let."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from api.schema import schema

DEPTH = 3  # objects within objects
FIRST = 3  # rows of an inner list
ID = re.compile(r'(?<=[iI]d: )"([a-z]+_[0-9a-f]{32})"')
TOKEN = re.compile(r"\w+|[^\w\s]")
TOKENS = 900  # of a document, at most: less than the limit by what stands around it
WORDS = ["post", "zinnia"]  # that are searched for
TEXTUAL = {"ID", "String"}
TEXTS = '{ en: "A" zhCn: "甲" zhTw: "甲" }'
DRAFTS = {
    "BadgeDraft": f"{{ kind: EARNED icon: CUP name: {TEXTS} words: {TEXTS} "
    "levels: [{ level: GOLD times: 1 }] }",
    "RuleDraft": f'{{ name: "a-rule" title: {TEXTS} event: "answer.accepted" payee: "answerer" '
    "points: 5 budget: 100 terms: {} }",
}


def documents(ids: Sequence[str]) -> Iterator[str]:
    """A document for each field of Query, with each id where one is asked for."""
    query = schema()._schema.query_type  # noqa: SLF001  # Strawberry hands it out nowhere else
    for name, field in query.fields.items():
        required = {arg: of for arg, of in field.args.items() if is_required_argument(of)}
        needed = [arg for arg, of in required.items() if get_named_type(of.type).name in TEXTUAL]
        fixed = [
            f"{arg}: {_fixed(arg, required[arg].type)}" for arg in required if arg not in needed
        ]
        optional = [arg for arg in field.args if arg.endswith("Id")]
        given = WORDS if needed == ["text"] else ids
        rest = " ".join([*fixed, *([f"first: {FIRST}"] if "first" in field.args else [])])
        for arguments in _arguments(needed or optional, given, rest, bare=not needed):
            for selection in _selections(field.type):
                yield f"{{ {name}{arguments} {selection} }}"


def request(document: str) -> dict[str, Any]:
    """How to send it: ids apart, so that a text is checked and compiled once for all of them."""
    ids = {id: f"id{n}" for n, id in enumerate(dict.fromkeys(ID.findall(document)))}
    if not ids:
        return {"query": document}
    declared = " ".join(f"${name}: ID!" for name in ids.values())
    kind = "" if document.startswith("mutation") else "query "
    text = kind + ID.sub(lambda match: f"${ids[match[1]]}", document)
    named = text.replace(" {", f" ({declared}) {{", 1)
    return {"query": named, "variables": {n: id for id, n in ids.items()}}


def _arguments(names: Sequence[str], ids: Sequence[str], rest: str, *, bare: bool) -> Iterator[str]:
    """With each id, and without any where that is possible."""
    for id in ids if names else ():
        given = [f'{name}: "{id}"' for name in names]
        yield f"({' '.join([*given, rest])})"
    if bare:
        yield f"({rest})" if rest else ""


def _fixed(name: str, type_: Any) -> str:
    """A value that is not refused."""
    return DRAFTS.get(get_named_type(type_).name) or _literal(name, type_, {})


def _selections(type_: Any) -> list[str]:
    """Of an interface, one for each type: their fields may differ in what they return."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLObjectType):
        return [*_cut([*_fields(named, DEPTH)])]
    if not isinstance(named, GraphQLInterfaceType):
        return [_selection(named, DEPTH)]
    possible = schema()._schema.get_possible_types(named)  # noqa: SLF001  # as above
    return [
        f"{{ ... on {one.name} {part} }}"
        for one in possible
        for part in _cut([*_fields(one, DEPTH)])
    ]


def _cut(fields: Sequence[str]) -> Iterator[str]:
    """All of them, in as many selections as the limits ask for."""
    whole = f"{{ __typename {' '.join(fields)} }}"
    if len(fields) == 1 or len(TOKEN.findall(whole)) < TOKENS:
        yield whole
    else:
        yield from _cut(fields[: len(fields) // 2])
        yield from _cut(fields[len(fields) // 2 :])


def _selection(type_: Any, depth: int) -> str:
    named = get_named_type(type_)
    if is_leaf_type(named):
        return ""
    if isinstance(named, GraphQLUnionType):
        parts = [
            f"... on {possible.name} {_selection(possible, depth)}"
            for possible in schema()._schema.get_possible_types(named)  # noqa: SLF001  # as above
        ]
        return f"{{ __typename {' '.join(parts)} }}"
    assert isinstance(named, GraphQLObjectType)
    return f"{{ __typename {' '.join(_fields(named, depth))} }}"


def _fields(type_: GraphQLObjectType, depth: int) -> Iterator[str]:
    within_page = type_.name.endswith(("Connection", "Edge"))
    for name, field in type_.fields.items():
        if is_leaf_type(get_named_type(field.type)):
            yield name
        elif depth > 1 or within_page:
            inner = _selection(field.type, depth if within_page else depth - 1)
            yield f"{name}{_first(field)} {inner}"


def _first(field: Any) -> str:
    return f"(first: {FIRST})" if "first" in field.args else ""


def mutations(known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each field of Mutation with its name; `known` has the ids by the arguments that take them."""
    mutation = schema()._schema.mutation_type  # noqa: SLF001  # as above
    for name, field in mutation.fields.items():
        given = [f"{arg}: {_literal(arg, of.type, known)}" for arg, of in field.args.items()]
        arguments = f"({' '.join(given)})" if given else ""
        yield name, f"mutation {{ {name}{arguments} {_selection(field.type, DEPTH)} }}"


def _literal(name: str, type_: Any, known: dict[str, str]) -> str:
    """A value an argument takes, whatever comes of it."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        needed = {n: f.type for n, f in named.fields.items() if is_required_input_field(f)}
        inner = [f"{n}: {_literal(n, of, known)}" for n, of in needed.items()]
        return f"{{ {' '.join(inner)} }}"
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    if named.name == "ID":
        return f'"{known.get(name, known["subjectId"])}"'
    return VALUES.get(named.name, '"words"')


#: By the names of scalars; text for all others.
VALUES = {
    "Boolean": "true",
    "Date": '"2030-01-01"',
    "DateTime": '"2030-01-01T00:00Z"',
    "Int": "1",
    "Time": '"22:30"',
}


def page(name: str, arguments: str) -> str:
    """Every field of one page of a list."""
    field = schema()._schema.query_type.fields[name]  # noqa: SLF001  # as above
    return f"{{ {name}({arguments}) {_selection(field.type, DEPTH)} }}"


def subscription(name: str, arguments: str) -> str:
    """Every field of what is told live."""
    field = schema()._schema.subscription_type.fields[name]  # noqa: SLF001  # as above
    return f"subscription {{ {name}({arguments}) {_selection(field.type, DEPTH)} }}"
