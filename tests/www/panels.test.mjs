// Two-factor codes with a clock that stands where it is put, and the dates that nonces mean.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { COMPUTED, open } from "./page.mjs";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/otp.json", import.meta.url), "utf8"));
const RFC = vectors.filter(({ source, kind }) => kind === "totp" && source.startsWith("RFC 6238"));

const text = (page, id) => page.locator(`#${id}`).innerText();

test("shows the codes of RFC 6238", COMPUTED, async () => {
  assert.ok(RFC.length >= 18);
  const { page } = await open({ time: 1_700_000_000_000 });
  for (const { key, algorithm, digits, time, expected } of RFC) {
    await page.clock.setFixedTime(time * 1000);
    await page.locator("#setup-key").fill(`otpauth://totp/x?secret=${key.replaceAll("=", "")}&algorithm=${algorithm}&digits=${digits}`);
    assert.equal((await text(page, "code-now")).replace(" ", ""), expected, `${algorithm} at ${time}`);
  }
});

test("counts down, and then shows the next code", async () => {
  const { page } = await open({ time: 1_700_000_010_000 });
  const offset = () => page.locator("#ring .left").getAttribute("stroke-dashoffset").then(Number);
  assert.equal(await text(page, "seconds"), "30");
  assert.equal(await offset(), 0);
  const [now, after] = [await text(page, "code-now"), await text(page, "code-after")];
  assert.notEqual(now, after);
  await page.clock.runFor(12_000);
  assert.equal(await text(page, "seconds"), "18");
  assert.ok(Math.abs((await offset()) - 40) < 0.1);
  assert.equal(await text(page, "code-now"), now);
  await page.clock.runFor(14_000);
  assert.equal(await text(page, "seconds"), "4");
  assert.ok(await page.locator("#codes.ending").count());
  await page.clock.runFor(4_000);
  assert.deepEqual([await text(page, "seconds"), await text(page, "code-now"), await text(page, "code-before")], ["30", after, now]);
});

test("describes the contents of a URI and the mistake in a key", async () => {
  const { page } = await open();
  const key = page.locator("#setup-key");
  await key.fill("otpauth://totp/Kraken:me@example.com?secret=GEZDGNBVGY3TQOJQ&issuer=Kraken&period=60&algorithm=SHA256");
  const said = await text(page, "uri");
  for (const part of ["Kraken", "me@example.com", "6 digits, 60 seconds, SHA256", "10 bytes", "does not issue keys of this kind"]) {
    assert.ok(said.includes(part), part);
  }
  assert.ok(!said.includes("GEZDGNBV"));
  assert.equal(await page.locator("#uri .problem").count(), 2);
  await key.fill("otpauth://totp/Kraken:me?secret=GEZDGNBVGY3TQOJQ&amp;issuer=Kraken");
  assert.match(await text(page, "uri"), /copied from HTML/);
  assert.doesNotMatch(await text(page, "uri"), /does not issue/);
  await key.fill("otpauth-migration://offline?data=Ch0KCkhlbGxvId6tvu8SCUtyYWtlbjptZSABKAEwAhAB");
  assert.deepEqual(await page.locator("#uri li").allInnerTexts(), ["Kraken: me"]);
  assert.match(await page.locator("#uri .problem").innerText(), /export/);
  await key.fill("otpauth-migration://offline?data=Ch0KCk");
  assert.match(await text(page, "uri"), /cannot be read/);
  assert.doesNotMatch(await text(page, "uri"), /6 digits|does not issue/);
  await key.fill("GEZDGNBVGY3TQOJ1");
  assert.match(await text(page, "setup-note"), /base32|character/i);
  assert.ok(await page.locator("#codes").isHidden());
  await key.fill("gezd gnbv gy3t qojq");
  assert.match(await text(page, "code-now"), /^\d{3} \d{3}$/);
});

/** What the rung of a unit shows. */
async function rung(page, unit) {
  const item = page.locator(`#ladder [data-unit="${unit}"]`);
  return { number: await item.locator(".number").innerText(), says: await item.locator(".accepted").innerText() };
}

// 2026-11-24 12:00:00 UTC
const NOW = 1_795_521_600_000;

