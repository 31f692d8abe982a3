// Sends nothing, keeps nothing: watched from outside, and tried from inside.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ADDRESS, FILE, FIREFOX, arrived, example, fill, mistake, open, shown, vectors } from "./page.mjs";
import { HEADERS } from "../../www/serve.mjs";

/** Uses everything there is on the page. */
async function use(page) {
  for (const button of await page.locator("#examples button").all()) await button.click();
  await fill(page, { ...vectors[1], signature: vectors[1].expected });
  await page.getByRole("button", { name: "Investigate" }).click();
  await page.locator(".suspicions li").first().waitFor();
  await page.locator('.step[data-step="mac"] .token').first().hover();
  await page.locator('label[for="notation-hex"]').click();
  await page.getByRole("button", { name: "Dark" }).click();
  await page.locator("#seen").fill("1616492376594");
  await page.locator("#setup-key").fill("GEZD GNBV GY3T QOJQ");
  await page.locator("#code-now").waitFor();
  await page.getByText("What was actually sent").click();
  await page.locator("#sentBody").fill("nonce=1");
}

/** What a browser can keep of a page. */
const kept = (page) =>
  page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    history: [history.length, history.state],
    address: location.href,
  }));

test("the page requests only itself, stores nothing, and stays within its policy", async () => {
  const { page, context, seen, violations } = await open();
  const before = await kept(page);
  await use(page);
  assert.deepEqual(seen, { requests: [ADDRESS], errors: [] });
  assert.deepEqual(arrived, ["/"]);
  assert.deepEqual(await violations(), []);
  assert.deepEqual(await kept(page), before);
  assert.deepEqual(
    { ...before, history: undefined, address: undefined },
    {
      local: 0,
      session: 0,
      cookies: "",
      databases: 0,
      caches: 0,
      workers: 0,
      history: undefined,
      address: undefined,
    },
  );
  assert.deepEqual(await context.storageState(), { cookies: [], origins: [] });
});

/** Ways to get something out of a page, or code into it, and what forbids each. */
const ATTEMPTS = {
  fetch: [() => fetch("/leak").catch(() => {}), "connect-src"],
  "a beacon": [() => void navigator.sendBeacon("/leak", "x"), "connect-src"],
  "a WebSocket": [
    () => {
      try {
        new WebSocket("ws://127.0.0.1:1/leak");
      } catch {
        // Chromium may throw.
      }
    },
    "connect-src",
  ],
  "an image": [() => void (new Image().src = "/leak"), "img-src"],
  "a form": [
    () => {
      const form = document.createElement("form");
      form.action = "/leak";
      document.body.append(form);
      HTMLFormElement.prototype.submit.call(form);
    },
    "form-action",
  ],
  "a script of its own": [
    () => {
      try {
        const script = document.createElement("script");
        script.src = "/leak";
        document.body.append(script);
      } catch {
        // It is no trusted type.
      }
    },
    "require-trusted-types-for",
  ],
  "a style": [() => document.body.setAttribute("style", "background: url(/leak)"), "style-src-attr"],
  "a frame": [
    () => {
      const frame = document.createElement("iframe");
      frame.src = "/leak";
      document.body.append(frame);
    },
    "frame-src",
  ],
  markup: [
    () => {
      try {
        document.body.innerHTML = "<img src=/leak>";
      } catch {
        // It is no trusted type.
      }
    },
    "require-trusted-types-for",
  ],
};
test("the policy forbids the page to send or load anything", async () => {
  const { page, violations } = await open();
  for (const [name, [attempt, directive]] of Object.entries(ATTEMPTS)) {
    await page.evaluate(() => void (globalThis.violations.length = 0));
    // Some attempts throw in some browsers.
    await page.evaluate(attempt).catch(() => {});
    await page.waitForFunction(() => globalThis.violations.length > 0, undefined, { timeout: 10_000 }).catch(() => {});
    assert.ok((await violations()).includes(directive), `${name}: ${await violations()}`);
  }
  assert.ok(!arrived.includes("/leak"));
});

