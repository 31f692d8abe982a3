// Many keys in one process of Node, run with --expose-gc: what each takes in memory, and whether calls are slower than with one. Prints JSON.
import { Signer, SpotClient } from "kraken-signer";
import { core } from "../../../../pkg/dist/esm/wasm/instance.js";
import { BALANCE, keyOf } from "../keys.mjs";

const [count, rounds] = process.argv.slice(2).map(Number);
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

const WAYS = {
  signSync: (client) => client.signSync("Balance"),
  call: (client) => client.call("Balance"),
};

/** Microseconds of processor time for each key, in rounds: one client as often as there are keys, and all of them in rotation. */
async function times(clients) {
  const found = {};
  for (const [way, call] of Object.entries(WAYS)) {
    found[way] = { one: [], all: [] };
    for (let round = -1; round < rounds; round += 1)
      for (const [name, pick] of Object.entries({ one: () => clients[0], all: (index) => clients[index] })) {
        const { user, system } = process.cpuUsage();
        for (let index = 0; index < count; index += 1) await call(pick(index));
        const after = process.cpuUsage();
        if (round >= 0) found[way][name].push((after.user + after.system - user - system) / count);
      }
  }
  return found;
}

const plain = made(({ key, secret }) => ({ key: `${key}`, secret, nonce: 0n, queue: Promise.resolve() }));
const signers = made(({ secret }) => new Signer(secret));
const sizes = { floor: plain.bytes, Signer: signers.bytes };
const making = { Signer: signers.microseconds };
for (const signer of signers.all.splice(0)) signer.free();
const clients = made((key) => new SpotClient({ ...key, fetch: answered }));
sizes.SpotClient = clients.bytes;
making.SpotClient = clients.microseconds;
const found = await times(clients.all);
sizes["SpotClient, after its calls"] = clients.later();
console.log(JSON.stringify({ count, sizes, making, times: found }));
