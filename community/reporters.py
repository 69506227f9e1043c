"""Reporters: how often what somebody reports is found right. No report leads to its reporter.

A reporter is known by a keyed hash alone, which stands beside no person and no handle.
"""

import hmac
from collections.abc import Sequence

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from core.crypto import keys
from core.database import inserts
from core.people import Person

FULL = 1000  # thousandths: the weight of one who is always right
TRUST = 2  # reports of which everybody is taken to have been right from the start


class Reporter(Model):
    mark = fields.CharField(primary_key=True, max_length=64, description="keyed hash of a person")
    upheld = fields.IntField(default=0)
    dismissed = fields.IntField(default=0)

    class Meta:
        table = "reporter"


def mark(person: Person) -> str:
    return hmac.new(keys.secret("report"), person.id.bytes, "sha256").hexdigest()


async def weight(mark: str) -> int:
    """In thousandths: (TRUST + upheld) / (TRUST + upheld + dismissed), so 1 for a newcomer.

    The posterior mean of how often a report is right, from binomial outcomes and a Beta(TRUST, 0)
    prior: Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.4.
    """
    reporter = await Reporter.get_or_none(mark=mark)
    if reporter is None:
        return FULL
    right = TRUST + reporter.upheld
    return FULL * right // (right + reporter.dismissed)


async def learn(marks: Sequence[str], *, right: bool) -> None:
    """What came of a report of each."""
    await _known(marks)
    column = "upheld" if right else "dismissed"
    await Reporter.filter(mark__in=marks).update(**{column: F(column) + 1})


async def unlearn_right(marks: Sequence[str]) -> None:
    """They were found right, and then they were not."""
    changes = {"upheld": F("upheld") - 1, "dismissed": F("dismissed") + 1}
    await Reporter.filter(mark__in=marks).update(**changes)


async def _known(marks: Sequence[str]) -> None:
    for mark in marks:
        await inserts.added(Reporter(mark=mark))
