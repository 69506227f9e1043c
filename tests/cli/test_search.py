import pytest

from community.posts import PostWords
from core.people import Person
from tests.makers import a_post, send

pytestmark = pytest.mark.committed


async def test_what_was_loaded_past_the_service_is_found_after_a_rebuild(command):
    post = await a_post(text="积分")
    await PostWords.all().delete()

    told = command("search", "rebuild").stdout
    assert told == "3 posts, comments, tags and people can be found\n"

    data = await send("Search", by=await Person.get(id=post.author_id), text="积分")
    assert [edge["node"]["text"] for edge in data["posts"]["edges"]] == ["积分"]
