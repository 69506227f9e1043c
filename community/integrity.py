"""Proof that the stored counters of posts, comments and groups are right."""

from community.hiding_reasons import HidingReason
from community.indexing import what_is_there_is_found
from community.moderation_cases import HIDES
from community.reactions import ReactionKind
from core.integrity import Check, findings


async def members_are_counted() -> list[str]:
    """Every group's number of members is that of its memberships."""
    return await findings("""
        SELECT 'group ' || g.id || ' counts ' || g.member_count || ' members, there are '
               || COUNT(m.id) AS finding
        FROM community_group g
        LEFT JOIN membership m ON m.group_id = g.id AND m.standing = 'MEMBER'
        GROUP BY g.id, g.member_count HAVING g.member_count <> COUNT(m.id)
    """)


async def comments_are_counted() -> list[str]:
    """Every post's number of comments is that of those which have appeared."""
    return await findings("""
        SELECT 'post ' || p.id || ' counts ' || p.comment_count || ' comments, there are '
               || COUNT(c.id) AS finding
        FROM post p LEFT JOIN comment c ON c.post_id = p.id AND c.is_counted
        GROUP BY p.id, p.comment_count HAVING p.comment_count <> COUNT(c.id)
    """)


async def thanks_are_counted() -> list[str]:
    """Every comment's "me too" and acceptance are those of its thanks."""
    return await findings("""
        SELECT 'comment ' || c.id || ' says ' || c.me_too_count || ' me too, there are '
               || COUNT(CASE WHEN NOT t.by_asker THEN 1 END) AS finding
        FROM comment c LEFT JOIN thanks t ON t.comment_id = c.id
        GROUP BY c.id, c.me_too_count, c.accepted_at
        HAVING c.me_too_count <> COUNT(CASE WHEN NOT t.by_asker THEN 1 END)
            OR (c.accepted_at IS NULL) <> (COUNT(CASE WHEN t.by_asker THEN 1 END) = 0)
    """)


async def answers_are_noted() -> list[str]:
    """Every question is answered since its first acceptance that stands."""
    return await findings("""
        SELECT 'post ' || p.id || ' is answered since ' || COALESCE(p.answered_at || '', 'never')
               || ', accepted since ' || COALESCE(MIN(c.accepted_at) || '', 'never') AS finding
        FROM post p
        LEFT JOIN comment c ON c.post_id = p.id AND c.deleted_at IS NULL AND c.hidden_at IS NULL
        GROUP BY p.id, p.answered_at
        HAVING COALESCE(p.answered_at || '', '') <> COALESCE(MIN(c.accepted_at) || '', '')
    """)


async def reactions_are_counted() -> list[str]:
    """Every number of reactions is that of the reactions."""
    found = []
    for table in ("post", "comment"):
        for kind in ReactionKind:
            found += await findings(_MISCOUNTED.format(table=table, kind=kind, name=kind.lower()))
    return found


async def reports_are_weighed() -> list[str]:
    """Every moderation case weighs what its reports do."""
    return await findings("""
        SELECT 'case ' || c.id || ' weighs ' || c.weight || ', its reports '
               || COALESCE(SUM(r.weight), 0) AS finding
        FROM moderation_case c LEFT JOIN report r ON r.case_id = c.id
        GROUP BY c.id, c.weight HAVING c.weight <> COALESCE(SUM(r.weight), 0)
    """)


async def what_is_hidden_has_reasons() -> list[str]:
    """What stands is hidden for what the cases say, and is hidden while there is a reason."""
    return [
        finding
        for table, post in (("post", "id"), ("comment", "post_id"))
        for finding in await findings(_MISHIDDEN.format(table=table, post=post))
    ]


_MISHIDDEN = f"""
    SELECT '{{table}} ' || id || ' is hidden since ' || COALESCE(hidden_at || '', 'never')
           || ' for ' || hidden_for || ', its cases say ' || said AS finding
    FROM (
        SELECT s.id, s.hidden_at, s.hidden_for,
            CASE WHEN EXISTS (SELECT 1 FROM risk_case r WHERE r.open_for = s.id AND r.is_holding)
                 THEN {HidingReason.HELD:d} ELSE 0 END
            + CASE WHEN EXISTS (SELECT 1 FROM moderation_case m
                                WHERE m.open_for = s.id AND m.weight >= {HIDES})
                   THEN {HidingReason.REPORTED:d} ELSE 0 END
            + CASE WHEN EXISTS (SELECT 1 FROM moderation_case m
                                WHERE m.subject_id = s.id AND m.final_on IS NOT NULL)
                   THEN {HidingReason.REMOVED:d} ELSE 0 END AS said
        FROM {{table}} s JOIN post p ON p.id = s.{{post}}
        WHERE s.deleted_at IS NULL AND p.deleted_at IS NULL
    ) AS hiding
    WHERE hidden_for <> said OR (hidden_at IS NULL) <> (hidden_for = 0)
"""


async def reporters_are_judged() -> list[str]:
    """Every reporter was right and wrong as often as verdicts and appeals say."""
    return await findings("""
        SELECT 'reporter ' || w.mark || ' was right ' || w.upheld || ' times and wrong '
               || w.dismissed || ', by verdicts ' || COUNT(CASE WHEN j.is_right THEN 1 END)
               || ' and ' || COUNT(CASE WHEN NOT j.is_right THEN 1 END) AS finding
        FROM reporter w LEFT JOIN (
            SELECT r.reporter, c.verdict <> 'DISMISSED' AND a.id IS NULL AS is_right
            FROM report r JOIN moderation_case c ON c.id = r.case_id AND c.verdict IS NOT NULL
            LEFT JOIN appeal a ON a.case_id = c.id AND a.granted
            WHERE r.reason <> 'DANGER'
        ) j ON j.reporter = w.mark
        GROUP BY w.mark, w.upheld, w.dismissed
        HAVING w.upheld <> COUNT(CASE WHEN j.is_right THEN 1 END)
            OR w.dismissed <> COUNT(CASE WHEN NOT j.is_right THEN 1 END)
    """)


_MISCOUNTED = """
    SELECT '{table} ' || s.id || ' counts ' || s.{name}_count || ' {kind}, there are '
           || COUNT(r.id) AS finding
    FROM {table} s LEFT JOIN reaction r ON r.subject_id = s.id AND r.kind = '{kind}'
    GROUP BY s.id, s.{name}_count HAVING s.{name}_count <> COUNT(r.id)
"""


async def votes_are_counted() -> list[str]:
    """Every idea's number of votes is that of its votes."""
    return await findings("""
        SELECT 'idea ' || i.id || ' counts ' || i.vote_count || ' votes, there are '
               || COUNT(v.id) AS finding
        FROM idea i LEFT JOIN idea_vote v ON v.idea_id = i.id
        GROUP BY i.id, i.vote_count HAVING i.vote_count <> COUNT(v.id)
    """)


CHECKS: list[Check] = [
    members_are_counted,
    comments_are_counted,
    thanks_are_counted,
    answers_are_noted,
    reactions_are_counted,
    votes_are_counted,
    reports_are_weighed,
    reporters_are_judged,
    what_is_hidden_has_reasons,
    what_is_there_is_found,
]