test("the policy allows only the contents of the page", () => {
  const html = readFileSync(FILE, "utf8");
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(html);
  for (const rule of ["default-src 'none'", "connect-src 'none'", "form-action 'none'", "base-uri 'none'"]) {
    assert.ok(policy.split("; ").includes(rule), rule);
  }
  assert.match(policy, /script-src 'sha256-[^']+' 'sha256-[^']+' 'wasm-unsafe-eval'; worker-src blob:;/);
  assert.doesNotMatch(policy, /'unsafe-|\*|https?:/);
  // Where the page could take something from, or lead to without being asked.
  assert.deepEqual(html.match(/<(?:script|link|img|iframe|form|object|embed|base)[^>]*?(?:src|href|action|data)="(?!data:)[^"]*"/g), null);
});

test("the page is the same wherever it is built, and contains the licenses of its contents", async () => {
  const folder = await mkdtemp(join(tmpdir(), "workbench-"));
  after(() => rm(folder, { recursive: true }));
  const again = join(folder, "page.html");
  execFileSync(process.execPath, [fileURLToPath(new URL("../../www/build.mjs", import.meta.url)), again], { cwd: folder });
  const html = readFileSync(again, "utf8");
  assert.equal(html, readFileSync(FILE, "utf8"));
  assert.ok(!html.includes(fileURLToPath(new URL("../..", import.meta.url))));
  assert.match(html, /THE SOFTWARE IS PROVIDED "AS IS"/);
});

test("the page works offline", async () => {
  const { page, context, seen } = await open();
  await context.setOffline(true);
  await use(page);
  await example(page, "Spot order");
  await page.locator('label[for="notation-text"]').click();
  assert.equal(await shown(page, "signature"), vectors[0].expected);
  assert.deepEqual(seen.errors, []);
});

test("the page works as a file", async () => {
  const address = pathToFileURL(FILE).href;
  const { page, seen, violations } = await open({ address });
  await example(page, "Spot order");
  assert.equal(await shown(page, "signature"), vectors[0].expected);
  await mistake(page, "digest-as-hex");
  assert.match(await page.locator("#link").inputValue(), /^#api=spot/);
  // Playwright does not see what Firefox reads from files.
  assert.deepEqual(seen, { requests: FIREFOX ? [] : [address], errors: [] });
  assert.deepEqual(await violations(), []);
});

test("the server sends the headers that a page cannot set", async () => {
  const answer = await fetch(ADDRESS);
  for (const [name, value] of Object.entries(HEADERS)) assert.equal(answer.headers.get(name), value);
  assert.equal((await fetch(new URL("/anything", ADDRESS))).status, 404);
  assert.equal((await fetch(ADDRESS, { method: "POST" })).status, 404);
});

/** Everything that is on the page or in its fields. */
const everything = (page) =>
  page.evaluate(() => document.body.innerText + [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join("\n"));

test("fields are emptied when the page is left, even if the browser caches it", async () => {
  const { page } = await open();
  const secret = Buffer.from("a private key that stands for a real one").toString("base64");
  await fill(page, { ...vectors[0], secret, body: "nonce=1&volume=99", signature: "SGlkZGVu" });
  await page.locator("#setup-key").fill("MFRGGZDFMZTWQ2LK");
  await page.locator("#key").fill("AN API KEY", { force: true });
  const typed = [secret, "volume=99", "SGlkZGVu", "MFRGGZDFMZTWQ2LK", "AN API KEY"];
  const before = await everything(page);
  for (const text of typed) assert.ok(before.includes(text), text);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  const gone = await everything(page);
  for (const text of typed) assert.ok(!gone.includes(text), text);
  // And the page comes back as it was at first.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  assert.equal(await shown(page, "signature"), vectors[0].expected);
});

test("the private key is only in its field, and a key that is not an example causes a warning", async () => {
  const { page } = await open();
  const { secret } = vectors[0];
  await mistake(page, "digest-as-hex");
  assert.ok(!(await page.content()).replace(/<script.*<\/script>/s, "").includes(secret));
  assert.equal(await page.locator("#secret-note").innerText(), "");
  await page.locator("#secret").fill(Buffer.alloc(64, 7).toString("base64"));
  assert.match(await page.locator("#secret-note").innerText(), /not one of the example keys/);
  await page.locator("#secret").fill(`${secret.slice(0, -4)}-_==`);
  assert.match(await page.locator("#secret-note").innerText(), /URL-safe.*not one of the example keys/);
});

test(
  "without JavaScript, the page says that it needs it, and shows no field that would do nothing",
  { skip: FIREFOX && "playwright cannot switch it off there" },
  async () => {
    const { page } = await open({ javaScriptEnabled: false });
    assert.match(await page.locator("noscript .warning").innerText(), /needs JavaScript and WebAssembly/);
    assert.equal(await page.locator(":is(input, textarea, select, button):visible").count(), 0);
  },
);
