"""Contents: what a notice says, encrypted and padded, so that its row tells nothing of it."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self
from uuid import UUID

import orjson

from core.crypto import keys, sealing
from core.messaging.notice_kinds import NoticeKind

MOST = 100  # parts; of more the earliest are forgotten
BLOCK = 256  # bytes; as long as several short contents


class Part(NamedTuple):
    """One thing that happened; it was read, or is news."""

    source: str
    actor: UUID | None = None
    amount: int = 0
    is_news: bool = True


@dataclass(frozen=True)
class Content:
    kind: NoticeKind
    subject: str
    parts: tuple[Part, ...] = ()

    @property
    def sources(self) -> set[str]:
        return {part.source for part in self.parts}

    @property
    def actors(self) -> list[UUID]:
        """Who is in the news, latest first; nobody if one of them is not named."""
        actors = [part.actor for part in reversed(self.parts) if part.is_news]
        return [] if None in actors else list(dict.fromkeys(filter(None, actors)))

    @property
    def amount(self) -> int:
        return sum(part.amount for part in self.parts if part.is_news)

    def joined(self, part: Part) -> Self:
        return self._with([*self.parts, part])

    def read(self) -> Self:
        return self._with(part._replace(is_news=False) for part in self.parts)

    def without(self, source: str) -> Self:
        return self._with(part for part in self.parts if part.source != source)

    def _with(self, parts: Iterable[Part]) -> Self:
        return replace(self, parts=tuple(parts)[-MOST:])


def topic(person_id: UUID, kind: NoticeKind, subject: str) -> str:
    """What is alike, to be compared only."""
    plain = f"{person_id.hex} {kind} {subject}".encode()
    return hmac.new(keys.secret("notice"), plain, "sha256").hexdigest()


def closed(content: Content, id: UUID) -> bytes:
    parts = [list(part) for part in content.parts]
    return shut([content.kind, content.subject, parts], bound_to=id)


def opened(sealed: bytes, id: UUID) -> Content:
    kind, subject, parts = unshut(sealed, bound_to=id)
    return Content(
        NoticeKind(kind),
        subject,
        tuple(Part(source, actor and UUID(actor), *rest) for source, actor, *rest in parts),
    )


def shut(value: Any, *, bound_to: UUID) -> bytes:
    """Padded, so that its length tells nothing; blanks at its end do not change JSON."""
    plain = orjson.dumps(value, default=str)
    padded = plain.ljust(-(-len(plain) // BLOCK) * BLOCK)
    return sealing.closed("notice", padded, bound_to=bound_to.bytes)


def unshut(sealed: bytes, *, bound_to: UUID) -> Any:
    return orjson.loads(sealing.opened("notice", sealed, bound_to=bound_to.bytes))
