import json
import re
from pathlib import Path

from cli import COMMANDS
from community.buckets import BUCKET
from community.groups import GroupKind
from community.posts import Post
from core import clock
from tests.makers import a_crowd, a_group, a_member, a_post, graphql

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_every_command_that_is_named_exists():
    handled = {*COMMANDS, "bench", "check", "lock", "test"}
    for page in [README, *(path.read_text() for path in ROOT.glob("docs/*.md"))]:
        for command in re.findall(r"python3 run\.py ([a-z-]+)", page):
            assert command in handled


def test_every_page_that_is_named_exists():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target


async def test_the_first_query_gets_the_answer_that_is_shown():
    query = re.search(r'"query":\s+"({.*})"}', README)
    answer = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    shown = json.loads(answer[1])["data"]
    [node] = [edge["node"] for edge in shown["feed"]["edges"]]
    shelter = await a_group(kind=GroupKind.SUPPORT)
    ann, *_ = await a_crowd(shelter)
    with clock.set_to(shelter.created_at - 2 * BUCKET):
        post = await a_post(shelter, by=await a_member(shelter), text=node["text"], anonymous=True)
    await Post.filter(id=post.id).update(alias=node["author"]["name"].lower())

    assert await graphql(query[1], by=ann) == shown
