"""The terms of the shop: versioned, and of two who change them at once one looks again."""

import pytest

from core.audit import AuditEntry
from gamify.shop import terms
from gamify.shop.terms import Terms
from tests.gamify.shop.makers import a_buyer, a_reward, an_hr, an_order
from tests.makers import send

PLAN = {"centsOf100Points": 1000, "approvalFrom": 300, "serviceDays": 3}


async def put(hr, *, after, **changed):
    return await send("PutShopTerms", by=hr, plan=PLAN | changed, after=after)


async def test_whoever_changes_terms_that_another_has_changed_looks_at_them_again():
    await terms.ship()
    ann, ben = await an_hr(), await an_hr()
    first = await put(ann, after=1, approvalFrom=0)
    assert (first["shopTerms"]["version"], first["shopTerms"]["approvalFrom"]) == (2, 0)
    assert (await put(ben, after=1, approvalFrom=1000))["code"] == "TERMS_CHANGED"
    assert (await send("ShopTerms", by=ben))["approvalFrom"] == 0
    assert await Terms.all().count() == 2
    assert await AuditEntry.filter(name="terms.put").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"centsOf100Points": -1},
        {"approvalFrom": 2**31 - 1},
        {"serviceDays": 0},
        {"serviceDays": 61},
    ],
)
async def test_terms_that_make_no_sense_are_not_put(wrong):
    await terms.ship()
    assert (await put(await an_hr(), after=1, **wrong))["code"] == "NOT_TERMS"
    assert await Terms.all().count() == 1


async def test_what_needs_approval_goes_by_the_terms_when_it_is_ordered():
    await terms.ship()
    hr, reward = await an_hr(), await a_reward(price=500)
    before = await an_order(reward)
    await put(hr, after=1, approvalFrom=501)
    after = await an_order(reward)
    assert (before.state, after.state) == ("REQUESTED", "APPROVED")


async def test_what_is_owed_is_valued_by_the_last_version():
    await terms.ship()
    hr = await an_hr()
    await a_buyer(1200)
    told = await send("PointsLiability", by=hr)
    assert (told["value"], told["termsVersion"]) == (120, 1)
    await put(hr, after=1, centsOf100Points=500)
    told = await send("PointsLiability", by=hr)
    assert (told["value"], told["termsVersion"]) == (60, 2)
