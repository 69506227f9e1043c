"""How a client learns how long to wait."""

from typing import ClassVar, Self, cast

import strawberry

from api.errors import Refusal
from core.errors import Refused
from core.identity import attempts
from core.text import Language


@strawberry.type(description="Tried too often.")
class TooManyTries(Refusal):
    tells: ClassVar[type[Refused]] = attempts.TooManyTries

    retry_after: int = strawberry.field(description="Seconds until another try is allowed.")

    @classmethod
    def of(cls, refused: Refused, language: Language) -> Self:
        return cls(
            code=refused.code,
            kind=refused.kind,
            message=refused.message(language),
            retry_after=cast("int", refused.facts["retry_after"]),
        )
