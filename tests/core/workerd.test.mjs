import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorker } from "../harness/workerd.mjs";
import { crash } from "./crash.mjs";
import { scan } from "./scan.mjs";
import { SEED } from "./settings.mjs";

const ROUNDS = 100;
const worker = await startWorker(new URL("worker.mjs", import.meta.url), { bindings: { SEED, ROUNDS }, loopback: false });
const results = await fetch(worker.url).then((response) => response.json());
await worker.stop();

for (const { name, error } of results) {
  test(`workerd: ${name}`, () => assert.equal(error, undefined));
}

test("workerd ran the whole suites, after one test of its own", () => {
  const suites = [...scan({}, SEED, ROUNDS), ...crash({}, SEED)];
  const [, ...names] = results.map(({ name }) => name);
  assert.deepEqual(
    names,
    suites.map(([name]) => name),
  );
});
