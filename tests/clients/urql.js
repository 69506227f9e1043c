// Sends operations as an app does, by urql: a JSON list of them comes in, their results go out.
import { Client, createRequest, fetchExchange, subscriptionExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { parse, print, separateOperations } from 'graphql';
import { createClient } from 'graphql-ws';
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import WebSocket from 'ws';

const url = process.argv[2];

const ways = {
  post: () => [fetchExchange],
  get: () => [fetchExchange],
  persisted: () => [persistedExchange({ generateHash }), fetchExchange],
  socket: (headers) => {
    const socket = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: headers,
    });
    const forwardSubscription = (request) => ({
      subscribe: (sink) => ({ unsubscribe: socket.subscribe(request, sink) }),
    });
    return [subscriptionExchange({ forwardSubscription, enableAllOperations: true })];
  },
};

async function generateHash(query) {
  return createHash('sha256').update(query).digest('hex');
}

// The first results of an operation: one, unless it is a subscription that is to bring more.
function sent({ document, name, variables = {}, token, way = 'post', results = 1 }) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const exchanges = ways[way](headers);
  const preferGetMethod = way === 'get' ? 'force' : false;
  const client = new Client({ url, exchanges, preferGetMethod, fetchOptions: { headers } });
  const operation = name ? separateOperations(parse(document))[name] : parse(document);
  const request = createRequest(print(operation), variables);
  const { operation: kind } = operation.definitions.find((d) => d.kind === 'OperationDefinition');
  return new Promise((resolve) => {
    const got = [];
    const source = client.executeRequestOperation(client.createRequestOperation(kind, request));
    source.subscribe(({ data, error }) => {
      const codes = error?.graphQLErrors.map((e) => e.extensions.code);
      got.push({ data, codes, network: error?.networkError?.message });
      if (got.length === results) resolve(got);
    });
  });
}

const told = [];
for (const asked of JSON.parse(await text(process.stdin))) told.push(await sent(asked));
// urql's socket stays open, and who leaves at once takes along what nobody has read yet
process.stdout.write(JSON.stringify(told), () => process.exit(0));
