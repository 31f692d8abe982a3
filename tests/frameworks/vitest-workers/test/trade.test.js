import { env, exports } from "cloudflare:workers";
import { createExecutionContext, runInDurableObject, waitOnExecutionContext } from "cloudflare:test";
import { expect, test } from "vitest";
import { SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import worker from "../src/index.js";

const post = (path) => new Request(`https://example.com${path}`, { method: "POST" });

test("the Worker places an order, called directly", async () => {
  const context = createExecutionContext();
  const response = await worker.fetch(post("/"), env, context);
  await waitOnExecutionContext(context);
  console.log(`answer: ${await response.text()}`);
});

test("its Durable Object places an order, called through the Worker's main export", async () => {
  const response = await exports.default.fetch(post("/object"));
  console.log(`answer: ${await response.text()}`);
});

test("the Durable Object has stored the end of its block of nonces", async () => {
  const stored = await runInDurableObject(env.KRAKEN.getByName("trading"), (_, { storage }) => storage.list());
  expect(stored.size).toBeGreaterThan(0);
});

test("the simulated exchange runs inside the Workers runtime", async () => {
  const exchange = new Exchange();
  const kraken = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch });
  expect(await kraken.call("Balance")).toHaveProperty("ZUSD");
});