test("shows the current nonce of each unit, from the highest to the lowest", async () => {
  const { page } = await open({ time: NOW });
  const numbers = {
    us1024: "1,838,614,118,400,000,000",
    ns: "1,795,521,600,000,000,000",
    ticks: "639,311,184,000,000,000",
    "10ns": "179,552,160,000,000,000",
  };
  Object.assign(numbers, { us: "1,795,521,600,000,000", ms: "1,795,521,600,000", s: "1,795,521,600" });
  const shown = await page.locator("#ladder li[data-unit]").evaluateAll((items) => items.map(({ dataset }) => dataset.unit));
  assert.deepEqual(shown, Object.keys(numbers));
  for (const [unit, number] of Object.entries(numbers)) assert.equal((await rung(page, unit)).number, number, unit);
});

test("shows the date of a nonce, and until when each unit is locked out", async () => {
  const { page } = await open({ time: NOW });
  const seen = page.locator("#seen");
  const order = () => page.locator("#ladder li").evaluateAll((items) => items.map(({ dataset }) => dataset.unit ?? "mark"));

  await seen.fill("1616492376594");
  assert.equal(await text(page, "seen-note"), "Milliseconds, most likely: Mar 23, 2021, 09:39:36 UTC.");
  assert.deepEqual(await order(), ["us1024", "ns", "ticks", "10ns", "us", "ms", "mark", "s"]);
  assert.equal((await rung(page, "ms")).says, "higher: accepted");
  assert.equal((await rung(page, "s")).says, "not higher: rejected until the year 53,194");
  assert.match(await page.locator('[data-unit="us"] .means').innerText(), /Jan 19, 1970, 17:01:32 UTC/);

  // The usual accident: one tool sent microseconds.
  await seen.fill("1,795,521,600,000,001");
  assert.equal(await text(page, "seen-note"), "Microseconds, most likely: Nov 24, 2026, 12:00:00 UTC.");
  assert.deepEqual(await order(), ["us1024", "ns", "ticks", "10ns", "mark", "us", "ms", "s"]);
  assert.equal((await rung(page, "us")).says, "not higher: rejected until Nov 24, 2026, 12:00:00 UTC");
  assert.equal((await rung(page, "ms")).says, "not higher: rejected until the year 58,867");

  // The same number again is no use, either.
  await seen.fill("1795521600000");
  assert.deepEqual(await order(), ["us1024", "ns", "ticks", "10ns", "us", "mark", "ms", "s"]);
  assert.equal((await rung(page, "ms")).says, "not higher: rejected until Nov 24, 2026, 12:00:00 UTC");

  await seen.fill("18446744073709551615");
  assert.deepEqual(await order(), ["mark", "us1024", "ns", "ticks", "10ns", "us", "ms", "s"]);
  assert.equal((await rung(page, "ns")).says, "not higher: rejected until Jul 21, 2554, 23:34:33 UTC");
  await seen.fill("18446744073709551616");
  assert.match(await text(page, "seen-note"), /does not accept it as a nonce\. It is too high\. A nonce is a whole number/);
  assert.deepEqual(await order(), ["us1024", "ns", "ticks", "10ns", "us", "ms", "s"]);

  // Whatever else the command line explains.
  const marks = page.locator("#ladder .seen");
  for (const [nonce, said, accepted] of [
    ["463505000", "Excel days × 10^4, most likely: Nov 24, 2026, 12:00:00 UTC.", 1],
    ["1.795.521.600.000", "Milliseconds, most likely: Nov 24, 2026, 12:00:00 UTC.", 1],
    ["1795521600.5", "Seconds, most likely: Nov 24, 2026, 12:00:00 UTC. Kraken does not accept it as a nonce. It has a fraction.", 0],
    ["1a20d0f8e00", "Milliseconds in hexadecimal, most likely: ", 0],
    ["20261124120000000", "A date as yyyyMMddHHmmssfff, most likely: Nov 24, 2026, 12:00:00 UTC.", 1],
    ["42", "Not a sensible time in any unit.", 1],
    ["soon", "Invalid nonce: expected digits", 0],
    ["", "", 0],
  ]) {
    await seen.fill(nonce);
    const note = await text(page, "seen-note");
    assert.ok(note.startsWith(said) && (said || !note), `${nonce}: ${note}`);
    assert.equal(await marks.count(), accepted, nonce);
  }

  await page.getByRole("button", { name: "ns", exact: true }).click();
  assert.match(await text(page, "seen-note"), /^Nanoseconds, most likely: Nov 24, 2026/);
});
