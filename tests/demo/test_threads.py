from datetime import UTC, datetime, time, timedelta

import pytest

from core import clock
from demo import company, threads
from demo.threads import ANYBODY, ASKER, Thread

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)  # in Shanghai


@pytest.mark.parametrize(
    ("days", "at", "began"),
    [
        (1, time(12), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (1, time(12, 1), datetime(2026, 3, 8, 4, 1, tzinfo=UTC)),
        (1, time(0, 30), datetime(2026, 3, 8, 16, 30, tzinfo=UTC)),
        (6, time(23), datetime(2026, 3, 3, 15, tzinfo=UTC)),
    ],
)
def test_what_was_said_days_ago_was_said_at_its_time_of_day(days, at, began):
    assert Thread(group="kettle", text="Tea?", days=days, at=at).began(NOON) == began


def test_news_is_as_many_minutes_old_at_whatever_time():
    news = Thread(group="kettle", text="Tea!", ago=4)
    assert news.is_news
    assert news.began(NOON) == NOON - timedelta(minutes=4)


def test_only_shelters_know_what_comes():
    now = clock.now()
    told = [one for circle in threads.circles() for one in circle.threads]
    told += [one for told in threads.arrivals() for one in told]
    shelters = {circle.key for circle in threads.circles() if circle.kind == "SUPPORT"}
    assert {one.group for one in told if one.began(now) > now} == {"tree_hole"} <= shelters


def test_whoever_speaks_works_there():
    words = [
        words
        for circle in threads.circles()
        for one in circle.threads
        for words in (one, *one.comments)
    ]
    known = {one.key for one in company.told().people}
    assert {one.by for one in words} - {ASKER, ANYBODY} <= known
