"""Terms of the shop: what a point is worth, what needs approval, how soon HR sees to it."""

from datetime import datetime

import strawberry

from api.people import Person as PersonView
from api.roots import mutation, payload, query
from api.views import batch, view
from core import people
from core.people import Person
from gamify.shop import terms


@view(terms.Terms)
class ShopTerms:
    """Prizes of `approvalFrom` points and more need approval; `serviceDays` are working days."""

    version: int
    cents_of_100_points: int
    approval_from: int
    service_days: int
    put_at: datetime
    put_by: PersonView | None = batch(people.by_id, key="put_by_id")


@strawberry.input
class ShopTermsPlan:
    cents_of_100_points: int
    approval_from: int
    service_days: int


@query(ShopTerms)
async def shop_terms(viewer: Person) -> terms.Terms:
    """Those in force."""
    return await terms.current()


@mutation(payload("ShopTermsPut", ShopTerms))
async def put_shop_terms(viewer: Person, plan: ShopTermsPlan, after_version: int) -> terms.Terms:
    """The terms from now on; `afterVersion` is the one that was changed."""
    return await terms.put(terms.Plan(**vars(plan)), after=after_version, by=viewer)
