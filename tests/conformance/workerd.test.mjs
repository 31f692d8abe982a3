import assert from "node:assert/strict";
import { test } from "node:test";
import { vectors } from "../harness/vectors.mjs";
import { startWorker } from "../harness/workerd.mjs";
import { suite } from "./suite.mjs";

const worker = await startWorker(new URL("worker.mjs", import.meta.url), { loopback: false });
const results = await fetch(worker.url).then((response) => response.json());
await worker.stop();

for (const { name, error } of results) {
  test(`workerd: ${name}`, () => assert.equal(error, undefined));
}

test("workerd ran the whole suite", () => {
  const kit = new Proxy({}, { get: () => class {} });
  assert.deepEqual(results.map(({ name }) => name), suite(kit, vectors).map(([name]) => name));
});
