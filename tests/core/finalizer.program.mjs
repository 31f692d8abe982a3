// What needs a process of its own: garbage on demand, gigabytes, or an uncaught error. The argument says which.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { KrakenError, Signer, SpotClient, Totp } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import { fresh } from "./crash.mjs";
import { stateNeedles } from "./residue.mjs";

const KEY = Buffer.alloc(64, 7);
const SETUP_KEY = "GEZDGNBVGY3TQOJQ";
const COUNT = 200_000;
const WITHOUT_PAUSE = 10_000;
const PATH = "/0/private/Balance";
const sign = (signer) => signer.signSpot(PATH, 1616492376594n);
const expected = sign(new Signer(KEY));

const pages = () => core().exports.memory.buffer.byteLength / 65536;

/** Lets finalizers run. */
async function collect() {
  for (let times = 0; times < 4; times += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
}

/** Notes the slots that the present instance hands out. */
function watched() {
  const instance = core();
  const raw = instance.exports;
  const slots = { highest: 0, count: 0, freed: 0 };
  const note = (slot) => {
    slots.count += 1;
    slots.highest = Math.max(slots.highest, slot);
    return slot;
  };
  instance.exports = {
    ...raw,
    secret: (...options) => note(raw.secret(...options)),
    totp: (...options) => note(raw.totp(...options)),
    free: (slot) => {
      slots.freed += 1;
      return raw.free(slot);
    },
  };
  return slots;
}

const runs = {
  /** Signers that nobody frees, while the event loop turns now and then. */
  async forgotten() {
    const slots = watched();
    const kept = new Signer(KEY);
    const dropped = Buffer.alloc(64, 8);
    assert.equal(new Signer(dropped).signSpot(PATH, 1).length, 88);
    const rss = process.memoryUsage.rss();
    for (let count = 1; count <= COUNT; count += 1) {
      const signer = new Signer(KEY);
      if (count % 100 === 0) assert.equal(sign(signer), expected);
      if (count % 10 === 0) new Totp(SETUP_KEY);
      if (count % 1_000 === 0) {
        globalThis.gc?.();
        await setImmediate();
      }
    }
    await collect();
    assert.equal(sign(kept), expected);
    assert.equal(slots.count, COUNT + COUNT / 10 + 2);
    const left = stateNeedles("SHA512", dropped).search(new Uint8Array(core().exports.memory.buffer));
    assert.deepEqual(left, [], "a reclaimed key is wiped");
    return { ...slots, pages: pages(), rss: Math.round((process.memoryUsage.rss() - rss) / 2 ** 20) };
  },

  /** Clients that nobody closes, one for each request of a server; the garbage collector runs as it likes. */
  async forgottenClients() {
    const slots = watched();
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    for (let count = 0; count < 10_000; count += 1) {
      await new SpotClient({ key, secret, fetch: exchange.fetch }).call("Balance");
    }
    return slots;
  },

  /** The same without a pause, in which no finalizer can run. */
  async withoutPause() {
    const slots = watched();
    const first = new Signer(KEY);
    for (let count = 1; count < WITHOUT_PAUSE; count += 1) new Signer(KEY);
    assert.equal(sign(first), expected);
    assert.ok(slots.highest >= WITHOUT_PAUSE - 1);
    const { highest } = slots;
    await collect();
    assert.ok(slots.freed > WITHOUT_PAUSE * 0.9, `freed ${slots.freed}`);
    for (let count = 0; count < 1_000; count += 1) assert.equal(sign(new Signer(KEY)), expected);
    assert.equal(slots.highest, highest, "slots are used again");
    return { ...slots, pages: pages() };
  },

  /** Every slot there is. */
  async allSlots() {
    const { exports } = core();
    const early = new Signer(KEY);
    const handles = [];
    for (let handle = 0; handle >= 0;) {
      core().buffer.set(KEY);
      handle = exports.secret(KEY.length, 0);
      if (handle >= 0) handles.push(handle);
    }
    assert.equal(new Set(handles).size, handles.length, "every key has a slot of its own");
    const full = pages();
    for (const construct of [() => new Signer(KEY), () => new Signer(KEY.toString("base64")), () => new Totp(SETUP_KEY)]) {
      assert.throws(
        construct,
        (error) => error instanceof KrakenError && error.code === "ERR_UNAVAILABLE" && /free\(\)/.test(error.message),
      );
    }
    assert.ok(!core().buffer.some(Boolean), "a key that has no place is wiped");
    assert.equal(sign(early), expected);
    const { buffer } = core();
    for (let index = 0; index < handles.length; index += 997) {
      const text = Buffer.from(`${PATH}1616492376594`);
      buffer.set(text);
      assert.equal(exports.sign(0, handles[index], PATH.length, 13, text.length), 88);
      assert.equal(Buffer.from(buffer.subarray(0, 88)).toString(), expected);
    }
    for (const handle of [handles[0], handles[handles.length >> 1], handles.at(-1)]) {
      assert.equal(exports.free(handle), 0);
      const signer = new Signer(KEY);
      assert.equal(sign(signer), expected);
      assert.throws(() => new Signer(KEY), { code: "ERR_UNAVAILABLE" });
      signer.free();
      assert.equal(sign(new Signer(KEY)), expected);
    }
    assert.equal(pages(), full, "nothing grows any more");
    return { slots: handles.length + 2, pages: full };
  },

  /** Keys of an instance that crashed are collected while a new one has keys in the same slots. */
  async oldKeys() {
    const corrupt = fresh(core);
    const old = core();
    let first = new Signer(KEY);
    for (let count = 0; count < 1_000; count += 1) new Signer(KEY);
    corrupt();
    assert.throws(() => sign(first), { code: "ERR_CRASHED" });
    first = undefined;
    const slots = watched();
    assert.notEqual(core(), old);
    const signers = Array.from({ length: 1_500 }, () => new Signer(KEY));
    await collect();
    assert.equal(slots.freed, 0, "slots of the new instance that were freed");
    for (const signer of signers) assert.equal(sign(signer), expected);
    return slots;
  },

  /** The call that traps is the finalizer's own: nobody can catch what it throws. */
  async trapInFinalizer() {
    const corrupt = fresh(core);
    const kept = new Signer(KEY);
    for (let count = 0; count < 1_000; count += 1) new Signer(KEY);
    corrupt();
    await collect();
    assert.throws(() => sign(kept), { code: "ERR_CRASHED" });
    assert.equal(sign(new Signer(KEY)), expected);
    return {};
  },
};

console.log(JSON.stringify(await runs[process.argv[2]]()));
