"""The page that a developer sees first: who is there, what they may ask, and the answer."""

from pathlib import Path
from secrets import token_urlsafe
from typing import Any

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

NOBODY = "nobody"

WORDS = {
    "lead": Text(
        "Choose somebody, change the query, run it. Ctrl+Enter runs it too.",
        "选一个人，改一改查询，然后运行（也可按 Ctrl+Enter）。",
        "選一個人，改一改查詢，然後執行（也可按 Ctrl+Enter）。",
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
    NOBODY: Text("not signed in", "未登录", "未登入"),
    "agent": Text("agent", "客服", "客服"),
    "colleague": Text("colleague", "同事", "同事"),
    "newcomer": Text("newcomer", "新人", "新人"),
    "moderator": Text("moderator", "版主", "版主"),
    "counsellor": Text("counsellor", "心理咨询师", "心理諮商師"),
    "supervisor": Text("supervisor", "主管", "主管"),
    "hr": Text("HR", "人事", "人事"),
    "operator": Text("operator", "运维", "維運"),
}


async def get_start(request: Request) -> Response:
    language = negotiate(request.headers.get("accept-language", ""))
    nonce = token_urlsafe(16)
    page = {
        "words": {name: text.to(language) for name, text in WORDS.items()},
        "personas": [_shown(persona, language) for persona in _personas()],
    }
    html = PAGE.read_text("utf-8").replace("{{nonce}}", nonce).replace("{{language}}", language)
    html = html.replace("{{page}}", orjson.dumps(page).decode().replace("<", "\\u003c"))
    return HTMLResponse(html, headers={"content-security-policy": _policy(nonce)})


ROUTES = [Route("/", get_start)]


def _personas() -> list[dict[str, str]]:
    """Whoever the demo left a token of; always somebody without one."""
    nobody = {"role": NOBODY, "name": "—", "token": ""}
    try:
        content = (settings.current().home / PERSONAS).read_bytes()
    except FileNotFoundError:
        return [nobody]
    return [*orjson.loads(content), nobody]


def _shown(persona: dict[str, str], language: Language) -> dict[str, Any]:
    role = persona["role"].lower()
    title = ROLES[role].to(language) if role in ROLES else persona["role"]
    return persona | {"title": title, "query": _example(role)}


def _example(role: str) -> str:
    return (EXAMPLES / f"{role if role in ROLES else NOBODY}.graphql").read_text("utf-8")


def _policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
