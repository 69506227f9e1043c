"""Ids as clients see them: a type tag and a random UUID, `post_0f3c…`, opaque to them."""

import re
from typing import Self
from uuid import UUID

WELL_FORMED = re.compile(r"([a-z]+)_([0-9a-f]{32})")


class NodeId(UUID):
    """An id that a client sent: a UUID that still knows its type tag."""

    tag: str

    @classmethod
    def parse(cls, value: str) -> Self:
        """Raises ValueError."""
        match = WELL_FORMED.fullmatch(value)
        if match is None:
            raise ValueError(value)
        id = cls(hex=match[2])
        object.__setattr__(id, "tag", match[1])
        return id


def show(tag: str, id: UUID) -> str:
    return f"{tag}_{id.hex}"
