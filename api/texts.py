"""Texts in every language, as those write them who keep them."""

from typing import ClassVar

import strawberry

from api.views import view
from core.text import Text


@view(Text)
class Texts:
    """The same in every language."""

    steady: ClassVar = True

    en: str
    zh_cn: str
    zh_tw: str


@strawberry.input
class TextsInput:
    en: str
    zh_cn: str
    zh_tw: str

    @property
    def text(self) -> Text:
        return Text(self.en, self.zh_cn, self.zh_tw)
