// The first ones and one's own rank from a sorted set in Redis, the names from the database.

import Redis from 'ioredis'

const NAMES = 'SELECT id, name FROM person WHERE id = ANY($1::uuid[])'

export function board(pool) {
  if (!process.env.BENCH_REDIS) return undefined
  const redis = new Redis(process.env.BENCH_REDIS)
  return async (_, { first }, { reader, board: id }) => {
    const key = `board:${id}`
    const [[, top], [, own]] = await redis
      .pipeline()
      .zrevrange(key, 0, first - 1, 'WITHSCORES')
      .zscore(key, reader)
      .exec()
    const ids = top.filter((_, n) => n % 2 === 0)
    const [{ rows }, ahead] = await Promise.all([
      pool.query({ name: 'names', text: NAMES, values: [ids] }),
      own === null ? 0 : redis.zcount(key, `(${own}`, '+inf'),
    ])
    const names = new Map(rows.map((row) => [row.id, row.name]))
    let rank = 0
    const places = ids.map((id, n) => {
      if (n === 0 || top[2 * n + 1] !== top[2 * n - 1]) rank = n + 1
      const person = { __typename: 'Person', id, name: names.get(id) }
      return { rank, score: Number(top[2 * n + 1]), isViewers: id === reader, person }
    })
    return { places, viewerPlace: own === null ? null : { rank: ahead + 1, score: Number(own) } }
  }
}
