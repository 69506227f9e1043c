// Mercurius with its JIT, and with SQL written by hand: `flat` or with `loaders`.

import Fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'

import { board } from './board.js'
import { caller } from './caller.js'
import { react } from './react.js'
import { schema } from './schema.js'

const { feed, loaders } = await import(`./${process.argv[2]}.js`)
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: 10 })

const app = Fastify()
await app.register(mercurius, {
  schema,
  resolvers: { Query: { feed: feed(pool), board: board(pool) }, Mutation: { react: react(pool) } },
  loaders: loaders(pool),
  context: async (request) => ({
    reader: await caller(pool, request.headers),
    board: request.body?.variables?.board,
  }),
  jit: 1,
})
console.log(await app.listen({ host: '127.0.0.1', port: 0 }))
