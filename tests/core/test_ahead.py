"""What is asked ahead, and what of it is brought."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from core.ahead import Ahead
from core.pages import Page


async def comments(ids: Sequence[UUID], *, page: Page) -> list[str]:
    return [f"{page.first} of {id}" for id in ids]


async def photos(ids: Sequence[UUID]) -> list[str]:
    return [str(id) for id in ids]


@pytest.mark.parametrize(
    ("given", "page"),
    [
        ({"first": 2, "after": None}, Page(2)),
        ({"first": 2, "after": "cursor"}, None),
        ({"first": 0, "after": None}, None),
        ({"first": 101, "after": None}, None),
        ({}, None),
    ],
)
def test_only_a_first_page_of_a_fair_size_is_told(given, page):
    ahead = Ahead()
    ahead.ask(comments, given)
    assert ahead.page(comments) == page
    assert ahead.page(photos) is None


def test_what_is_brought_is_there_for_the_same_arguments_alone():
    ahead, id, asked = Ahead(), uuid4(), {"first": 2, "after": None}
    ahead.ask(comments, asked)
    ahead.bring(comments, {id: "two"})
    assert ahead.of(comments, asked) == {id: "two"}
    assert ahead.of(comments, asked | {"first": 3}) == {}


def test_what_nobody_asked_for_is_left():
    ahead = Ahead()
    ahead.bring(photos, {uuid4(): "photo"})
    assert ahead.of(photos, {}) == {}
