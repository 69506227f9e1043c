"""Search: one text, and what is found in each kind of thing."""

from api.comments import Comment
from api.connections import Connection
from api.people import Person
from api.posts import Post
from api.roots import query
from api.tags import Tag
from api.views import ROW, batch, view
from community import search


@view(search.Search)
class Search:
    """Simplified Chinese finds traditional, and the beginning of a word the word."""

    posts: Connection[Post] = batch(search.saying_so, key=ROW)
    comments: Connection[Comment] = batch(search.answering, key=ROW)
    tags: Connection[Tag] = batch(search.tagging, key=ROW)
    people: Connection[Person] = batch(search.named, key=ROW)


@query(Search)
async def search_(text: str) -> search.Search:
    """What stands between blanks must all be found; without a blank it stands side by side."""
    return search.Search.of(text)
