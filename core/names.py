"""Names: what colleagues are found by."""

from core import words
from core.words import Words


class PersonWords(Words):
    class Meta:
        table = "person_words"
        indexes = words.INDEXES
