"""Names: what colleagues are found by."""

from core.search import words
from core.search.words import Words


class PersonWords(Words):
    class Meta:
        table = "person_words"
        indexes = words.INDEXES
