// Planted mistakes, each made here by hand: named, marked in the step where it happened, and explained with code.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MISTAKES } from "kraken-signer/inspect";
import { COMPUTED, allowClipboard, example, fill, mistake, open, vectors } from "./page.mjs";

const [{ secret, path, nonce, body }] = vectors;
const key = Buffer.from(secret, "base64");
const sha256 = (text, encoding) => createHash("sha256").update(text).digest(encoding);
const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha512", key)).digest("base64");

const examples = JSON.parse(readFileSync(new URL("../inspect/examples.json", import.meta.url), "utf8"));

const PLANTED = [
  { signature: hmac(secret, path, sha256(nonce + body)), found: { "secret-as-text": "secret" } },
  { signature: hmac(key, path, sha256(nonce + body, "hex")), found: { "digest-as-hex": "digest" } },
  { signature: hmac(key, path, sha256(body)), found: { "nonce-missing": "hashed" } },
  {
    signature: Buffer.from(hmac(key, path, sha256(nonce + body)), "base64").toString("hex"),
    found: { "output-hex": "signature" },
  },
  { signature: hmac(secret, path, sha256(body)), found: { "secret-as-text": "secret", "nonce-missing": "hashed" } },
];

/** The steps that are marked, each once, in order of the alphabet. */
const marked = (page) =>
  page.locator(".step.mistaken, .field.mistaken").evaluateAll((places) => [...new Set(places.map(({ dataset }) => dataset.step))].sort());
const verdict = (page) => page.locator("#verdict");

test("planted mistakes are named and marked in their step", COMPUTED, async () => {
  const { page } = await open();
  for (const { signature, found } of PLANTED) {
    await fill(page, { ...vectors[0], signature });
    await page.getByRole("button", { name: "Investigate" }).click();
    await page.locator('#verdict[data-kind="mistake"]').waitFor();
    const said = await page.locator(".mistakes li").evaluateAll((items) => items.map(({ dataset }) => dataset.mistake));
    assert.deepEqual(said.sort(), Object.keys(found).sort());
    assert.deepEqual(await marked(page), Object.values(found).sort());
    for (const step of Object.values(found)) {
      assert.ok(await page.locator(`:is(.step, .field)[data-step="${step}"] .mark p`).first().isVisible(), step);
    }
  }
});

test("a signature without a known mistake is not explained", COMPUTED, async () => {
  const { page } = await open();
  await fill(page, { ...vectors[0], signature: hmac("another key", path, body) });
  await page.getByRole("button", { name: "Investigate" }).click();
  await page.locator('#verdict[data-kind="unexplained"]').waitFor();
  assert.match(await verdict(page).innerText(), /None of [\d,]+ combinations/);
  assert.deepEqual(await marked(page), []);
});

test("the list has an example of each mistake, and each is named", COMPUTED, async () => {
  const { page } = await open();
  const offered = await page.locator("#mistake option").evaluateAll((options) => options.map(({ value }) => value).filter(Boolean));
  assert.deepEqual(offered.toSorted(), MISTAKES.toSorted());
  // All within the page, because each step from outside takes time.
  const seen = await page.evaluate(async (names) => {
    const list = document.querySelector("#mistake");
    const verdict = document.querySelector("#verdict");
    const seen = [];
    for (const name of names) {
      list.value = name;
      list.dispatchEvent(new Event("change", { bubbles: true }));
      while (!verdict.dataset.kind) await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push({
        name,
        said: [...verdict.querySelectorAll(".mistakes li")].map(({ dataset }) => dataset.mistake),
        marks: document.querySelectorAll(".step.mistaken, .field.mistaken").length,
        did: document.querySelector("#did").textContent,
        note: document.querySelector("#secret-note").textContent,
      });
    }
    return seen;
  }, MISTAKES);
  for (const { name, said, marks, did, note } of seen) {
    const { mistakes } = examples.find((example) => example.name === name);
    assert.deepEqual(said.toSorted(), mistakes.toSorted(), name);
    assert.ok(marks > 0, name);
    assert.match(did, /^What its author did: .+\.$/);
    // All keys of the examples are published; some are spoiled by the mistake.
    assert.doesNotMatch(note, /not one of the example keys/, name);
  }
  await example(page, "Spot order");
  assert.deepEqual(await marked(page), []);
  assert.equal(await page.locator("#mistake").inputValue(), "");
  assert.equal(await page.locator("#did").innerText(), "");
});

