"""Revisions: what stood there before an edit, kept for moderators."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core.database import inserts
from core.database.sql import Statement


class Revision(Model):
    id = fields.UUIDField(primary_key=True)
    subject_id: UUID = fields.UUIDField(db_index=True, description="a post or a comment")
    text = fields.TextField()
    replaced_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "revision"


async def replace(row: Any, text: str, *, at: datetime) -> bool:
    """Change the words of a post or comment; whether they were others before."""
    if row.text == text:
        return False
    reword = _reword(row._meta.db_table)  # noqa: SLF001  # Tortoise's documented way to it
    while not await reword.rows(id=row.id, before=row.text, text=text):
        await row.refresh_from_db(["text"])  # somebody was faster
    await inserts.add([Revision(subject_id=row.id, text=row.text, replaced_at=at)])
    row.text, row.is_edited = text, True
    return True


async def changed(subject_id: UUID, *, since: datetime) -> bool:
    return await Revision.filter(subject_id=subject_id, replaced_at__gt=since).exists()


async def of(subject_ids: Sequence[UUID]) -> list[list[Revision]]:
    """What stood there before, the oldest first."""
    found: defaultdict[UUID, list[Revision]] = defaultdict(list)
    for revision in await Revision.filter(subject_id__in=subject_ids).order_by("replaced_at", "id"):
        found[revision.subject_id].append(revision)
    return [found[id] for id in subject_ids]


@cache
def _reword(table: str) -> Statement:
    """As long as these are the words."""
    return Statement(f"""
        UPDATE {table} SET text = :text, is_edited = TRUE
        WHERE id = :id AND text = :before RETURNING id
    """)
