"""Who is shown as the author: a person, or the alias of one who writes anonymously."""

from typing import Annotated

import strawberry

from api.people import Person
from api.views import ROW, batch, view
from community import aliases


@view(aliases.Alias)
class Alias:
    """An anonymous author: one name within a thread, another in every other."""

    name: str = batch(aliases.shown, key=ROW, steady=True)


Author = Annotated[Person | Alias, strawberry.union("Author")]
