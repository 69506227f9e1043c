"""What a bare handler sends: who asks, whether they may, and the whole answer, at once.

$1 is the token's SHA-256, $2 the day after which it must have been used, $3 today, $4 now.
"""

READER = """
    SELECT person.id
    FROM session JOIN person ON person.id = session.person_id
    WHERE session.token_hash = $1 AND session.revoked_at IS NULL AND session.last_used_on > $2
    AND (person.left_on IS NULL OR person.left_on > $3)
"""


def badges(person: str) -> str:
    """Of each badge the highest level, the latest first."""
    return f"""COALESCE((
        SELECT json_agg(json_build_object(
            'id', 'award_' || replace(id::text, '-', ''), 'level', level
        ) ORDER BY won_at DESC, id)
        FROM (
            SELECT DISTINCT ON (badge_id, tag_id) id, level, won_at FROM award
            WHERE person_id = {person} AND ended_at IS NULL
            ORDER BY badge_id, tag_id,
                     array_position('{{BRONZE,SILVER,GOLD}}', level) DESC NULLS LAST,
                     won_at DESC, id
        ) AS held
    ), '[]')"""  # our own text


# $5 is the group, $6 one more than the posts of a page
FEED = f"""
    WITH reader AS MATERIALIZED ({READER}), inside AS MATERIALIZED (
        SELECT person_id FROM membership JOIN reader ON reader.id = person_id
        WHERE group_id = $5 AND standing = 'MEMBER'
    ), found AS MATERIALIZED (
        SELECT id, text, author_id, published_at, like_count, hug_count, same_here_count,
               comment_count
        FROM post
        WHERE group_id = $5 AND published_at <= $4 AND deleted_at IS NULL AND hidden_at IS NULL
        ORDER BY published_at DESC, id DESC LIMIT $6
    ), page AS (
        SELECT * FROM found ORDER BY published_at DESC, id DESC LIMIT $6 - 1
    )
    SELECT json_build_object('data', json_build_object('feed', json_build_object(
        'edges', (SELECT json_agg(json_build_object('node', json_build_object(
            'id', 'post_' || replace(page.id::text, '-', ''),
            'text', page.text,
            'likeCount', page.like_count,
            'hugCount', page.hug_count,
            'sameHereCount', page.same_here_count,
            'commentCount', page.comment_count,
            'viewerReactions', COALESCE((
                SELECT json_agg(reaction.kind ORDER BY reaction.kind) FROM reaction
                WHERE reaction.subject_id = page.id AND reaction.actor = inside.person_id::text
            ), '[]'),
            'author', json_build_object(
                'id', 'person_' || replace(author.id::text, '-', ''), 'name', author.name,
                'badges', {badges("author.id")}),
            'comments', json_build_object('edges', COALESCE((
                SELECT json_agg(json_build_object('node', json_build_object(
                    'id', 'comment_' || replace(first.id::text, '-', ''),
                    'text', first.text,
                    'author', json_build_object(
                        'id', 'person_' || replace(first.author_id::text, '-', ''),
                        'name', first.name,
                        'badges', {badges("first.author_id")})
                )) ORDER BY first.published_at, first.id)
                FROM (
                    SELECT comment.id, comment.text, comment.published_at, comment.author_id,
                           person.name
                    FROM comment JOIN person ON person.id = comment.author_id
                    WHERE comment.post_id = page.id AND comment.deleted_at IS NULL
                    AND comment.hidden_at IS NULL AND comment.published_at <= $4
                    ORDER BY comment.published_at, comment.id LIMIT 2
                ) AS first
            ), '[]'))
        )) ORDER BY page.published_at DESC, page.id DESC)
        FROM page JOIN person AS author ON author.id = page.author_id),
        'pageInfo', json_build_object(
            'hasNextPage', (SELECT count(*) = $6 FROM found),
            'endCursor', (SELECT published_at || ' ' || id FROM page
                          ORDER BY published_at, id LIMIT 1))
    )))::text
    FROM inside
"""  # our own text

# $5 is the post
LIKE = f"""
    WITH reader AS MATERIALIZED ({READER}), seen AS MATERIALIZED (
        SELECT post.id, post.group_id, g.kind AS group_kind, person_id
        FROM post JOIN community_group AS g ON g.id = post.group_id
        JOIN membership ON membership.group_id = post.group_id AND standing = 'MEMBER'
        JOIN reader ON reader.id = membership.person_id
        WHERE post.id = $5 AND post.deleted_at IS NULL AND post.published_at <= $4
        AND post.hidden_at IS NULL AND post.author_id IS DISTINCT FROM person_id
    ), added AS (
        INSERT INTO reaction (id, subject_id, actor, kind)
        SELECT gen_random_uuid(), id, person_id::text, 'LIKE' FROM seen
        ON CONFLICT DO NOTHING RETURNING subject_id
    ), counted AS (
        UPDATE post SET like_count = like_count + 1 FROM added WHERE post.id = added.subject_id
        RETURNING post.id, post.like_count
    ), told AS (
        INSERT INTO event (id, name, actor_id, payload, due_at, attempts)
        SELECT gen_random_uuid(), 'reaction.added', seen.person_id, jsonb_build_object(
            'kind', 'LIKE', 'subject', seen.id, 'post', seen.id, 'group', seen.group_id,
            'group_kind', seen.group_kind), $4, 0
        FROM seen JOIN added ON added.subject_id = seen.id
    )
    SELECT json_build_object('data', json_build_object('react', json_build_object(
        'subject', json_build_object(
            'id', 'post_' || replace(seen.id::text, '-', ''),
            'likeCount', COALESCE(counted.like_count,
                                  (SELECT like_count FROM post WHERE post.id = seen.id)),
            'viewerReactions', (
                SELECT json_agg(kind ORDER BY kind) FROM (
                    SELECT kind FROM reaction
                    WHERE subject_id = seen.id AND actor = seen.person_id::text
                    UNION SELECT 'LIKE'
                ) AS reacted)
    ))))::text
    FROM seen LEFT JOIN counted ON counted.id = seen.id
"""  # our own text

# $5 is the board, $6 how many are shown
BOARD = f"""
    WITH reader AS MATERIALIZED ({READER}), first AS MATERIALIZED (
        SELECT value, id, owner_id FROM board_score
        WHERE board_id = $5 AND is_out = FALSE AND value > (
            SELECT MIN(value) FROM board_level WHERE board_id = $5 AND count > 0)
        ORDER BY value DESC, id DESC LIMIT $6
    ), ranked AS (SELECT rank() OVER (ORDER BY value DESC) AS rank, * FROM first)
    SELECT json_build_object('data', json_build_object('board', json_build_object(
        'places', (SELECT json_agg(json_build_object(
            'rank', rank,
            'score', ranked.value / 100.0,
            'isViewers', owner_id = reader.id,
            'person', json_build_object(
                'id', 'person_' || replace(person.id::text, '-', ''), 'name', person.name)
        ) ORDER BY ranked.value DESC, ranked.id DESC)
        FROM ranked JOIN person ON person.id = ranked.owner_id),
        'viewerPlace', (SELECT json_build_object(
            'rank', 1 + COALESCE((SELECT SUM(count) FROM board_level
                                  WHERE board_id = $5 AND value > own.value), 0),
            'score', own.value / 100.0)
        FROM board_score AS own WHERE own.board_id = $5 AND own.owner_id = reader.id)
    )))::text
    FROM reader JOIN board ON board.id = $5 AND (board.closed_at IS NULL OR board.closed_at <= $4)
"""  # our own text
