// What the page computes and draws, against the known signatures and node:crypto.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { COMPUTED, example, fill, open, shown, vectors } from "./page.mjs";

const EXAMPLES = {
  "Spot order": "Kraken documentation, Spot REST authentication",
  "Spot, JSON body": "computed twice, Python and Node: JSON batch",
  "Futures order": "computed twice, Python and Node: POST form",
  "Futures challenge": "Kraken documentation, Futures WebSocket challenge",
};

test("every example gives its known signature", async () => {
  const { page, seen } = await open();
  assert.deepEqual(await page.locator("#examples button").allInnerTexts(), Object.keys(EXAMPLES));
  for (const [name, source] of Object.entries(EXAMPLES)) {
    await example(page, name);
    assert.equal(await shown(page, "signature"), vectors.find((vector) => vector.source === source).expected, name);
  }
  assert.deepEqual(seen.errors, []);
});

test("every known signature is reproduced from typed input", COMPUTED, async () => {
  const { page } = await open();
  let reproduced = 0;
  for (const vector of vectors.filter(({ kind }) => kind !== "fix")) {
    await fill(page, vector);
    assert.equal(await shown(page, "signature"), vector.expected, vector.source);
    reproduced++;
  }
  assert.ok(reproduced > 20);
});

test("the bytes of the steps match node:crypto", async () => {
  const { page } = await open();
  await example(page, "Spot order");
  const { path, nonce, body, expected } = vectors[0];
  const digest = createHash("sha256")
    .update(nonce + body)
    .digest("hex");
  assert.equal(await shown(page, "hashed"), nonce + body);
  assert.equal(await shown(page, "digest"), digest);
  assert.equal(await shown(page, "message"), path + digest);
  assert.equal(await shown(page, "mac"), Buffer.from(expected, "base64").toString("hex"));
  await page.locator('label[for="notation-hex"]').click();
  assert.equal(await shown(page, "message"), Buffer.from(path).toString("hex") + digest);
  assert.equal(await shown(page, "signature"), Buffer.from(expected).toString("hex"));
});

test("input that cannot be signed is refused beside its field, and no old result remains", COMPUTED, async () => {
  const { page } = await open();
  const wrong = [
    { secret: "AQF", where: "#secret-note", says: /private key/ },
    { nonce: "x", where: "#nonce-note", says: /nonce/ },
    { path: "0/private/Balance", where: "#failure", says: /path: it does not begin with/ },
  ];
  for (const { where, says, ...fields } of wrong) {
    await fill(page, { ...vectors[0], ...fields });
    assert.match(await page.locator(where).innerText(), says);
    assert.equal(await page.locator(".step").count(), 0);
  }
});

/** The text that is lit in a step, or marked in a field. */
const lit = (page, step) => page.locator(`.step[data-step="${step}"] .token.lit`).allInnerTexts();
const marked = (page, field) => page.locator(`.field[data-step="${field}"] mark`).innerText();

test("pointing at bytes highlights their source in the previous step and in the field", async () => {
  const { page } = await open();
  await fill(page, { ...vectors[0], nonce: "1616492376594", body: "nonce=1616492376594&key=dépôt" });
  const hashed = page.locator('.step[data-step="hashed"] .token');
  const tooltip = page.locator("#tooltip");

  await hashed.nth(3).hover();
  assert.match(await tooltip.innerText(), /Nonce and body: byte 4 of 44\s+hex\s+36\s+text\s+6\s+from\s+Nonce, byte 4/);
  assert.equal(await marked(page, "nonce"), "6");
  assert.equal(await marked(page, "body"), "");

  // é has two bytes.
  await hashed.filter({ hasText: "é" }).hover();
  assert.match(await tooltip.innerText(), /bytes 39–40 of 44\s+hex\s+c3 a9\s+text\s+é\s+from\s+Body, bytes 26–27/);
  assert.equal(await marked(page, "body"), "é");
  assert.equal(await marked(page, "nonce"), "");

  // A byte of the digest stands for all that was hashed, and is one byte of the message.
  const digest = await shown(page, "digest");
  await page.locator('.step[data-step="message"] .segment[data-origin="digest"] .token').nth(2).hover();
  assert.deepEqual(await lit(page, "digest"), [digest.slice(4, 6)]);
  await page.locator('.step[data-step="digest"] .token').first().hover();
  assert.ok(await page.locator('.step[data-step="hashed"].lit').count());

  // Four characters of base64 are three bytes; one of them lies in one or two.
  const mac = await shown(page, "mac");
  await page.locator('.step[data-step="signature"] .token').nth(1).hover();
  assert.deepEqual(await lit(page, "mac"), [mac.slice(0, 2), mac.slice(2, 4)]);
  await page.locator('.step[data-step="signature"] .token').nth(4).hover();
  assert.deepEqual(await lit(page, "mac"), [mac.slice(6, 8)]);

  await page.keyboard.press("Escape");
  assert.ok(await tooltip.isHidden());
  assert.equal(await page.locator(".token.lit").count(), 0);
});

test("a new nonce goes into field and body, and a contradiction is pointed out", async () => {
  const time = Date.UTC(2026, 10, 24, 12);
  const { page } = await open({ time });
  for (const name of ["Spot order", "Spot, JSON body"]) {
    await example(page, name);
    await page.getByRole("button", { name: "Now", exact: true }).click();
    const nonce = await page.locator("#nonce").inputValue();
    assert.ok(Number(nonce) >= time && Number(nonce) < time + 1000, nonce);
    assert.match(await page.locator("#body").inputValue(), new RegExp(`nonce"?[:=]"?${nonce}`));
    assert.equal(await page.locator("#nonce-note").innerText(), "");
  }
  await page.locator("#nonce").fill("5");
  assert.match(await page.locator("#nonce-note").innerText(), /body has a different nonce/);
});

test("a long body is signed, but only partly drawn", async () => {
  const { page } = await open();
  await fill(page, { ...vectors[0], body: `nonce=1&x=${"y".repeat(100_000)}` });
  assert.match(await shown(page, "hashed"), /… and 98\d\d\d more$/);
  assert.equal((await shown(page, "signature")).length, 88);
  // Its field scrolls, and leaves space for the others.
  const { height } = await page.locator("#body").boundingBox();
  assert.ok(height > 100 && height < 300, `${height} pixels`);
});
