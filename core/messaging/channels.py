"""Channels: ways to a person outside the app. What goes there names no group, alias or content."""

from typing import NamedTuple, Protocol
from uuid import UUID

Target = dict[str, str]
"""Where: what a channel needs to know of an address."""


class Message(NamedTuple):
    id: UUID
    """the same when it is tried again"""
    text: str
    is_urgent: bool = False


class Channel(Protocol):
    async def send(self, target: Target, message: Message) -> None:
        """Raises NotReachable if it may be tried again, Rejected or AddressGone if not."""


class Rejected(Exception):
    """It was refused, and would be again."""


class AddressGone(Exception):
    """Nobody can be reached there any more."""
