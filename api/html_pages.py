"""Pages for browsers: templates that escape what they show, one style sheet, and no script."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from core.text import Language

HERE = Path(__file__).parent / "html"
STYLE = (HERE / "style.css").read_text("utf-8")
LANGUAGES: dict[Language, str] = {"zh-CN": "简体中文", "zh-TW": "繁體中文", "en": "English"}
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; "
        f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-robots-tag": "noindex",
}

_templates = Environment(
    loader=FileSystemLoader(HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, language: Language, *, status: int = 200, **shown: Any) -> Response:
    """A template filled in."""
    html = _templates.get_template(f"{name}.html").render(
        style=STYLE,
        language=language,
        languages=LANGUAGES,
        **shown,
    )
    return HTMLResponse(html, status, HEADERS)