test("a correct signature is reported as correct, with suspicions in order", COMPUTED, async () => {
  const { page } = await open();
  for (const vector of [vectors[0], vectors[3], vectors[4]]) {
    await fill(page, { ...vector, signature: vector.expected });
    await page.getByRole("button", { name: "Investigate" }).click();
    await page.locator('#verdict[data-kind="right"]').waitFor();
    assert.ok((await page.locator(".suspicions li").count()) >= 3);
    assert.deepEqual(await marked(page), []);
  }
});

test("the request that was actually sent is taken into account", COMPUTED, async () => {
  const { page } = await open();
  await fill(page, { ...vectors[0], signature: vectors[0].expected });
  await page.getByText("What was actually sent").click();
  await page.locator("#sentBody").fill(`${body}&otp=123456`);
  await page.getByRole("button", { name: "Investigate" }).click();
  await page.locator('#verdict[data-kind="changed"]').waitFor();
  assert.match(await verdict(page).innerText(), /^What was sent is not what you signed[^]+Only sent: otp\./);
});

test("a signature is investigated when it is pasted, and its verdict disappears when a field changes", async () => {
  const { page, context } = await open();
  await allowClipboard(context);
  await page.evaluate((text) => navigator.clipboard.writeText(text), PLANTED[0].signature);
  await page.locator("#signature").focus();
  await page.keyboard.press("ControlOrMeta+V");
  await page.locator('#verdict[data-kind="mistake"]').waitFor();
  assert.deepEqual(await marked(page), ["secret"]);
  await page.locator("#path").fill("/0/private/Balance");
  await page.locator("#verdict:not([data-kind])").waitFor();
  assert.deepEqual(await marked(page), []);
});

test("code is shown in the chosen language, and a button copies it", async () => {
  const { page, context } = await open();
  await allowClipboard(context);
  await mistake(page, "digest-as-hex");
  await page.getByText("Code that signs correctly").click();
  const marks = { javascript: "createHmac", python: "hashlib", shell: "openssl", java: "javax.crypto", rust: "kraken_signer" };
  for (const [language, mark] of Object.entries(marks)) {
    await page.locator("#language").selectOption(language);
    const code = await page.locator("#code").innerText();
    assert.ok(code.includes(mark), language);
    await page.getByRole("button", { name: /^Copy the code/ }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) === document.querySelector("#code").textContent);
    await page.getByText("Copied: the code").waitFor({ state: "attached" });
  }
});

test("the fields for what was sent come into view when they are opened", async () => {
  const { page } = await open({ viewport: { width: 1440, height: 800 } });
  await page.getByText("What was actually sent").click();
  const last = page.locator("#sentOtp");
  await page.waitForFunction(() => document.querySelector(".fields").scrollTop > 0);
  // Nothing covers it, not even the buttons.
  const seen = await last.evaluate((field) => {
    const { left, top, width, height } = field.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === field;
  });
  assert.ok(seen);
});

test("nothing is said about fields that were cleared", async () => {
  const { page } = await open();
  for (const [id, text] of [
    ["nonce", "1.5"],
    ["secret", "x"],
  ]) {
    await page.locator(`#${id}`).fill(text);
    assert.notEqual(await page.locator(`#${id}-note`).innerText(), "", id);
    await page.getByRole("button", { name: "Clear everything" }).click();
    assert.equal(await page.locator(`#${id}-note`).innerText(), "", id);
    await example(page, "Spot order");
  }
});
