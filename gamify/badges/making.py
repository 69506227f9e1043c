"""Making: HR makes badges and changes them; some come with the product."""

from uuid import UUID, uuid4

from core import audit, clock, idempotency
from core.database import inserts
from core.errors import Conflict
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify.badges import badges, drafts
from gamify.badges.badges import BEGINNING, EXPERT, Badge
from gamify.badges.drafts import Draft


class KindStays(Conflict):
    text = Text(
        "How a badge is won stays as it is. Make a new badge.",
        "徽章的获得方式不能更改，请新建一枚徽章。",
        "徽章的取得方式不能更改，請新增一枚徽章。",
    )


class OneIsEnough(Conflict):
    text = Text(
        "There is a badge for experts already. Change that one.",
        "达人徽章已经存在，请直接修改它。",
        "達人徽章已經存在，請直接修改它。",
    )


@transaction
async def make(draft: Draft, *, by: Person, key: str) -> Badge:
    """A new badge; what is done from today on counts."""
    if draft.kind is EXPERT:
        raise OneIsEnough
    columns, id = drafts.columns(draft), uuid4()
    earlier = await idempotency.claim(key, by=by.id, asked=columns, result=id)
    if earlier != id:
        return await badges.found(earlier)
    badge = await Badge.create(id=id, counts_from=clock.business_date(), **columns)
    await audit.record("badge.made", by=by.id, badge=badge.id)
    return badge


@transaction
async def change(badge_id: UUID, draft: Draft, *, by: Person) -> Badge:
    """What was won stays won."""
    badge = await badges.found(badge_id)
    if badge.kind is not draft.kind:
        raise KindStays
    columns = drafts.columns(draft)
    await badge.update_from_dict(columns).save(update_fields=[*columns])
    await audit.record("badge.changed", by=by.id, badge=badge.id)
    return badge


async def ship() -> None:
    """Put the badges that come with the product where they are not."""
    for code, draft in drafts.shipped():
        row = Badge(code=code, counts_from=BEGINNING, **drafts.columns(draft))
        await inserts.added(row)


def drafted(draft: Draft) -> Badge:
    """As it would be if everything that was done before counted."""
    return Badge(counts_from=BEGINNING, **drafts.columns(draft))
