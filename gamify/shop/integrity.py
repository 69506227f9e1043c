"""Proof that points, stock and budget are where the orders say."""

from core.integrity import Check, findings


async def stock_is_what_was_not_ordered() -> list[str]:
    """What is left of every stock is what came less what was ordered and did not come back."""
    return await findings("""
        SELECT 'stock ' || s.id || ' has ' || s."left" || ' left of ' || s.received
               || ', ordered are ' || COUNT(r.id) AS finding
        FROM stock s LEFT JOIN redemption r ON r.stock_id = s.id
             AND r.state IN ('REQUESTED', 'APPROVED', 'READY', 'FULFILLED')
        GROUP BY s.id, s."left", s.received HAVING s."left" <> s.received - COUNT(r.id)
    """)


async def allotments_are_sums() -> list[str]:
    """What every allotment reserves and has spent is what its orders are worth."""
    return await findings("""
        SELECT 'allotment ' || a.id || ' reserves ' || a.reserved_cents || ' and spent '
               || a.spent_cents AS finding
        FROM allotment a LEFT JOIN redemption r ON r.allotment_id = a.id
        GROUP BY a.id, a.reserved_cents, a.spent_cents
        HAVING a.reserved_cents <> COALESCE(SUM(CASE
                   WHEN r.state IN ('REQUESTED', 'APPROVED', 'READY') THEN r.value_cents END), 0)
            OR a.spent_cents <> COALESCE(SUM(CASE
                   WHEN r.state = 'FULFILLED' THEN r.value_cents END), 0)
    """)


async def orders_cost_what_was_reserved() -> list[str]:
    """Every order reserved its price once, and gave it back once if it came to nothing."""
    return await findings("""
        SELECT 'order ' || r.id || ' is ' || r.state || ' and costs ' || r.price || ', reserved is '
               || COALESCE(-t.points, 0) || ', returned ' || COALESCE(b.points, 0) AS finding
        FROM redemption r
        LEFT JOIN transfer t ON t.source_key = 'redemption:' || r.id
        LEFT JOIN transfer b ON b.reverses_id = t.id
        WHERE t.id IS NULL OR t.points <> -r.price OR t.person_id <> r.buyer_id
           OR (r.state IN ('REJECTED', 'CANCELLED', 'RETURNED')) <> (b.id IS NOT NULL)
    """)


async def what_was_handed_out_is_spent() -> list[str]:
    """Points are spent for good when an order is handed out, and not before."""
    return await findings("""
        SELECT 'order ' || r.id || ' is ' || r.state AS finding
        FROM redemption r JOIN transfer t ON t.source_key = 'redemption:' || r.id
        LEFT JOIN transfer s ON s.source_key = 'settled:' || t.id
        WHERE (r.state IN ('FULFILLED', 'RETURNED')) <> (s.id IS NOT NULL)
    """)


async def timelines_are_whole() -> list[str]:
    """Every order's last step says where it is, and none is missing."""
    return await findings("""
        SELECT 'order ' || r.id || ' is ' || r.state || ' after ' || r.steps || ' steps' AS finding
        FROM redemption r LEFT JOIN redemption_step s ON s.redemption_id = r.id
        GROUP BY r.id, r.state, r.steps
        HAVING COUNT(s.id) <> r.steps
            OR COUNT(CASE WHEN s.number = r.steps AND s.state = r.state THEN 1 END) <> 1
    """)


async def nobody_serves_themselves() -> list[str]:
    """Nobody approved, made ready or handed out what they ordered."""
    return await findings("""
        SELECT 'step ' || s.id || ' is by its buyer' AS finding
        FROM redemption_step s JOIN redemption r ON r.id = s.redemption_id
        WHERE s.number > 1 AND s.state <> 'CANCELLED' AND s.by_id IN (r.buyer_id, r.ordered_by_id)
    """)


CHECKS: list[Check] = [
    stock_is_what_was_not_ordered,
    allotments_are_sums,
    orders_cost_what_was_reserved,
    what_was_handed_out_is_spent,
    timelines_are_whole,
    nobody_serves_themselves,
]
