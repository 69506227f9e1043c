// The reaction, the counter and the event, in the one transaction that a statement is.

const REACT = `
  WITH seen AS MATERIALIZED (
    SELECT post.id, post.group_id, community_group.kind AS group_kind
    FROM post JOIN community_group ON community_group.id = post.group_id
    JOIN membership ON membership.group_id = post.group_id
    WHERE post.id = $1 AND post.deleted_at IS NULL AND post.published_at <= now()
    AND post.hidden_at IS NULL AND post.author_id IS DISTINCT FROM $2::uuid
    AND membership.person_id = $2 AND membership.standing = 'MEMBER'
  ), added AS (
    INSERT INTO reaction (id, subject_id, actor, kind)
    SELECT gen_random_uuid(), id, $2::text, $3 FROM seen
    ON CONFLICT DO NOTHING RETURNING subject_id
  ), told AS (
    INSERT INTO event (id, name, actor_id, payload, due_at, attempts)
    SELECT gen_random_uuid(), 'reaction.added', $2, jsonb_build_object(
      'kind', $3::text, 'subject', id, 'post', id, 'group', group_id, 'group_kind', group_kind
    ), now(), 0
    FROM seen JOIN added ON subject_id = id
  ), counted AS (
    UPDATE post SET
      like_count = like_count + ($3 = 'LIKE')::int,
      hug_count = hug_count + ($3 = 'HUG')::int,
      same_here_count = same_here_count + ($3 = 'SAME_HERE')::int
    FROM added WHERE post.id = subject_id
    RETURNING post.id, text, like_count, hug_count, same_here_count, comment_count
  ), now AS (
    SELECT * FROM counted UNION ALL
    SELECT post.id, text, like_count, hug_count, same_here_count, comment_count
    FROM post JOIN seen USING (id) WHERE NOT EXISTS (SELECT FROM counted)
  )
  SELECT now.*, ARRAY(
    SELECT kind FROM reaction WHERE subject_id = $1 AND actor = $2::text UNION SELECT $3 ORDER BY 1
  ) AS kinds
  FROM now`

export const react = (pool) => async (_, { subjectId, kind }, { reader }) => {
  const values = [subjectId, reader, kind]
  const { rows } = await pool.query({ name: 'react', text: REACT, values })
  if (rows.length === 0) return { __typename: 'Refusal', code: 'POST_NOT_FOUND' }
  const [row] = rows
  const subject = {
    __typename: 'Post',
    id: row.id,
    text: row.text,
    likeCount: row.like_count,
    hugCount: row.hug_count,
    sameHereCount: row.same_here_count,
    commentCount: row.comment_count,
    viewerReactions: row.kinds,
  }
  return { __typename: 'Reacted', subject }
}
