// Many keys in one process of Node, run with --expose-gc: what each takes in memory, and whether calls are slower than with one. Prints JSON.
import { Signer, SpotClient } from "kraken-signer";
import { core } from "../../../../pkg/dist/esm/wasm/instance.js";
import { floor } from "../contenders/fetch.mjs";
import { BALANCE, keyOf } from "../keys.mjs";

const [url, ...numbers] = process.argv.slice(2);
const [count, rounds] = numbers.map(Number);
const keys = Array.from({ length: count }, (_, index) => keyOf(index));

function used() {
  // What has finalizers takes more than one collection.
  for (let time = 0; time < 4; time += 1) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external + core().exports.memory.buffer.byteLength;
}

/** Makes one thing for each key, and returns the things, the bytes of each, and the microseconds that it took. */
function made(make) {
  make(keys[0]);
  const before = used();
  const start = performance.now();
  const all = keys.map(make);
  const time = performance.now() - start;
  const bytes = () => (used() - before) / count;
  return { all, bytes: bytes(), later: bytes, microseconds: (time * 1000) / count };
}

const text = JSON.stringify({ error: [], result: BALANCE });
const headers = new Map([["content-length", String(text.length)]]);
const answered = async () => ({ status: 200, headers, text: async () => text });
/** What sends now: nothing, or the runtime's `fetch`. */
let send = answered;
const sending = (...request) => send(...request);

/** What is done with each key: a signature, a call without a network, and a call over loopback. The last takes so much longer that fewer are made. */
const WAYS = {
  signSync: { work: (client) => client.signSync("Balance"), send: answered, most: Infinity },
  call: { work: (client) => client.call("Balance"), send: answered, most: Infinity },
  request: { work: (client) => client.call("Balance"), send: fetch, most: 2000 },
};

/** The same with everything of this package removed but the signature. */
const FLOORS = {
  signSync: ({ signer }) => signer.signSpot("/0/private/Balance", "1700000000000000", "nonce=1700000000000000"),
  call: ({ call }) => call("Balance"),
  request: ({ call }) => call("Balance"),
};

/** Microseconds of processor time for each, in rounds: one client again and again, and all of them in rotation. */
async function times(clients, works = {}) {
  const found = {};
  for (const [way, { work, most, ...of }] of Object.entries(WAYS)) {
    const run = works[way] ?? work;
    const number = Math.min(count, most);
    found[way] = { one: [], all: [] };
    send = of.send;
    for (let round = -1; round < rounds; round += 1)
      for (const [name, pick] of Object.entries({
        one: () => clients[0],
        all: (index) => clients[((round + 1) * number + index) % count],
      })) {
        const { user, system } = process.cpuUsage();
        for (let index = 0; index < number; index += 1) await run(pick(index));
        const after = process.cpuUsage();
        if (round >= 0) found[way][name].push((after.user + after.system - user - system) / number);
      }
  }
  return found;
}

const plain = made(({ key, secret }) => ({ key: `${key}`, secret, nonce: 0n, queue: Promise.resolve() }));
const signers = made(({ secret }) => new Signer(secret));
const sizes = { floor: plain.bytes, Signer: signers.bytes };
const making = { Signer: signers.microseconds };
const floors = await times(
  signers.all.map((signer, index) => ({ signer, call: floor({ url, ...keys[index], signer, send: sending }) })),
  FLOORS,
);
for (const signer of signers.all.splice(0)) signer.free();
const clients = made((key) => new SpotClient({ ...key, baseUrl: url, fetch: sending }));
sizes.SpotClient = clients.bytes;
making.SpotClient = clients.microseconds;
const found = await times(clients.all);
sizes["SpotClient, after its calls"] = clients.later();
console.log(JSON.stringify({ count, sizes, making, times: found, floors }));
