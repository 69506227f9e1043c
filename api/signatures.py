"""How a domain function's keywords look to a client.

`viewer`, `language`, `context` and `ahead` come from the request; `page` becomes the arguments
`first` and `after`; all others are arguments of the same name and type.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, Self, get_type_hints

from api.context import Context, Info
from core.pages import DEFAULT, Page

OURS = {"viewer", "context", "language", "page", "ahead"}
FIRST = Parameter("first", Parameter.KEYWORD_ONLY, annotation=int, default=DEFAULT)
AFTER = Parameter("after", Parameter.KEYWORD_ONLY, annotation=str | None, default=None)


@dataclass(frozen=True)
class Signature:
    names: frozenset[str]
    arguments: tuple[Parameter, ...]

    @classmethod
    def of(cls, function: Callable[..., Any], *, skip: int = 0) -> Self:
        hints = get_type_hints(function, include_extras=True)
        parameters = list(inspect.signature(function).parameters.values())[skip:]
        names = frozenset(parameter.name for parameter in parameters)
        given = [
            p.replace(annotation=hints[p.name], kind=Parameter.KEYWORD_ONLY)
            for p in parameters
            if p.name not in OURS
        ]
        return cls(names, (*given, FIRST, AFTER) if "page" in names else tuple(given))

    def bind(self, context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
        """The keywords of a call. BadPageSize if a client asks for too much at once."""
        keywords = dict(given)
        if "page" in self.names:
            keywords["page"] = Page(keywords.pop("first"), keywords.pop("after"))
        if "viewer" in self.names:
            keywords["viewer"] = context.viewer
        if "language" in self.names:
            keywords["language"] = context.language
        if "context" in self.names:
            keywords["context"] = context
        if "ahead" in self.names:
            keywords["ahead"] = context.ahead
        return keywords


def signed(
    resolver: Callable[..., Any], signature: Signature, *, bound_to_row: bool = False
) -> Callable[..., Any]:
    """Let Strawberry see the arguments that the domain function takes."""
    either = Parameter.POSITIONAL_OR_KEYWORD
    row = [Parameter("root", either, annotation=Any)] if bound_to_row else []
    info = Parameter("info", either, annotation=Info)
    resolver.__signature__ = inspect.Signature([*row, info, *signature.arguments])  # type: ignore[attr-defined]
    return resolver
