// The search runs beside the page: the page stays usable, a new input ends it, and nothing of it remains.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, open, vectors } from "./page.mjs";

/** A request that takes as long to search as any, about a second: its body is long, and its signature is no one's. */
const LONG = { ...vectors[0], body: `nonce=1&x=${"é+".repeat(10_000)}`, signature: Buffer.alloc(64, 3).toString("base64") };

/** Opens the page, and counts the workers that it starts and ends. Each searches `searches` times, and its last answer counts. */
async function opened({ searches = 1, ...options } = {}) {
  const { page, ...rest } = await open({
    ...options,
    before: () => {
      globalThis.workers = { started: 0, ended: 0 };
      globalThis.searches = 1;
      globalThis.Worker = class extends Worker {
        #left = searches;
        constructor(url) {
          super(url);
          workers.started++;
        }
        postMessage(input) {
          for (let left = this.#left; left; left--) super.postMessage(input);
        }
        addEventListener(type, listener) {
          super.addEventListener(type, (event) => {
            if (type !== "message" || --this.#left === 0) listener(event);
          });
        }
        terminate() {
          super.terminate();
          workers.ended++;
        }
      };
    },
  });
  await page.evaluate((count) => (globalThis.searches = count), searches);
  return { page, ...rest, workers: () => page.evaluate(() => globalThis.workers) };
}

const investigate = (page) => page.getByRole("button", { name: "Investigate" }).click();
const title = (page) => page.locator("#verdict-title").innerText();

test("while a search runs, the page shows how long it has run, and stays usable", async () => {
  const { page, workers, seen, violations } = await opened({ searches: 100 });
  await fill(page, LONG);
  await investigate(page);
  await page.locator("#progress").waitFor();
  assert.equal(await title(page), "Searching for the mistake");
  assert.match(await page.locator("#elapsed").innerText(), /^(less than a|\d+) seconds?$/);
  // The thread of the page is free: a frame comes at once, whatever the search does. Under load, a frame may take longer, but not as long as the search.
  const slowest = await page.evaluate(async () => {
    let slowest = 0;
    for (let frame = 0; frame < 10; frame++) {
      const start = performance.now();
      await new Promise((resolve) => requestAnimationFrame(resolve));
      slowest = Math.max(slowest, performance.now() - start);
    }
    return slowest;
  });
  assert.ok(slowest < 1500, `${slowest} ms`);
  await page.locator("#seen").fill("1616492376594");
  assert.match(await page.locator("#seen-note").innerText(), /Milliseconds/);
  assert.ok(await page.locator("#progress").isVisible(), "the search goes on");
  assert.deepEqual(await workers(), { started: 1, ended: 0 });
  // Stopping leaves nothing behind, and the focus where the result would be.
  await page.getByRole("button", { name: "Stop" }).click();
  assert.ok(await page.locator("#progress").isHidden());
  assert.equal(await title(page), "The search was stopped");
  assert.equal(await page.evaluate(() => document.activeElement.id), "verdict");
  assert.deepEqual(await workers(), { started: 1, ended: 1 });
  assert.deepEqual([seen.errors, await violations()], [[], []]);
});

test("a new input ends the search, and so does leaving the page", async () => {
  const { page, workers } = await opened({ searches: 100 });
  await fill(page, LONG);
  await investigate(page);
  await page.locator("#progress").waitFor();
  await page.locator("#path").fill("/0/private/Balance");
  assert.ok(await page.locator("#progress").isHidden());
  assert.deepEqual(await workers(), { started: 1, ended: 1 });
  for (let press = 0; press < 5; press++) await investigate(page);
  assert.deepEqual(await workers(), { started: 6, ended: 5 });
  await page.locator("#progress").waitFor();
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  assert.deepEqual(await workers(), { started: 6, ended: 6 });
  assert.ok(await page.locator("#progress").isHidden());
});

test("the result is that of the last input, however fast it changes", async () => {
  const { page, workers } = await opened();
  const [{ expected }] = vectors;
  for (const signature of [LONG.signature, Buffer.from(expected, "base64").toString("hex"), LONG.signature, expected]) {
    await fill(page, { ...vectors[0], signature });
    await investigate(page);
  }
  await page.locator("#verdict[data-kind]").waitFor();
  assert.equal(await page.locator("#verdict").getAttribute("data-kind"), "right");
  const { started, ended } = await workers();
  assert.deepEqual([started, ended], [4, 4]);
});

test("a private key that cannot be read at all is refused, and the worker ends", async () => {
  const { page, workers } = await opened();
  await fill(page, { ...vectors[0], secret: "?", signature: "x" });
  await investigate(page);
  await page.getByText("Cannot investigate this").waitFor();
  assert.deepEqual(await workers(), { started: 1, ended: 1 });
});

test("a worker can send nothing, either", async () => {
  const { page } = await open();
  // The page has made the policy of its only worker, so none of its scripts can make another.
  const made = await page.evaluate(() => {
    try {
      return Boolean(trustedTypes.createPolicy("worker", { createScriptURL: (url) => url }));
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(made, "TypeError");
  const worker = await page.evaluate(() => {
    try {
      return Boolean(new Worker(URL.createObjectURL(new Blob(["fetch('/leak')"]))));
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(worker, "TypeError");
});
