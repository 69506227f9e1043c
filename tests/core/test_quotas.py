import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from community.posts import Post
from core import clock, quotas
from core.quotas import Quota, TooMuchAtOnce
from core.transactions import transaction
from tests.makers import a_group, a_key, a_member, a_person, a_post, ask, node, send

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # in Shanghai
CREATE = """
    mutation ($group: ID!, $draft: PostDraft!, $key: String!) {
      createPost(groupId: $group, draft: $draft, idempotencyKey: $key) {
        ... on TooMuchAtOnce { code kind message retryAfter }
      }
    }
"""


@transaction
async def spend(by):
    await quotas.spend("posts", by=by)


async def test_so_much_is_free_within_an_hour_and_within_a_day(set_limits):
    set_limits(hourly_posts=2, daily_posts=3)
    ann, ben = await a_person(), await a_person()
    with clock.set_to(NOON + timedelta(minutes=50)):
        await spend(ann)
        await spend(ann)
        with pytest.raises(TooMuchAtOnce) as hourly:
            await spend(ann)
        await spend(ben)
    with clock.set_to(NOON + timedelta(minutes=60)):
        await spend(ann)
        with pytest.raises(TooMuchAtOnce) as daily:
            await spend(ann)
    with clock.set_to(NOON + timedelta(hours=12)):
        await spend(ann)

    assert hourly.value.facts == {"retry_after": 600, "minutes": 10}
    assert daily.value.facts == {"retry_after": 11 * 3600, "minutes": 660}


async def test_who_writes_too_much_is_told_when_to_go_on_and_nothing_is_left_behind(set_limits):
    set_limits(hourly_posts=1)
    group = await a_group()
    ann = await a_member(group)
    given = {"group": node("group", group), "draft": {"text": "Hi"}}
    with clock.set_to(NOON):
        first, again = [await send("CreatePost", by=ann, key="first", **given) for _ in range(2)]
        answer = await ask(CREATE, by=ann, key="second", **given)
    assert first == again
    assert answer["data"]["createPost"] == {
        "code": "TOO_MUCH_AT_ONCE",
        "kind": "BUSY",
        "message": "That is a lot at once. You can go on in 60 minutes.",
        "retryAfter": 3600,
    }
    assert await Post.all().count() == 1
    assert set(await Quota.all().values_list("spent", flat=True)) == {1}


async def test_comments_and_reports_have_quotas_of_their_own(set_limits):
    set_limits(hourly_comments=1, hourly_reports=1)
    group = await a_group()
    ann = await a_member(group)
    codes = []
    for _ in range(2):
        post = node("post", await a_post(group))
        comment = await send("AddComment", by=ann, post=post, text="Hi", key=a_key())
        report = await send("Report", by=ann, subject=post, reason="SPAM", key=a_key())
        codes.append((comment.get("code"), report.get("code")))
    assert codes == [(None, None), ("TOO_MUCH_AT_ONCE", "TOO_MUCH_AT_ONCE")]


async def test_what_counts_names_nobody_differs_by_hour_and_is_forgotten():
    ann = await a_person()
    for hour in (0, 1):
        with clock.set_to(NOON + timedelta(hours=hour)):
            await spend(ann)
    rows = await Quota.all().values()
    assert sorted(row["spent"] for row in rows) == [1, 1, 2]
    assert ann.id.hex not in re.sub("-", "", str(rows))
    with clock.set_to(NOON + timedelta(days=2)):
        await quotas.forget()
    assert not await Quota.exists()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_who_writes_much_at_once_gets_no_more_than_others(set_limits):
    set_limits(hourly_posts=3)
    ann = await a_person()
    with clock.set_to(NOON):
        outcome = await asyncio.gather(*(spend(ann) for _ in range(8)), return_exceptions=True)
    assert sum(one is None for one in outcome) == 3
    assert {type(one) for one in outcome if one} == {TooMuchAtOnce}
