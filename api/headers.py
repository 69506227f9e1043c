"""What every answer tells browsers: guess nothing, pass nothing on, keep nothing, frame nothing."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}


class SecurityHeaders:
    """Adds them where an answer does not say otherwise itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_them(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message.get("headers", ())
                missing = ALWAYS.keys() - {name for name, _ in said}
                message["headers"] = [*said, *((name, ALWAYS[name]) for name in missing)]
            await send(message)

        await self.app(scope, receive, send_with_them)
