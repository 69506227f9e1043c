"""The benchmark at a size that takes no time: that it measures what it says."""

import itertools
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bench import badges, company, contestants, running
from bench.company import Post
from bench.postgres import Database
from bench.progress import Progress
from bench.report import Report
from bench.running import Plan
from bench.stage import Stage
from bench.workloads import running as workloads
from bench.workloads import start
from bench.workloads.feed import POSTS, Feed
from bench.workloads.like import Like
from bench.workloads.page import Page
from tests.bench.conftest import SIZE

PLAN = Plan("tiny", rounds=1, seconds=0.1, only=("feed", "like", "page"))

pytestmark = [pytest.mark.committed, pytest.mark.only("postgres")]


@pytest.fixture(scope="module")
async def stage(filled: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    [ours, _] = contestants.ours(filled.url, str(tmp_path_factory.mktemp("home")))
    async with running.a_stage(filled, SIZE, [ours, contestants.bare(filled.url)]) as stage:
        yield stage


async def test_a_company_has_its_size_and_its_figures_are_right(filled):
    tables = ("person", "session", "post", "comment", "reaction")
    counted = [await count(filled, table) for table in tables]
    assert counted == [SIZE.people, SIZE.people, SIZE.posts, SIZE.comments, SIZE.likes]
    assert "✗" not in proof(filled)


async def test_all_answer_alike_and_are_measured(stage):
    report = Report({"at": "2026-11-22T08:00:00+00:00"}, load_limit=20_000)
    with Progress() as progress:
        for name, workload in workloads.WORKLOADS.items():
            report.workloads[name] = await running.measure(workload(stage), PLAN, progress)
    assert {name: [*series] for name, series in report.workloads.items()} == {
        "feed": ["breakroom", "bare"],
        "like": ["breakroom", "bare"],
        "page": ["page 1", "page 16"],
    }
    samples = [one for series in report.middle().values() for one in series.values()]
    assert all(sample.per_second > 0 and sample.server_cpu >= 0 for sample in samples)


async def test_authors_come_with_the_highest_level_of_each_of_their_badges(stage):
    answer = await Feed(stage).answer("breakroom")
    posts = [edge["node"] for edge in answer["data"]["feed"]["edges"]]
    shown = [one["author"]["badges"] for post in posts for one in [post, *comments(post)]]
    newest = [Post(SIZE.posts - 2 * n, SIZE) for n in range(1, POSTS + 1)]
    assert shown == [held(person) for post in newest for person in authors(post)]
    assert {len(one) for one in shown} == {0, 1, 2, 3}


async def test_each_like_that_was_answered_is_there(stage):
    before = await count(stage.database, "reaction")
    like = Like(stage)
    like.unused = itertools.count(10_000)
    requests = list(itertools.islice(like.fresh(stage.contestants["bare"]), 50))
    await stage.measure("bare", requests, seconds=10, once=True)
    assert await count(stage.database, "reaction") == before + 50
    assert "✗" not in proof(stage.database)


async def test_the_deep_page_is_the_last_one(stage):
    page = Page(stage)
    await page.prepare()
    answer = await stage.ask("breakroom", page.request(after=page.cursor))
    last = answer["data"]["feed"]["edges"][-1]["node"]["id"]
    assert last == f"post_{company.key('post', 0).hex}"


async def test_the_start_is_timed_to_the_first_answer(stage):
    assert 0.1 < await start.seconds(stage) < 30


def comments(post: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in post["comments"]["edges"]]


def authors(post: Post) -> list[int]:
    return [post.author, *(post.commenter(n) for n in range(min(post.comments, 2)))]


def held(person: int) -> list[dict[str, Any]]:
    shown = (badge.shown for badge in badges.held(person))
    return [{"id": award.hex, "level": level} for award, level in shown]


def proof(database: Database) -> str:
    checked = subprocess.run(
        [sys.executable, "-m", "cli", "integrity"],
        env=os.environ | {"BREAKROOM_DATABASE": database.url},
        capture_output=True,
        text=True,
        check=False,
    )
    return checked.stdout + checked.stderr


async def count(database: Database, table: str) -> int:
    [row] = await database.run(f"SELECT count(*) FROM {table}")  # our own names
    return row["count"]
