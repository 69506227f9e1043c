// graphql-ws against an endpoint, then a bare socket that breaks the rules one by one.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const url = process.argv[2];
const PROTOCOL = 'graphql-transport-ws';
const INIT = { type: 'connection_init' };
const subscribe = (query) => ({ type: 'subscribe', id: '1', payload: { query } });

async function followed(query, options = {}) {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
  const results = [];
  for await (const result of client.iterate({ query })) results.push(result);
  await client.dispose();
  return results;
}

// The code and the reason that a socket is closed with after these messages were sent on it.
function closed(messages, protocols = PROTOCOL) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, protocols);
    socket.on('open', () => messages.forEach((m) => socket.send(encoded(m))));
    socket.on('error', ({ message }) => resolve(['error', message]));
    socket.on('close', (code, reason) => resolve([code, reason.toString()]));
  });
}

const encoded = (m) => (typeof m === 'string' || Buffer.isBuffer(m) ? m : JSON.stringify(m));

const told = {
  query: await followed('{ me { name } }'),
  signedIn: await followed('{ me { name } }', { connectionParams: { authorization: 'Bearer Ann' } }),
  mutation: await followed('mutation { rename(name: "Bo") { __typename } }'),
  subscription: await followed('subscription { count(to: 3) }'),
  refused: await followed('{ nobody }').catch((errors) => errors.map((e) => e.extensions.code)),
  closed: {
    legacy: await closed([], 'graphql-ws'),
    unnamed: await closed([], []),
    notJson: await closed([INIT, '{']),
    binary: await closed([INIT, Buffer.from('{}')]),
    unknownType: await closed([INIT, { type: 'start' }]),
    noInit: await closed([subscribe('{ me { name } }')]),
    twoInits: await closed([INIT, INIT]),
    twice: await closed([INIT, subscribe('subscription { wait }'), subscribe('{ __typename }')]),
    forbidden: await closed([{ ...INIT, payload: { authorization: 'Bearer revoked' } }]),
    tooBig: await closed([INIT, ' '.repeat(200_001)]),
    silent: await closed([]),
  },
};
console.log(JSON.stringify(told));
