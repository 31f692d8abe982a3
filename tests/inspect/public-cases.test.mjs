// Public reports of refused requests: each that can be modeled is signed with its mistake, and must be named as the log says. Writes
// PUBLIC-CASES.md, or in CI checks that it is current.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { MISTAKES, investigate } from "kraken-signer/inspect";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { cases } = JSON.parse(readFileSync(here("public-cases.json"), "utf8"));
const SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const NONCE = "1616492376594";

/** Signs a request as the author of a case did: `signed` has what is wrong. */
function signature({ api = "spot", path, body, signed = {} }) {
  const text = { path: path.replace("/derivatives", ""), body, nonce: NONCE, secret: "bytes", digest: "bytes", write: "base64", ...signed };
  const hashed = api === "spot" ? text.nonce + text.body : text.body + text.nonce + text.path;
  const digest = createHash("sha256").update(hashed).digest();
  const key = text.secret === "text" ? SECRET : Buffer.from(SECRET, "base64");
  const hmac = createHmac("sha512", key);
  if (api === "spot") hmac.update(text.path);
  const mac = hmac.update(text.digest === "bytes" ? digest : digest.toString(text.digest)).digest();
  if (text.write === "lines") return mac.toString("base64").replace(/.{1,60}/g, "$&\n");
  return text.write === "base64-of-hex" ? btoa(mac.toString("hex")) : mac.toString(text.write);
}

/** What our tools say about a case: `[what, in a few words]`. */
function said({ model, nonce, secretError }) {
  if (nonce) {
    const command = fileURLToPath(import.meta.resolve("kraken-signer/package.json")).replace("package.json", "dist/esm/cli/main.js");
    return JSON.parse(execFileSync("node", [command, "nonce", "--explain", nonce, "--json"], { encoding: "utf8" }));
  }
  const { api = "spot", path, body, sent, cut } = model;
  const secret = secretError ?? SECRET.slice(0, SECRET.length - (cut ?? 0));
  return investigate({ api, secret, path, body, nonce: NONCE, sent, signature: signature(model) });
}

const shown = (one) => {
  if (one.named) return `mistake: ${one.named.join(", ")}`;
  if (one.suspicion) return `right; suspicion: ${one.suspicion}`;
  if (one.unit) return `nonce --explain: ${one.unit}`;
  if (one.secretError) return "the private key is refused";
  return `cannot be known: ${one.unknowable}`;
};

test("there are at least 60 public cases, each with its own address", () => {
  assert.ok(cases.length >= 60);
  assert.equal(new Set(cases.map(({ url }) => url)).size, cases.length);
  for (const { url, error, what } of cases) assert.ok(url.startsWith("https://") && error && what.endsWith("."), url);
});

for (const one of cases.filter(({ unknowable }) => !unknowable)) {
  test(`${one.url}: ${shown(one)}`, () => {
    if (one.secretError) {
      assert.throws(() => said(one), { name: "InvalidSecretError" });
      return;
    }
    const result = said(one);
    if (one.unit) {
      assert.equal(result.unit, one.unit);
    } else if (one.named) {
      assert.ok(one.named.every((name) => MISTAKES.includes(name)));
      assert.deepEqual([result[0].kind, result[0].mistakes], ["mistake", one.named], result[0].explanation);
    } else {
      assert.equal(result[0].kind, "right");
      assert.ok(result.some(({ suspicion }) => suspicion === one.suspicion));
    }
  });
}

/** The sorts of cases that the log must have, with the least number of each. */
const SORTS = [
  ["“Invalid signature”", 15, ({ error }) => error === "Invalid signature"],
  ["“Invalid key”", 15, ({ error }) => error === "Invalid key"],
  ["“Invalid nonce”", 15, ({ error }) => error === "Invalid nonce"],
  ["“authenticationError” of Futures", 5, ({ error }) => error === "authenticationError"],
  ["two-factor authentication of a key, with any of these errors", 9, ({ suspicion }) => /^otp-/.test(suspicion)],
];

test("the log has cases of every sort, and each row has exactly one verdict", () => {
  for (const [sort, least, wanted] of SORTS) assert.ok(cases.filter(wanted).length >= least, sort);
  const verdicts = ["named", "suspicion", "unit", "secretError", "unknowable"];
  for (const one of cases) assert.equal(verdicts.filter((verdict) => one[verdict]).length, 1, one.url);
});

test("PUBLIC-CASES.md is current", () => {
  const count = (wanted) => cases.filter(wanted).length;
  const text = `# Public cases

Written by \`public-cases.test.mjs\` from \`public-cases.json\`: ${cases.length} public reports of requests that Kraken refused, in our own words. In
${count(({ named }) => named)} the signature shows the mistake, and it is named; in ${count(({ suspicion }) => suspicion)} the signature is right, and the reason is among the suspicions;
in ${count(({ unit }) => unit)} the unit of the nonce is named; in ${count(({ secretError }) => secretError)} the private key cannot be read; ${count(({ unknowable }) => unknowable)} cannot be known from a request and its signature.

| sort | cases | the mistake or its unit is named | the reason is suspected | cannot be known |
| --- | --- | --- | --- | --- |
${SORTS.map(([sort, , wanted]) => {
  const some = cases.filter(wanted);
  const have = (...names) => some.filter((one) => names.some((name) => one[name])).length;
  return `| ${sort} | ${some.length} | ${have("named", "unit", "secretError")} | ${have("suspicion")} | ${have("unknowable")} |`;
}).join("\n")}

| case | error | what was wrong | what our tools say |
| --- | --- | --- | --- |
${cases.map((one) => `| <${one.url}> | ${one.error} | ${one.what} | ${shown(one)} |`).join("\n")}
`;
  const path = here("PUBLIC-CASES.md");
  if (process.env.CI) assert.equal(readFileSync(path, "utf8"), text, "PUBLIC-CASES.md is not current: run the test without CI");
  else writeFileSync(path, text);
});
