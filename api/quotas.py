"""How a client learns that it was too much, and until when."""

from typing import ClassVar

import strawberry

from api.attempts import TooManyTries
from core import quotas
from core.errors import Refused


@strawberry.type(description="More than one person may write within an hour or a day.")
class TooMuchAtOnce(TooManyTries):
    tells: ClassVar[type[Refused]] = quotas.TooMuchAtOnce
