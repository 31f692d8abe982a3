// Threads that keep their highest nonce in a file: a process that starts again with its clock behind continues above it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { ThreadLane } from "kraken-signer";

const PROGRAM = `
const now = Date.now;
Date.now = () => now() - Number(process.env.BEHIND);
const { ThreadLane } = await import("kraken-signer");
const { nonceFile } = await import("kraken-signer/node");
const memory = ThreadLane.memory();
// Two lanes, with a store each, as two threads have them.
const lanes = [0, 1].map(() => new ThreadLane({ memory, unit: process.env.UNIT, store: nonceFile(process.env.FILE) }));
const nonces = [];
for (let i = 0; i < 6; i++) nonces.push(await lanes[i % 2].run(async (nonce) => nonce));
console.log(JSON.stringify(nonces));
`;

const rising = (numbers) => numbers.every((number, i) => !i || number > numbers[i - 1]);

for (const unit of ["ms", "us", "ns"])
  test(`in ${unit}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "kraken-signer-threads-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const FILE = join(folder, "nonce");
    const start = async (behind) => {
      const env = { ...process.env, FILE, UNIT: unit, BEHIND: `${behind}` };
      const options = { env, cwd: new URL(".", import.meta.url) };
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", PROGRAM], options);
      return JSON.parse(stdout).map(BigInt);
    };
    const first = await start(0);
    const kept = BigInt(readFileSync(FILE, "utf8"));
    assert.ok(first.every((nonce) => nonce <= kept));
    const all = [...first, ...(await start(3_600_000)), ...(await start(7_200_000))];
    assert.ok(rising(all), `${all}`);
    assert.ok(all[6] > kept, "above the whole block");
  });

test("a stored nonce more than a day ahead of the clock is refused, unless `allowAhead` is set, as the message says", async () => {
  const ahead = `${Date.now() + 3 * 86_400_000}`;
  const store = { read: () => ahead, write: () => {} };
  const next = (more) => new ThreadLane({ memory: ThreadLane.memory(), store, ...more }).run(async (nonce) => nonce);
  await assert.rejects(next(), {
    code: "ERR_INVALID_NONCE",
    message: /is 3 days ahead of the clock\. Nothing was sent, .*set `allowAhead: true`/,
  });
  assert.equal(await next({ allowAhead: true }), `${BigInt(ahead) + 1n}`);
  assert.throws(() => next({ allowAhead: "true" }), { code: "ERR_INVALID_REQUEST", message: /`allowAhead`/ });
});

test("if the store cannot be written, nothing is sent, and the next call tries again", async () => {
  let fails = true;
  let kept;
  const store = {
    read: () => kept,
    write: (nonce) => {
      if (fails) throw new Error("the disk is full");
      kept = nonce;
    },
  };
  const lane = new ThreadLane({ memory: ThreadLane.memory(), store });
  await assert.rejects(
    lane.run(() => assert.fail("it was sent")),
    { message: "the disk is full" },
  );
  fails = false;
  const nonces = [];
  for (let i = 0; i < 3; i++) nonces.push(await lane.run(async (nonce) => nonce));
  assert.ok(rising(nonces.map(BigInt)) && BigInt(nonces[2]) < BigInt(kept));
  for (const wrong of [{}, { read: () => undefined, write: async () => {} }]) {
    const wrongly = async () => new ThreadLane({ memory: ThreadLane.memory(), store: wrong }).run(async (nonce) => nonce);
    await assert.rejects(wrongly, { code: "ERR_INVALID_NONCE", message: /`store`/ });
  }
});

test("a nonce that another thread has taken meanwhile is not taken again", () => {
  const memory = ThreadLane.memory();
  const other = new ThreadLane({ memory });
  let taken;
  // The store is written between the look at the last nonce and the moment in which the next one is taken.
  const write = () => (taken ??= other.next());
  const own = new ThreadLane({ memory, store: { read: () => undefined, write } }).next();
  assert.ok(BigInt(own) > BigInt(taken), `${taken}, ${own}`);
});
