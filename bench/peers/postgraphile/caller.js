// Who asks, by the bearer token, as Breakroom knows them.

import { createHash } from 'node:crypto'

const KNOWN = `
  SELECT person.id
  FROM session JOIN person ON person.id = session.person_id
  WHERE session.token_hash = $1 AND session.revoked_at IS NULL
  AND session.last_used_on > current_date - 90
  AND (person.left_on IS NULL OR person.left_on > current_date)`

export async function caller(pool, headers) {
  const token = headers.authorization?.replace(/^Bearer /, '') ?? ''
  const hash = createHash('sha256').update(token).digest('hex')
  const { rows } = await pool.query({ name: 'caller', text: KNOWN, values: [hash] })
  if (rows.length === 0) throw new Error('Please sign in.')
  return rows[0].id
}
