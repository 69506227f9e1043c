import json
import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from graphql import build_schema, parse, validate

from api.schema import schema
from api.start import EXAMPLES, ROLES
from core.people import Grants
from tests.api.edge import client, get
from tests.makers import a_person, a_token


@pytest.fixture
def home(set_limits, tmp_path: Path) -> Path:
    set_limits(development=True, home=tmp_path)
    return tmp_path


def shown(answer: httpx.Response) -> dict:
    """What the page's script is given."""
    return json.loads(re.search(r'type="application/json"[^>]*>(.*?)</script>', answer.text)[1])


async def test_the_page_is_there_in_development_only(set_limits):
    assert (await get("/")).status_code == 404
    set_limits(development=True)
    assert (await get("/")).status_code == 200


async def test_personas_of_the_demo_are_listed_each_with_its_query(home):
    ann = {"role": "HR", "name": "Ann", "token": "t1", "password": "hers"}
    bob = {"role": "astronaut", "name": "Bob", "token": "t2"}
    (home / "personas.json").write_text(json.dumps([ann, bob]))

    answer = await get("/")
    personas = shown(answer)["personas"]

    assert "hers" not in answer.text
    assert [(p["name"], p["title"], p["token"]) for p in personas] == [
        ("Ann", "HR", "t1"),
        ("Bob", "astronaut", "t2"),
        ("Somebody", "not signed in", ""),
    ]
    assert "query MyDevices" in personas[0]["query"]
    assert "query WhoAmI" in personas[1]["query"]


async def test_without_a_demo_there_is_somebody_all_the_same(home):
    [guest] = shown(await get("/"))["personas"]
    assert (guest["name"], guest["title"], guest["token"]) == ("Somebody", "not signed in", "")


@pytest.mark.parametrize(
    ("asked", "language", "run", "about"),
    [
        ("de, en;q=0.5", "en", "Run", "# What there is to read before one signs in."),
        ("zh-CN, en;q=0.5", "zh-CN", "运行", "# 登录之前能读到的内容。"),
        ("zh-Hant", "zh-TW", "執行", "# 登入之前能讀到的內容。"),
    ],
)
async def test_it_speaks_the_readers_language(home, asked, language, run, about):
    answer = await get("/", accept_language=asked)
    page = shown(answer)
    assert f'<html lang="{language}">' in answer.text
    assert page["words"]["run"] == run
    assert page["personas"][0]["query"].splitlines()[0] == about


async def test_a_name_cannot_end_the_script(home):
    name = "</script><script>alert(1)</script>"
    persona = {"role": "agent", "name": name, "token": ""}
    (home / "personas.json").write_text(json.dumps([persona]))
    answer = await get("/")
    assert "alert(1)</script>" not in answer.text
    assert shown(answer)["personas"][0]["name"] == name


async def test_only_the_scripts_and_styles_of_the_page_itself_may_run(home):
    first, second = await get("/"), await get("/")
    policy = first.headers["content-security-policy"]
    [nonce] = set(re.findall(r"'nonce-([^']+)'", policy))
    assert policy.startswith("default-src 'none'; ")
    assert re.findall(r"<(?:script|style)[^>]*nonce=\"([^\"]*)\"", first.text) == [nonce] * 3
    assert nonce not in second.text


async def test_it_needs_nothing_from_elsewhere(home):
    loaded = Loaded()
    loaded.feed((await get("/")).text)
    assert [url.partition(":")[0] for url in loaded.urls] == ["data"]


class Loaded(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.urls += [value or "" for name, value in attrs if name in {"src", "href", "action"}]


async def test_every_role_has_a_query_that_fits_the_schema():
    assert {path.stem for path in EXAMPLES.iterdir()} == set(ROLES)
    for path in EXAMPLES.iterdir():
        assert validate(build_schema(schema().as_str()), parse(path.read_text())) == [], path.name


async def test_every_query_has_an_answer(home):
    everything = await a_person(grants=sum(Grants))
    headers = {"authorization": f"Bearer {await a_token(everything)}"}
    async with client(headers=headers) as http:
        for path in EXAMPLES.iterdir():
            answer = await http.post("/graphql", json={"query": path.read_text()})
            assert "errors" not in answer.json(), path.name
