"""What is logged, and that it tells of nobody."""

import asyncio
import json
import subprocess
import sys
from io import StringIO

import pytest

from api import logs
from api.logs import Lines
from tests.api.evening import Evening
from tests.cli.service import a_service
from tests.makers import OPERATIONS

TOLD = {
    "code",
    "event",
    "exception",
    "hash",
    "level",
    "method",
    "ms",
    "number",
    "operation",
    "outcome",
    "request_id",
    "route",
    "seconds",
    "status",
    "timestamp",
    "url",
}

LOGGING = """
import logging, sys, warnings
import structlog
from api import logs

logs.configure(development=sys.argv[1] == "development")
log, library = structlog.get_logger(), logging.getLogger("library")
try:
    try:
        int("canary")
    except ValueError as error:
        raise LookupError("canary") from error
except LookupError:
    log.exception("ours", person=object())
    library.exception("theirs %s\\ncanary", "canary")
library.warning("hello %s", "canary")
library.warning(ValueError("canary"))
library.info("GET canary")
library.warning("%d", "canary")
warnings.warn("canary")
"""


def logged(mode: str) -> tuple[str, str]:
    """What is printed to stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, mode], capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout, done.stderr


def test_in_production_a_line_is_json_and_holds_no_words_of_errors_and_no_values():
    out, err = logged("production")
    lines = [json.loads(line) for line in err.splitlines()]
    for line in lines:
        assert line.pop("timestamp").endswith("Z")
    origins = ["builtins.LookupError", "  __main__:12 <module>"]
    origins += ["builtins.ValueError", "  __main__:10 <module>"]
    theirs = {"level": "warning", "logger": "library"}
    assert out == ""
    assert lines == [
        {"event": "ours", "level": "error", "exception": origins, "person": "builtins.object"},
        {"event": "theirs %s", "level": "error", "logger": "library", "exception": origins},
        {"event": "hello %s"} | theirs,
        {"event": "builtins.ValueError"} | theirs,
        {"event": "%d"} | theirs,
    ]


def test_in_development_a_line_is_for_people_and_holds_all():
    out, err = logged("development")
    assert out == ""
    assert "LookupError: canary" in err
    assert "hello canary" in err
    assert "UserWarning: canary" in err
    assert "GET canary" not in err


@pytest.mark.committed
async def test_a_whole_evening_leaves_no_trace_of_anybody(database_url, sms_gateway):
    async with a_service(
        database=database_url,
        documents=str(OPERATIONS),
        sms_url=sms_gateway.url,
        sms_private="true",
    ) as service:
        evening = Evening(service, sms_gateway)
        await evening.spend()
        await evening.go_wrong()
        await evening.break_down()
        service.terminate()
        assert await service.ended() == 0

    printed = "".join(service.printed)
    assert "canary" not in printed.lower()
    assert [secret for secret in evening.secrets if secret in printed] == []
    assert len(evening.secrets) > 50
    assert set().union(*service.lines) <= TOLD
    assert [line["event"] for line in service.lines].count("request.failed") == 2
    assert {line["operation"] for line in service.lines if "operation" in line} == {
        "AddComment",
        "AskToBreakGlass",
        "CreatePost",
        "DecideBreakGlass",
        "Feed",
        "FinishUpload",
        "OpenCareLine",
        "OpenSeal",
        "React",
        "RequestCode",
        "RequestUpload",
        "SignIn",
        "SignInWithCode",
        "ThankComment",
        "WriteToCareLine",
        "other",
    }


async def test_lines_wait_a_moment_for_each_other_and_for_none_that_tells_of_a_fault(monkeypatch):
    monkeypatch.setattr(logs, "MOMENT", 0)
    written = StringIO()
    lines = Lines(written)
    lines.info("one")
    lines.info("two")
    assert written.getvalue() == ""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert written.getvalue() == "one\ntwo\n"
    lines.info("three")
    lines.error("four")
    assert written.getvalue() == "one\ntwo\nthree\nfour\n"


def test_a_line_is_written_at_once_where_nothing_could_write_it_later():
    written = StringIO()
    Lines(written).info("one")
    assert written.getvalue() == "one\n"
