"""The books stay right, whatever is asked of them and however often."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from core.transactions import transaction
from gamify import accounts, ledger
from gamify.accounts import Account, Kind, NotEnoughPoints
from gamify.ledger import Cause, Posting, Transfer, Unbalanced
from gamify.reasons import Reason
from tests.gamify.makers import a_rule, findings, give

SHOP, RULE = UUID(int=1), UUID(int=2)
YEAR = 2026
WHY = Cause(reason=Reason.EARNED)


async def spend(person_id, points: int, *, key: str | None = None) -> Transfer | None:
    postings = {accounts.available(person_id, YEAR): -points, accounts.issued(SHOP): points}
    return await ledger.transfer(key or f"shop:{uuid4()}", postings, WHY, person_id=person_id)


async def balance(person_id, kind: Kind = Kind.AVAILABLE) -> int | None:
    return await Account.get(owner_id=person_id, kind=kind).values_list("balance", flat=True)


async def test_a_transfer_moves_points_and_says_why():
    ann, asker, event = uuid4(), uuid4(), uuid4()
    at = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    cause = Cause(reason=Reason.EARNED, at=at, event_id=event, caused_by=asker)
    postings = {accounts.pending(ann): 10, accounts.issued(RULE): -10}

    made = await ledger.transfer("thanked:1", postings, cause, person_id=ann)

    kept = await Transfer.get(id=made.id)
    assert (kept.reason, kept.points, kept.person_id) == (Reason.EARNED, 10, ann)
    assert (kept.event_id, kept.caused_by, kept.at) == (event, asker, at)
    assert kept.business_date == date(2026, 11, 21)  # half past midnight in Shanghai
    assert sorted(await Posting.filter(transfer=made).values_list("amount", flat=True)) == [-10, 10]
    assert await balance(ann, Kind.PENDING) == 10
    assert await balance(RULE, Kind.ISSUED) is None  # the system's accounts store nothing


async def test_a_source_key_moves_points_once():
    ann = uuid4()
    await give(ann, 10)

    assert await spend(ann, 4, key="shop:1") is not None
    assert await spend(ann, 4, key="shop:1") is None

    assert await balance(ann) == 6
    assert await Transfer.filter(source_key="shop:1").count() == 1


async def test_a_voided_source_key_moves_nothing_ever():
    ann = uuid4()
    await give(ann, 10)

    assert await ledger.void("shop:1", WHY, person_id=ann)
    assert not await ledger.void("shop:1", WHY, person_id=ann)
    assert await spend(ann, 4, key="shop:1") is None

    assert await balance(ann) == 10


async def test_spending_more_than_there_is_is_refused_and_leaves_nothing_behind():
    ann = uuid4()
    await give(ann, 10)

    with pytest.raises(NotEnoughPoints) as refusal:
        await spend(ann, 11, key="shop:1")

    assert refusal.value.facts == {"balance": 10, "needed": 11}
    assert refusal.value.message("zh-CN") == "你有 10 积分，这需要 11 积分。"
    assert await balance(ann) == 10
    assert not await Transfer.exists(source_key="shop:1")
    assert await Posting.filter(account__owner_id=ann).count() == 1


async def test_who_never_had_points_has_none_to_spend():
    ann = uuid4()

    with pytest.raises(NotEnoughPoints) as refusal:
        await spend(ann, 1)

    assert refusal.value.facts == {"balance": 0, "needed": 1}
    assert not await Account.exists(owner_id=ann)


async def test_what_is_pending_cannot_be_spent():
    ann = uuid4()
    postings = {accounts.pending(ann): 10, accounts.issued(RULE): -10}
    await ledger.transfer("thanked:1", postings, WHY, person_id=ann)

    with pytest.raises(NotEnoughPoints):
        await spend(ann, 1)


@pytest.mark.parametrize("amounts", [(10, -9), (0, 0), (10, 0)])
async def test_points_never_come_from_nowhere(amounts):
    ann = uuid4()
    postings = dict(
        zip((accounts.available(ann, YEAR), accounts.issued(RULE)), amounts, strict=True)
    )

    with pytest.raises(Unbalanced):
        await ledger.transfer("odd:1", postings, WHY, person_id=ann)

    assert not await Transfer.exists()


async def test_a_reversal_moves_everything_back_once_and_is_linked():
    ann = uuid4()
    await give(ann, 10)
    bought = await spend(ann, 4)

    reversal = await ledger.reverse(bought.id, Cause(reason=Reason.EARNED))

    assert (reversal.reverses_id, reversal.points, reversal.person_id) == (bought.id, 4, ann)
    assert await ledger.reverse(bought.id, Cause(reason=Reason.EARNED)) is None
    assert await balance(ann) == 10
    assert await findings() == []


async def test_what_was_spent_cannot_be_reversed_into_debt():
    ann = uuid4()
    await give(ann, 10)
    gift = await Transfer.get(person_id=ann)
    await spend(ann, 4)

    with pytest.raises(NotEnoughPoints) as refusal:
        await ledger.reverse(gift.id, Cause(reason=Reason.EARNED))

    assert refusal.value.facts == {"balance": 6, "needed": 10}
    assert not await Transfer.exists(reverses_id=gift.id)


async def test_the_database_itself_links_a_reversal_once():
    ann = uuid4()
    await give(ann, 10)
    gift = await Transfer.get(person_id=ann)
    row = {
        "reason": Reason.EARNED,
        "points": 0,
        "person_id": ann,
        "at": gift.at,
        "reverses_id": gift.id,
    }
    await Transfer.create(source_key="a", business_date=gift.business_date, **row)

    @transaction
    async def again() -> None:
        await Transfer.create(source_key="b", business_date=gift.business_date, **row)

    with pytest.raises(IntegrityError):
        await again()


@pytest.mark.parametrize(
    "wrong",
    ["UPDATE account SET balance = -1 WHERE balance = 10", "UPDATE rule SET used = budget + 1"],
)
async def test_the_database_itself_refuses_a_figure_out_of_bounds(wrong):
    await a_rule()
    await give(uuid4(), 10)

    @transaction
    async def write() -> None:
        await get_connection("default").execute_query(wrong)

    with pytest.raises(IntegrityError):
        await write()


@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(["give", "spend", "undo", "again"]),
            st.integers(0, 2),
            st.integers(1, 9),
        ),
        max_size=12,
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_happens_every_balance_equals_its_postings(moves):
    people, known = [uuid4() for _ in range(3)], dict.fromkeys(range(3), 0)
    done: list[tuple[int, Transfer]] = []
    for move, who, points in moves:
        before = known[who]
        if move == "give":
            await give(people[who], points)
            known[who] += points
        elif move == "spend" and points <= before:
            done.append((who, await spend(people[who], points)))
            known[who] -= points
        elif move == "spend":
            with pytest.raises(NotEnoughPoints):
                await spend(people[who], points)
        elif move == "undo" and done:
            owner, bought = done.pop()
            known[owner] += (await ledger.reverse(bought.id, WHY)).points
        elif move == "again" and done:
            owner, bought = done[-1]
            assert await spend(people[owner], points, key=bought.source_key) is None

    for who, points in known.items():
        account = await Account.get_or_none(owner_id=people[who], kind=Kind.AVAILABLE)
        assert (account.balance if account else 0) == points
    assert await findings() == []


@pytest.mark.committed
async def test_fifty_payments_under_one_key_at_once_move_points_once():
    ann = uuid4()
    postings = {accounts.available(ann, YEAR): 10, accounts.issued(RULE): -10}

    made = await asyncio.gather(
        *(ledger.transfer("thanked:1", postings, WHY, person_id=ann) for _ in range(50))
    )

    assert sum(one is not None for one in made) == 1
    assert await balance(ann) == 10
    assert await findings() == []


@pytest.mark.committed
async def test_fifty_buyers_of_one_purse_never_overdraw_it():
    ann = uuid4()
    await give(ann, 100)

    outcomes = await asyncio.gather(*(spend(ann, 7) for _ in range(50)), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, NotEnoughPoints)]
    assert len(refused) == 36  # 14 times 7 is 98
    assert sum(isinstance(outcome, Transfer) for outcome in outcomes) == 14
    assert await balance(ann) == 2
    assert await findings() == []


@pytest.mark.committed
async def test_points_that_cross_each_other_do_not_deadlock():
    ann, bob = uuid4(), uuid4()
    await give(ann, 50)
    await give(bob, 50)

    async def send(giver, taker) -> None:
        out, into = accounts.available(giver, YEAR), accounts.available(taker, YEAR)
        postings = {out: -1, into: 1}
        await ledger.transfer(f"swap:{uuid4()}", postings, WHY, person_id=giver)

    await asyncio.gather(*(send(*pair) for _ in range(20) for pair in ((ann, bob), (bob, ann))))

    assert (await balance(ann), await balance(bob)) == (50, 50)


@pytest.mark.committed
async def test_twenty_reversals_at_once_move_points_back_once():
    ann = uuid4()
    await give(ann, 10)
    bought = await spend(ann, 4)

    made = await asyncio.gather(*(ledger.reverse(bought.id, WHY) for _ in range(20)))

    assert sum(one is not None for one in made) == 1
    assert await balance(ann) == 10
