// The units of nonces: the investigator in Rust and `explainNonce` in TypeScript know the same ones.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { NONCE_UNITS, investigate } from "kraken-signer/inspect";

const secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const path = "/0/private/Balance";
// 2026-11-24 12:34:56.789 UTC
const NOW = 1_795_523_696_789;
const byName = Object.fromEntries(NONCE_UNITS.map((unit) => [unit.name, unit]));

/** Returns what is said if `hashed` is hashed, and `nonce` is in the body. */
const said = (hashed, nonce) => {
  const body = `nonce=${nonce}`;
  const digest = createHash("sha256").update(`${hashed}${body}`).digest();
  const signature = createHmac("sha512", Buffer.from(secret, "base64")).update(path).update(digest).digest("base64");
  return investigate({ api: "spot", secret, path, body, signature })[0].mistakes;
};

test("both lists have the same units", () => {
  const source = readFileSync(new URL("../../src/inspect/nonce.rs", import.meta.url), "utf8");
  const constants = [...source.matchAll(/^const (\w+): u128 = ([\d_]+);$/gm)].map(([, name, digits]) => [name, digits.replaceAll("_", "")]);
  const numberOf = (text) => {
    const [, exponent] = /^10_u128\.pow\((\d+)\)$/.exec(text) ?? [];
    if (exponent) return 10n ** BigInt(exponent);
    const [, name, divisor = "1"] = /^([A-Z_]+)(?: \/ ([\d_]+))?$/.exec(text) ?? [];
    const digits = name ? Object.fromEntries(constants)[name] : text.replaceAll("_", "");
    return BigInt(digits) / BigInt(divisor.replaceAll("_", ""));
  };
  const rows = [...source.matchAll(/^ {4}unit\("([\w-]+)", (.+?), (.+?), (.+?)\),$/gm)];
  assert.deepEqual(
    rows.map(([, name]) => name),
    NONCE_UNITS.map(({ name }) => name),
  );
  for (const [, name, ...numbers] of rows) {
    const [numerator, denominator, offset] = numbers.map(numberOf);
    for (const time of [0, 1, 999, NOW, NOW + 12_345_678])
      assert.equal(((BigInt(time) + offset) * numerator) / denominator, byName[name].at(time), name);
  }
});

test("a nonce that was hashed in any unit, and sent in a common one, is named", () => {
  for (const sent of ["ms", "us", "ns"])
    for (const { name, at } of NONCE_UNITS)
      if (name !== sent) assert.deepEqual(said(at(NOW), byName[sent].at(NOW)), ["nonce-unit"], `${name} hashed, ${sent} sent`);
});

test("a nonce that was sent in any unit that is fine enough, and hashed in a common one, is named", () => {
  for (const hashed of ["s", "ms"])
    for (const { name, at, timeOf } of NONCE_UNITS)
      if (name !== hashed && Number(timeOf(at(NOW))) === NOW)
        assert.deepEqual(said(byName[hashed].at(NOW), at(NOW)), ["nonce-unit"], `${hashed} hashed, ${name} sent`);
});
