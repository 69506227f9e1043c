"""The page that a developer sees first: who is there, what they may ask, and the answer."""

from pathlib import Path
from secrets import token_urlsafe

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core import settings
from core.text import Language, Text, negotiate

HERE = Path(__file__).parent
PAGE = HERE / "start.html"
EXAMPLES = HERE / "examples"
PERSONAS = "personas.json"

WORDS = {
    "house": Text("茶水间", "茶水间", "茶水間"),
    "lead": Text(
        "Choose somebody, change the query, run it.",
        "选一个人，改一改查询，然后运行。",
        "選一個人，改一改查詢，然後執行。",
    ),
    "who": Text("Who asks", "谁在查询", "誰在查詢"),
    "asked": Text("Query", "查询", "查詢"),
    "answered": Text("Answer", "结果", "結果"),
    "run": Text("Run", "运行", "執行"),
    "copy": Text("Copy the token", "复制令牌", "複製權杖"),
    "copied": Text("Copied", "已复制", "已複製"),
    "unreachable": Text("The service does not answer.", "服务没有响应。", "服務沒有回應。"),
}

ROLES = {
    "agent": Text("agent", "客服", "客服"),
    "colleague": Text("colleague", "同事", "同事"),
    "newcomer": Text("newcomer", "新人", "新人"),
    "moderator": Text("moderator", "版主", "版主"),
    "counsellor": Text("counsellor", "心理咨询师", "心理諮商師"),
    "supervisor": Text("supervisor", "主管", "主管"),
    "hr": Text("HR", "人事", "人事"),
    "operator": Text("operator", "运维", "維運"),
    "guest": Text("not signed in", "未登录", "未登入"),
}
GUEST = Text("Somebody", "路人", "路人")


async def get_start(request: Request) -> Response:
    language = negotiate(request.headers.get("accept-language", ""))
    nonce = token_urlsafe(16)
    html = PAGE.read_text("utf-8").replace("{{nonce}}", nonce).replace("{{language}}", language)
    html = html.replace("{{page}}", _page(language))
    return HTMLResponse(html, headers={"content-security-policy": _policy(nonce)})


ROUTES = [Route("/", get_start)]


def _page(language: Language) -> str:
    """What is shown, as JSON that cannot end the element it stands in."""
    guest = {"role": "guest", "name": GUEST.to(language), "token": ""}
    page = {
        "words": {name: text.to(language) for name, text in WORDS.items()},
        "personas": [_shown(persona, language) for persona in [*_personas(), guest]],
    }
    return orjson.dumps(page).decode().replace("<", "\\u003c")


def _personas() -> list[dict[str, str]]:
    """Those whose tokens the demo has written down."""
    file = settings.current().home / PERSONAS
    personas: list[dict[str, str]] = orjson.loads(file.read_bytes()) if file.exists() else []
    return personas


def _shown(persona: dict[str, str], language: Language) -> dict[str, str]:
    role, title = persona["role"].lower(), persona["role"]
    if role in ROLES:
        title = ROLES[role].to(language)
    query = _example(role if role in ROLES else "guest", language)
    return {"name": persona["name"], "token": persona["token"], "title": title, "query": query}


def _example(role: str, language: Language) -> str:
    """A query for this role; its first lines say in each language what it is about."""
    *about, query = (EXAMPLES / f"{role}.graphql").read_text("utf-8").split("\n", maxsplit=3)
    return f"{Text(*about).to(language)}\n{query}"


def _policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
