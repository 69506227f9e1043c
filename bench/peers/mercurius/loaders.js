// A resolver for the feed and a loader for each field that leaves its row.

import { author, closed, opened } from './schema.js'

const MEMBER = `
  SELECT 1 FROM membership WHERE group_id = $1 AND person_id = $2 AND standing = 'MEMBER'`

const FEED = `
  SELECT id, text, author_id, alias, published_at::text AS at,
         like_count AS "likeCount", hug_count AS "hugCount",
         same_here_count AS "sameHereCount", comment_count AS "commentCount"
  FROM post
  WHERE group_id = $1 AND published_at <= now() AND deleted_at IS NULL
  AND (hidden_at IS NULL OR author_id = $2)
  AND ($4::timestamptz IS NULL OR (published_at, id) < ($4, $5::uuid))
  ORDER BY published_at DESC, id DESC LIMIT $3`

const PEOPLE = 'SELECT id, name FROM person WHERE id = ANY($1)'

const BADGES = `
  SELECT id, person_id, level FROM (
    SELECT DISTINCT ON (person_id, badge_id, tag_id) id, person_id, level, won_at FROM award
    WHERE person_id = ANY($1) AND ended_at IS NULL
    ORDER BY person_id, badge_id, tag_id,
             array_position('{BRONZE,SILVER,GOLD}', level) DESC NULLS LAST, won_at DESC, id
  ) AS held
  ORDER BY won_at DESC, id`

const REACTIONS = `
  SELECT subject_id, array_agg(kind ORDER BY kind) AS kinds FROM reaction
  WHERE subject_id = ANY($1) AND actor = $2::text GROUP BY subject_id`

const COMMENTS = `
  SELECT comment.* FROM unnest($1::uuid[]) AS post (id), LATERAL (
    SELECT id, post_id, text, author_id, alias FROM comment
    WHERE post_id = post.id AND published_at <= now() AND deleted_at IS NULL
    AND (hidden_at IS NULL OR author_id = $3)
    ORDER BY published_at, id LIMIT $2
  ) AS comment`

export const feed = (pool) => async (_, { groupId, first, after }, { reader }) => {
  const member = { name: 'member', text: MEMBER, values: [groupId, reader] }
  if ((await pool.query(member)).rowCount === 0) throw new Error('Join this group first.')
  const values = [groupId, reader, first + 1, ...opened(after)]
  const { rows } = await pool.query({ name: 'feed', text: FEED, values })
  const page = rows.slice(0, first)
  return {
    edges: page.map((node) => ({ node })),
    pageInfo: {
      hasNextPage: rows.length > first,
      endCursor: page.length ? closed(page.at(-1)) : null,
    },
  }
}

const uncached = (loader) => ({ loader, opts: { cache: false } })

const authors = (pool) => async (queries) => {
  const ids = [...new Set(queries.map(({ obj }) => obj.author_id).filter(Boolean))]
  const { rows } = await pool.query({ name: 'people', text: PEOPLE, values: [ids] })
  const names = new Map(rows.map((row) => [row.id, row.name]))
  return queries.map(({ obj }) => author(obj.author_id, names.get(obj.author_id), obj.alias))
}

const badges = (pool) => async (queries) => {
  const ids = queries.map(({ obj }) => obj.id)
  const held = new Map(ids.map((id) => [id, []]))
  const { rows } = await pool.query({ name: 'badges', text: BADGES, values: [[...held.keys()]] })
  for (const row of rows) held.get(row.person_id).push(row)
  return ids.map((id) => held.get(id))
}

const viewerReactions = (pool) => async (queries, { reader }) => {
  const values = [queries.map(({ obj }) => obj.id), reader]
  const { rows } = await pool.query({ name: 'reactions', text: REACTIONS, values })
  const kinds = new Map(rows.map((row) => [row.subject_id, row.kinds]))
  return queries.map(({ obj }) => kinds.get(obj.id) ?? [])
}

const comments = (pool) => async (queries, { reader }) => {
  const values = [queries.map(({ obj }) => obj.id), queries[0].params.first, reader]
  const { rows } = await pool.query({ name: 'comments', text: COMMENTS, values })
  const edges = new Map(queries.map(({ obj }) => [obj.id, []]))
  for (const node of rows) edges.get(node.post_id).push({ node })
  return queries.map(({ obj }) => ({ edges: edges.get(obj.id) }))
}

export const loaders = (pool) => ({
  Post: {
    author: uncached(authors(pool)),
    comments: uncached(comments(pool)),
    viewerReactions: uncached(viewerReactions(pool)),
  },
  Comment: { author: uncached(authors(pool)) },
  Person: { badges: uncached(badges(pool)) },
})
