"""Proof that boards are sums of what happened."""

from core.integrity import Check, findings


async def scores_are_sums() -> list[str]:
    """Every score on an open board of people is the sum of what counts for them."""
    return await findings("""
        SELECT s.owner_id || ' has ' || s.value || ' hundredths of ' || b.measure || ' by '
               || b.span || ' since ' || b.begins_on || ', what counts is '
               || (COALESCE(SUM(t.amount), 0) * 100) AS finding
        FROM board_score s
        JOIN board b ON b.id = s.board_id AND b.closed_at IS NULL AND b.scope = 'PEOPLE'
        LEFT JOIN tally t ON t.person_id = s.owner_id AND t.measure = b.measure
              AND t.day >= b.begins_on AND t.day < b.before AND NOT t.is_withdrawn
        GROUP BY s.id, s.owner_id, s.value, b.measure, b.span, b.begins_on
        HAVING s.value <> COALESCE(SUM(t.amount), 0) * 100
    """)


async def levels_are_counts() -> list[str]:
    """Every level counts those who are ranked with its value."""
    return await findings("""
        SELECT counted.board_id || ' has ' || SUM(counted.n) || ' too many with '
               || counted.value AS finding
        FROM (
            SELECT board_id, value, count AS n FROM board_level
            UNION ALL
            SELECT board_id, value, -1 FROM board_score WHERE is_out = FALSE AND value > 0
        ) AS counted
        GROUP BY counted.board_id, counted.value HAVING SUM(counted.n) <> 0
    """)


CHECKS: list[Check] = [scores_are_sums, levels_are_counts]
