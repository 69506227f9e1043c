"""What browsers are told with every answer, and which pages of others may ask."""

import httpx

from tests.api.edge import client, get

ASKS = {"origin": "https://app.example.com", "access-control-request-method": "POST"}


async def preflight(**headers: str) -> httpx.Response:
    async with client() as http:
        return await http.options("/graphql", headers=headers)


async def test_every_answer_tells_browsers_to_guess_frame_and_keep_nothing():
    for path in ("/graphql", "/healthz", "/nowhere", "/media/x"):
        headers = (await get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_pages_of_others_may_not_ask():
    answer = await preflight(**ASKS)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


async def test_a_chosen_page_may_ask_and_no_other(set_limits):
    set_limits(allowed_origins=("https://app.example.com",))
    chosen = await preflight(
        **ASKS | {"access-control-request-headers": "authorization, content-type"}
    )
    other = await preflight(**ASKS | {"origin": "https://evil.example.com"})
    assert chosen.status_code == 200
    assert chosen.headers["access-control-allow-origin"] == "https://app.example.com"
    assert chosen.headers["access-control-allow-methods"] == "GET, POST, PUT"
    assert "access-control-allow-credentials" not in chosen.headers
    assert other.status_code == 400
    assert "access-control-allow-origin" not in other.headers


async def test_a_chosen_page_may_read_the_request_id(set_limits):
    set_limits(allowed_origins=("https://app.example.com",))
    answer = await get("/healthz", origin="https://app.example.com")
    assert answer.headers["access-control-expose-headers"] == "x-request-id"
