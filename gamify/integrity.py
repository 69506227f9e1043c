"""Proof that the books are right."""

from core.integrity import Check, findings


async def transfers_balance() -> list[str]:
    """Every transfer sums to 0."""
    return await findings("""
        SELECT 'transfer ' || t.source_key || ' sums to ' || SUM(p.amount) AS finding
        FROM posting p JOIN transfer t ON t.id = p.transfer_id
        GROUP BY t.id, t.source_key HAVING SUM(p.amount) <> 0
    """)


async def lines_say_what_was_posted() -> list[str]:
    """Every line says what was posted."""
    return await findings("""
        SELECT 'transfer ' || t.source_key || ' says ' || t.points || ', posted is '
               || COALESCE(SUM(p.amount), 0) AS finding
        FROM transfer t
        LEFT JOIN (posting p JOIN account a ON a.id = p.account_id)
               ON p.transfer_id = t.id AND a.owner_id = t.person_id AND a.kind <> 'RESERVED'
        GROUP BY t.id, t.source_key, t.points HAVING t.points <> COALESCE(SUM(p.amount), 0)
    """)


async def balances_are_sums() -> list[str]:
    """Every stored balance equals the sum of its postings, and only a debt is negative."""
    return await findings("""
        SELECT a.kind || ' of ' || a.owner_id || ' is ' || a.balance || ', posted is '
               || COALESCE(SUM(p.amount), 0) AS finding
        FROM account a LEFT JOIN posting p ON p.account_id = a.id
        WHERE a.balance IS NOT NULL
        GROUP BY a.id, a.kind, a.owner_id, a.balance
        HAVING a.balance <> COALESCE(SUM(p.amount), 0)
            OR a.kind <> 'DEBT' AND a.balance < 0 OR a.kind = 'DEBT' AND a.balance > 0
    """)


async def reversals_mirror() -> list[str]:
    """Every reversal undoes one transfer, whole and once."""
    return await findings("""
        SELECT 'reversals of ' || o.source_key || ' leave ' || SUM(p.amount) AS finding
        FROM transfer o
        JOIN transfer r ON r.reverses_id = o.id
        JOIN posting p ON p.transfer_id IN (o.id, r.id)
        GROUP BY o.id, o.source_key, p.account_id HAVING SUM(p.amount) <> 0
    """)


async def pending_is_held() -> list[str]:
    """Everything pending is held until a date, and nothing else is."""
    return await findings("""
        SELECT 'pending of ' || a.owner_id || ' is ' || a.balance || ', held is '
               || COALESCE(SUM(h.points), 0) AS finding
        FROM account a LEFT JOIN hold h ON h.person_id = a.owner_id
        WHERE a.kind = 'PENDING'
        GROUP BY a.id, a.owner_id, a.balance HAVING a.balance <> COALESCE(SUM(h.points), 0)
    """)


async def reserved_is_ordered() -> list[str]:
    """Everything reserved stands for an order that was neither settled nor given back."""
    return await findings("""
        SELECT 'reserved of ' || a.owner_id || ' is ' || a.balance || ', ordered is '
               || COALESCE(SUM(p.amount), 0) AS finding
        FROM account a
        LEFT JOIN (posting p JOIN transfer t ON t.id = p.transfer_id AND t.reverses_id IS NULL
                   AND t.source_key NOT LIKE 'settled:%'
                   AND NOT EXISTS (SELECT 1 FROM transfer r WHERE r.reverses_id = t.id)
                   AND NOT EXISTS (SELECT 1 FROM transfer s
                                   WHERE s.source_key = 'settled:' || t.id))
               ON p.account_id = a.id
        WHERE a.kind = 'RESERVED'
        GROUP BY a.id, a.owner_id, a.balance HAVING a.balance <> COALESCE(SUM(p.amount), 0)
    """)


async def budgets_are_sums() -> list[str]:
    """What every rule has used is what it paid, within its budget."""
    return await findings("""
        SELECT 'rule ' || r.name || ' ' || r.version || ' has used ' || r.used || ' of '
               || r.budget || ', paid is ' || COALESCE(-SUM(p.amount), 0) AS finding
        FROM rule r
        LEFT JOIN (posting p JOIN account a ON a.id = p.account_id)
               ON a.owner_id = r.id AND a.kind = 'ISSUED'
        GROUP BY r.id, r.name, r.version, r.used, r.budget
        HAVING r.used <> COALESCE(-SUM(p.amount), 0) OR r.used > r.budget
    """)


CHECKS: list[Check] = [
    transfers_balance,
    lines_say_what_was_posted,
    balances_are_sums,
    reversals_mirror,
    pending_is_held,
    reserved_is_ordered,
    budgets_are_sums,
]
