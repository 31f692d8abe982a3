// A JSON body keeps its white space when something else of it changes, so that two mistakes at once are both named.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { investigate } from "kraken-signer/inspect";
import { NONCE, SECRET, spot } from "./templates.mjs";

const key = Buffer.from(SECRET, "base64");
const sha256 = (data) => createHash("sha256").update(data).digest();

/** What is said if `hashed` was hashed and `sent` was sent. `digest` changes what is signed. */
function said(sent, hashed, digest = (bytes) => bytes) {
  const request = spot(sent);
  const made = digest(sha256(NONCE + hashed));
  const signature = createHmac("sha512", key).update(request.path).update(made).digest("base64");
  const [{ kind, mistakes }] = investigate({ ...request, signature });
  return [kind, ...mistakes.toSorted()].join(" ");
}

const OTHER = "1616492376594000";
const ORDER = {
  nonce: NONCE,
  pair: "XBT/USD",
  volume: 1.25,
  validate: true,
  orders: [{ price: "1" }, { price: "2" }],
  otp: "123456",
};
const { nonce, otp, ...others } = ORDER;

/** Changes of the members: what was hashed instead of `ORDER`, and the name of the mistake. */
const CHANGES = {
  "parameter-order": { ...others, otp, nonce },
  "otp-added-after-signing": { nonce, ...others },
  "parameters-added-after-signing": { nonce, pair: ORDER.pair, volume: 1.25, validate: true, otp },
  "nonce-not-in-body": { ...others, otp },
  "nonce-unit": { ...ORDER, nonce: OTHER },
  "json-number-or-string": { ...ORDER, volume: "1.25" },
  "parameters-missing": { nonce },
};

/** How programs write JSON. */
const LAYOUTS = {
  "two spaces": (object) => JSON.stringify(object, null, 2),
  "tabs and \\r\\n": (object) => JSON.stringify(object, null, "\t").replaceAll("\n", "\r\n"),
  "spaces around colons, as in Java's Jackson": (object) => JSON.stringify(object, null, 2).replaceAll('": ', '" : '),
};

for (const [layout, write] of Object.entries(LAYOUTS)) {
  test(`JSON with ${layout}: another change alone is named alone`, () => {
    for (const [name, changed] of Object.entries(CHANGES)) assert.equal(said(write(ORDER), write(changed)), `mistake ${name}`);
  });

  test(`JSON with ${layout}: another change and a mistake elsewhere are both named`, () => {
    const hex = (bytes) => bytes.toString("hex");
    for (const [name, changed] of Object.entries(CHANGES))
      assert.equal(said(write(ORDER), write(changed), hex), ["mistake", ...["digest-as-hex", name].toSorted()].join(" "));
  });

  test(`JSON with ${layout}, hashed without white space: the spacing and another change are both named`, () => {
    for (const [name, changed] of Object.entries(CHANGES)) {
      const names = ["json-spacing", name].toSorted().join(" ");
      assert.equal(said(write(ORDER), JSON.stringify(changed)), `mistake ${names}`);
    }
  });
}

test("JSON without white space, hashed with it: the spacing and another change are both named", () => {
  for (const [name, changed] of Object.entries(CHANGES)) {
    const names = ["json-spacing", name].toSorted().join(" ");
    assert.equal(said(JSON.stringify(ORDER), JSON.stringify(changed, null, 2)), `mistake ${names}`);
  }
});

test("JSON without white space, hashed with tabs or three spaces: the spacing is named", () => {
  for (const indent of ["\t", 3]) assert.equal(said(JSON.stringify(ORDER), JSON.stringify(ORDER, null, indent)), "mistake json-spacing");
});

test("a template with spaces in some places keeps them: a number written otherwise, and the two-factor code added, are named alone", () => {
  const template = (amount, end = "") => `{ "nonce":"${NONCE}", "pair": "XBTUSD","volume" : ${amount}${end} }`;
  assert.equal(said(template("1.50", ', "otp":"123456"'), template("1.50")), "mistake otp-added-after-signing");
  assert.equal(said(template("1.50"), template("1.5")), "mistake number-format");
  assert.equal(said(template("1.50"), template('"1.50"')), "mistake json-number-or-string");
});

test("a parameter that was not sent is looked for in the white space of the others", () => {
  const sent = { nonce: NONCE, pair: "XBTUSD" };
  for (const write of Object.values(LAYOUTS))
    assert.equal(said(write(sent), write({ ...sent, leverage: null })), "mistake parameters-not-sent");
});
