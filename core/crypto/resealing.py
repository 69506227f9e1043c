"""Resealing: what an earlier key closed is closed by the present one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tortoise.models import Model

from core.crypto import keys, sealing
from core.crypto.keys import Purpose

AT_ONCE = 500  # rows


@dataclass(frozen=True)
class Sealed:
    """A column of sealed bytes; `bound_to` tells what those of a row belong to."""

    model: type[Model]
    column: str
    purpose: Purpose
    bound_to: Callable[[Any], bytes]


async def renew(sealed: Sealed) -> int:
    """How many rows were closed anew; one that changes meanwhile is left alone."""
    renewed, last = 0, None
    while rows := await _after(sealed.model, last):
        renewed += sum([await _renew(sealed, row) for row in rows])
        last = rows[-1].pk
    return renewed


async def _after(model: type[Model], last: Any) -> list[Any]:
    key = model._meta.pk_attr  # noqa: SLF001  # Tortoise's documented way to it
    behind = model.filter(**{f"{key}__gt": last}) if last else model.all()
    return await behind.order_by(key).limit(AT_ONCE)


async def _renew(sealed: Sealed, row: Any) -> bool:
    before: bytes | None = getattr(row, sealed.column)
    current = keys.ring(sealed.purpose).current_version
    if before is None or sealing.version(before) == current:
        return False
    after = sealing.renewed(sealed.purpose, before, bound_to=sealed.bound_to(row))
    standing = sealed.model.filter(pk=row.pk, **{sealed.column: before})
    return await standing.update(**{sealed.column: after}) == 1
