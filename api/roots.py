"""Queries, mutations and subscriptions as plain functions.

    @query(Connection[Post])
    async def feed(viewer: Person, page: Page) -> pages.Connection[posts.Post]: ...

    @mutation(payload("PostCreated", Post))
    async def create_post(viewer: Person, text: str) -> posts.Post: ...

A mutation answers with a union of its payload, specific refusals and `Refusal`, named after it.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from re import sub
from types import ModuleType, NoneType
from typing import Any, Literal, get_args

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField
from strawberry.types.union import StrawberryUnion
from strawberry.utils.str_converters import to_camel_case

from api import policy
from api.context import Context, Info
from api.errors import Refusal
from api.signatures import Signature, signed
from api.views import AHEAD, SOURCE, itself, view
from core.errors import NotFound, Refused

Function = Callable[..., Any]
Kind = Literal["Query", "Mutation", "Subscription"]


@dataclass(frozen=True, eq=False)
class Root:
    kind: Kind
    answer: Function
    field: StrawberryField
    signature: Signature


def query(type_: Any) -> Callable[[Function], Root]:
    """A field of Query; where it may be null, what is not found is null."""
    optional = NoneType in get_args(type_)

    def decorate(function: Function) -> Root:
        async def answer(context: Context, **given: Any) -> Any:
            try:
                policy.admit(who, context.viewer)
                return await function(**signature.bind(context, given))
            except NotFound:
                if optional:
                    return None
                raise

        signature, who = Signature.of(function), policy.who("Query", _camel(function))
        return _root("Query", function, signature, answer, type_)

    return decorate


def mutation(payload: Any, *refusals: type[Refusal]) -> Callable[[Function], Root]:
    """A field of Mutation; what is refused becomes the first member that tells of it."""
    members = (payload, *refusals, Refusal)
    payload.passes_on = True  # for the policy: the row is the viewer's already

    def decorate(function: Function) -> Root:
        async def answer(context: Context, **given: Any) -> Any:
            try:
                policy.admit(who, context.viewer)
                return await function(**signature.bind(context, given))
            except Refused as refused:
                member = next(m for m in members[1:] if isinstance(refused, m.tells))
                return member.of(refused, context.language)

        signature, who = Signature.of(function), policy.who("Mutation", _camel(function))
        name = f"{_camel(function)[0].upper()}{_camel(function)[1:]}Result"
        union = StrawberryUnion(name, tuple(map(StrawberryAnnotation, members)))
        return _root("Mutation", function, signature, answer, union)

    return decorate


def subscription(type_: Any) -> Callable[[Function], Root]:
    """A field of Subscription: an async generator of rows."""

    def decorate(function: Function) -> Root:
        def answer(context: Context, **given: Any) -> Any:
            policy.admit(who, context.viewer)
            return function(**signature.bind(context, given))

        signature, who = Signature.of(function), policy.who("Subscription", _camel(function))
        return _root("Subscription", function, signature, answer, type_)

    return decorate


def payload(name: str, shown: type, **more: tuple[Any, Any]) -> type:
    """A payload that shows the row the action returned: `PostLiked { post }`.

    More fields are given as pairs of type and batch.
    """
    field = sub(r"(?<!^)(?=[A-Z])", "_", shown.__name__).lower()
    fields = {field: (shown, itself()), **more}
    members = {
        "__annotations__": {name: type_ for name, (type_, _) in fields.items()},
        "__module__": shown.__module__,
        **{name: declared for name, (_, declared) in fields.items()},
    }
    return view(*shown.rows)(type(name, (), members))  # type: ignore[attr-defined]


def compose(kind: str, modules: Iterable[ModuleType]) -> type:
    """The root type of all functions of one kind in these modules."""
    members = [member for module in modules for member in vars(module).values()]
    fields = [m.field for m in members if isinstance(m, Root) and m.kind == kind]
    return create_type(kind, fields)


def _root(
    kind: Kind, function: Function, signature: Signature, answer: Function, type_: Any
) -> Root:
    async def resolve(info: Info, **given: Any) -> Any:
        return await answer(info.context, **given)

    async def stream(info: Info, **given: Any) -> Any:
        async for row in answer(info.context, **given):
            yield row

    declare = strawberry.subscription if kind == "Subscription" else strawberry.field
    resolver = signed(stream if kind == "Subscription" else resolve, signature)
    resolver.__name__ = function.__name__.strip("_")
    field = declare(
        resolver=resolver,
        graphql_type=type_,
        description=inspect.getdoc(function),
        metadata={SOURCE: answer, AHEAD: AHEAD in signature.names},
    )
    return Root(kind, answer, field, signature)


def _camel(function: Function) -> str:
    return to_camel_case(function.__name__.strip("_"))
