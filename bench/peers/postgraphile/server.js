// PostGraphile over the same tables; what SQL has to say stands in schema.sql.

import { createServer } from 'node:http'

import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection'
import pg from 'pg'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { jsonPgSmartTags } from 'postgraphile/utils'

import { caller } from './caller.js'

const Tags = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      post: { tags: { foreignKey: '(author_id) references person (id)|@fieldName author' } },
      comment: { tags: { foreignKey: '(author_id) references person (id)|@fieldName author' } },
    },
  },
})

const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: 10 })

const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  plugins: [Tags],
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  grafserv: { port: 0, host: '127.0.0.1', graphiql: false, websockets: false, watch: false },
  grafast: {
    explain: false,
    async context({ node }) {
      return { pgSettings: { 'breakroom.reader': await caller(pool, node.req.headers) } }
    },
  },
})

const server = createServer()
await instance.createServ(grafserv).addTo(server)
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
