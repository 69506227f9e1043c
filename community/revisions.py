"""Revisions: what stood there before an edit, kept for moderators."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Revision(Model):
    id = fields.UUIDField(primary_key=True)
    subject_id: UUID = fields.UUIDField(db_index=True, description="a post or a comment")
    text = fields.TextField()
    replaced_at: datetime = fields.DatetimeField()

    class Meta:
        table = "revision"


async def keep(subject_id: UUID, text: str, *, at: datetime) -> None:
    await Revision.create(subject_id=subject_id, text=text, replaced_at=at)
