"""Activation codes: on paper or from HR, for a first password, a forgotten one, a lost phone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import choice
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q, Subquery
from tortoise.models import Model

from core import audit, clock, events, people
from core.errors import Forbidden
from core.identity import sessions
from core.identity.codes import WrongCode, bare, keyed
from core.identity.passwords import Password
from core.people import Grants, Person, employed
from core.text import Text
from core.transactions import transaction

READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 and O, no 1 and I
LASTS = timedelta(days=14)


class ActivationCode(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", on_delete=fields.CASCADE
    )
    person_id: UUID
    code = fields.CharField(max_length=64, description="keyed hash")
    expires_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "activation_code"


class Issued(NamedTuple):
    """The code is told here and never again."""

    code: str
    expires_at: datetime


class OwnActivationCode(Forbidden):
    text = Text(
        "You cannot issue an activation code for yourself.",
        "不能给自己发激活码。",
        "不能給自己發啟用碼。",
    )


class NotYoursToActivate(Forbidden):
    text = Text(
        "HR issues activation codes; for people with grants an administrator does.",
        "激活码由人事发放；有权限的人员由管理员发放。",
        "啟用碼由人事發放；有權限的人員由管理員發放。",
    )


@transaction
async def issue(person_id: UUID, *, by: Person) -> Issued:
    """A new activation code; earlier ones and all sign-ins end."""
    person = await people.found(person_id)
    _refuse_issuer(by, person)
    [code] = await issue_all([person])
    await sessions.sign_out_everywhere(person, by=by)
    await events.record("activation_code.issued", actor=by.id, person=person.id)
    await audit.record("activation_code.issued", by=by.id, about=person.id)
    return Issued(code, clock.now() + LASTS)


@transaction
async def issue_all(persons: Sequence[Person]) -> list[str]:
    """What the operator prints, a letter for each; at most 1,000 at once."""
    ids = [person.id for person in persons]
    await Person.filter(id__in=ids).order_by("id").select_for_update(no_key=True).only("id")
    await ActivationCode.filter(person_id__in=ids).delete()
    codes = [_readable() for _ in persons]
    await ActivationCode.bulk_create(map(_activating, ids, codes))
    return codes


async def waiting(*, again: bool = False) -> list[Person]:
    """Employees who have neither a password nor a live code, or, if `again`, only no password."""
    known = Q(id__in=Subquery(Password.all().values("person_id")))
    live = ActivationCode.filter(expires_at__gt=clock.now()).values("person_id")
    issued = Q() if again else ~Q(id__in=Subquery(live))
    return await Person.filter(employed(), ~known, issued).order_by("number")


async def redeem(person_id: UUID, code: str) -> None:
    """Use an activation code up, in the transaction of what it permits. Raises WrongCode."""
    key = keyed("activation", bare(code))
    held = ActivationCode.filter(person_id=person_id, code=key, expires_at__gt=clock.now())
    if not await held.delete():
        raise WrongCode


async def sweep() -> None:
    """Due work: drop what is no longer good."""
    await ActivationCode.filter(expires_at__lt=clock.now()).delete()


def _refuse_issuer(by: Person, person: Person) -> None:
    if by.id == person.id:
        raise OwnActivationCode
    granted = person.may(Grants.MODERATOR | Grants.COUNSELLOR | Grants.HR | Grants.ADMIN)
    if not by.may(Grants.ADMIN if granted else Grants.HR | Grants.ADMIN):
        raise NotYoursToActivate


def _activating(person_id: UUID, code: str) -> ActivationCode:
    return ActivationCode(
        person_id=person_id,
        code=keyed("activation", bare(code)),
        expires_at=clock.now() + LASTS,
    )


def _readable() -> str:
    """60 random bits, as XXXX-XXXX-XXXX."""
    return "-".join("".join(choice(READABLE) for _ in range(4)) for _ in range(3))
