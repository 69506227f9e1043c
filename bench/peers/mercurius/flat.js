// One statement brings the whole feed as flat rows; a row for each of the first comments of a post.

import { author, closed, opened } from './schema.js'

// Of each badge the highest level, the latest first.
const badges = (person) => `
    SELECT COALESCE(
      json_agg(json_build_object('id', id, 'level', level) ORDER BY won_at DESC, id), '[]'
    ) AS badges
    FROM (
      SELECT DISTINCT ON (badge_id, tag_id) id, level, won_at FROM award
      WHERE person_id = ${person} AND ended_at IS NULL
      ORDER BY badge_id, tag_id, array_position('{BRONZE,SILVER,GOLD}', level) DESC NULLS LAST,
               won_at DESC, id
    ) AS award`

const FEED = `
  SELECT post.id, post.text, post.author_id, post.alias, post.published_at::text AS at,
         post.like_count, post.hug_count, post.same_here_count, post.comment_count,
         person.name, held.badges, reacted.kinds,
         comment.id AS comment_id, comment.text AS comment_text,
         comment.author_id AS commenter_id, comment.alias AS comment_alias,
         comment.name AS commenter_name, comment_held.badges AS commenter_badges
  FROM membership
  LEFT JOIN LATERAL (
    SELECT * FROM post
    WHERE group_id = $1 AND published_at <= now() AND deleted_at IS NULL
    AND (hidden_at IS NULL OR author_id = $2)
    AND ($4::timestamptz IS NULL OR (published_at, id) < ($4, $5::uuid))
    ORDER BY published_at DESC, id DESC LIMIT $3
  ) AS post ON true
  LEFT JOIN person ON person.id = post.author_id
  LEFT JOIN LATERAL (${badges('post.author_id')}
  ) AS held ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(kind ORDER BY kind) AS kinds FROM reaction
    WHERE subject_id = post.id AND actor = $2::text
  ) AS reacted ON true
  LEFT JOIN LATERAL (
    SELECT comment.id, comment.text, comment.author_id, comment.alias, comment.published_at,
           commenter.name
    FROM comment LEFT JOIN person AS commenter ON commenter.id = comment.author_id
    WHERE comment.post_id = post.id AND comment.published_at <= now()
    AND comment.deleted_at IS NULL AND (comment.hidden_at IS NULL OR comment.author_id = $2)
    ORDER BY comment.published_at, comment.id LIMIT $6
  ) AS comment ON true
  LEFT JOIN LATERAL (${badges('comment.author_id')}
  ) AS comment_held ON true
  WHERE membership.group_id = $1 AND membership.person_id = $2 AND membership.standing = 'MEMBER'
  ORDER BY post.published_at DESC, post.id DESC, comment.published_at, comment.id`

export const feed = (pool) => async (_, { groupId, first, after }, { reader }, info) => {
  const values = [groupId, reader, first + 1, ...opened(after), commentsAsked(info)]
  const { rows } = await pool.query({ name: 'feed', text: FEED, values })
  if (rows.length === 0) throw new Error('Join this group first.')
  const posts = rows[0].id ? grouped(rows) : []
  const page = posts.slice(0, first)
  return {
    edges: page.map((node) => ({ node })),
    pageInfo: { hasNextPage: posts.length > first, endCursor: page.at(-1)?.cursor },
  }
}

// How many comments the operation asks for; looked up once for each document.
const asked = new WeakMap()

function commentsAsked({ operation, fragments, variableValues }) {
  if (!asked.has(operation)) asked.set(operation, firstOf(operation, fragments))
  const first = asked.get(operation)
  return first?.kind === 'Variable' ? variableValues[first.name.value] : Number(first?.value ?? 20)
}

function firstOf(node, fragments) {
  for (const field of node.selectionSet?.selections ?? []) {
    if (field.name?.value === 'comments')
      return field.arguments.find(({ name }) => name.value === 'first')?.value
    const inside = field.kind === 'FragmentSpread' ? fragments[field.name.value] : field
    const found = firstOf(inside, fragments)
    if (found) return found
  }
}

function grouped(rows) {
  const posts = []
  let post
  for (const row of rows) {
    if (post?.id !== row.id) posts.push((post = shown(row)))
    if (row.comment_id) post.comments.edges.push({ node: comment(row) })
  }
  return posts
}

const shown = (row) => ({
  id: row.id,
  text: row.text,
  likeCount: row.like_count,
  hugCount: row.hug_count,
  sameHereCount: row.same_here_count,
  commentCount: row.comment_count,
  viewerReactions: row.kinds ?? [],
  author: author(row.author_id, row.name, row.alias, row.badges),
  comments: { edges: [] },
  cursor: closed(row),
})

const comment = (row) => ({
  id: row.comment_id,
  text: row.comment_text,
  author: author(row.commenter_id, row.commenter_name, row.comment_alias, row.commenter_badges),
})

export const loaders = () => ({})
