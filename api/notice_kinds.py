"""Kinds of notices and where they arrive, as clients know them."""

import strawberry

from core.messaging.notice_kinds import NoticeKind
from core.messaging.notice_settings import NoticeChannel

__all__ = ["NoticeChannel", "NoticeKind"]

strawberry.enum(NoticeKind, description="What a notice is about.")
strawberry.enum(NoticeChannel, description="Where notices arrive.")
