// What was sent differs from what was signed: the difference is named, and where each nonce was.
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { gzipSync, deflateSync } from "node:zlib";
import { investigate } from "kraken-signer/inspect";

const secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const key = Buffer.from(secret, "base64");
const nonce = "1616492376594";
const sign = (path, hashed) => createHmac("sha512", key).update(path).update(createHash("sha256").update(hashed).digest()).digest("base64");

const BODY = `nonce=${nonce}&pair=XBTUSD&text=a+b&volume=1.25`;
const PATH = "/0/private/AddOrder";
const LONG_JSON = JSON.stringify({ nonce, pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1.25", price: "37500" });
const JSON_BODY = `{"nonce":"${nonce}","name":"dépôt"}`;

test("a signed body that was changed on its way is right, and the change is named", () => {
  for (const [body, sent, mistakes, pattern] of [
    [BODY, `${BODY}&oflags=post`, ["parameters-added-after-signing"], /Only sent: oflags\./],
    [BODY, `apiVersion=2&${BODY}`, ["parameters-added-after-signing"], /Only sent: apiVersion\./],
    [BODY, `pair=XBTUSD&text=a+b&volume=1.25&nonce=${nonce}`, ["parameter-order"], /different order/],
    [BODY, BODY.replace("+", "%20"), ["space-encoding"], /%20/],
    [BODY, BODY.replaceAll("&", "&amp;"), [], /not the body that was signed/],
    [BODY, JSON.stringify(Object.fromEntries(new URLSearchParams(BODY))), ["form-instead-of-json"], /sent as JSON/],
    [JSON_BODY, JSON_BODY.replaceAll(":", ": ").replaceAll(",", ", "), ["json-spacing"], /white space/],
    [JSON_BODY, JSON.stringify(JSON.parse(JSON_BODY), null, 2), ["json-spacing"], /white space/],
    [LONG_JSON, JSON.stringify(JSON.parse(LONG_JSON), null, "\t"), ["json-spacing"], /white space/],
    [JSON_BODY, Buffer.from(JSON_BODY, "latin1"), ["body-charset"], /character encoding/],
    [JSON_BODY, Buffer.from(JSON_BODY, "utf16le"), ["body-charset"], /character encoding/],
    [JSON_BODY, `\ufeff${JSON_BODY}`, ["body-charset"], /character encoding/],
    [`${BODY}%0Ax`, `${BODY}%0D%0Ax`, ["line-ends"], /Line breaks/],
    [BODY, `${BODY}\r\n`, ["trailing-newline"], /line break/i],
    [BODY, gzipSync(BODY), [], /compressed \(gzip\)/],
    [BODY, deflateSync(BODY), [], /compressed \(deflate\)/],
    [`${BODY}&old=1`, BODY, ["parameters-not-sent"], /Only signed: old\./],
  ]) {
    const [first, second] = investigate({
      api: "spot",
      secret,
      path: PATH,
      body,
      signature: sign(PATH, nonce + body),
      sent: { body: sent },
    });
    assert.equal(first.kind, "right");
    assert.match(first.explanation, /^The signature is right for the request that was signed, but another one was sent/);
    assert.match(first.fix, /^Send exactly the text that was signed/);
    assert.deepEqual([second.suspicion, second.mistakes], ["body-differs", mistakes], String(sent));
    assert.match(second.explanation, pattern);
    // The same, if only what was sent is known, which does not have the value of a parameter that was not sent.
    if (mistakes.length && mistakes[0] !== "parameters-not-sent") {
      const [told] = investigate({ api: "spot", secret, path: PATH, nonce, body: sent, signature: sign(PATH, nonce + body) });
      assert.deepEqual([told.kind, told.mistakes], ["mistake", mistakes], String(sent));
    }
  }
});

test("a code that only the sent body has is not called missing", () => {
  const ask = (sent) => investigate({ api: "spot", secret, path: PATH, body: BODY, signature: sign(PATH, nonce + BODY), sent });
  const suspected = (sent) =>
    ask(sent)
      .map(({ suspicion }) => suspicion)
      .find((suspicion) => suspicion?.startsWith("otp"));
  assert.equal(suspected({ body: `${BODY}&otp=123456` }), "otp-not-signed");
  assert.equal(suspected({ otp: "123456" }), "otp-not-signed");
  assert.equal(suspected({ body: BODY }), "otp-missing");
});

test("a signed path that was changed on its way is right, and the change is named", () => {
  const path = "/0/private/Ledgers?asset=XBT&note=a+b";
  for (const [sent, mistakes] of [
    ["/0/private/Ledgers?note=a+b&asset=XBT", ["query-order"]],
    ["/0/private/Ledgers?asset=XBT&note=a%20b", ["query-encoding"]],
    ["/0/private/Ledgers?asset=XBT&note=a+b&ofs=1", ["parameters-added-after-signing"]],
    ["/0/private/Ledgers/?asset=XBT&note=a+b", ["path-trailing-slash"]],
    ["/0/private/Nothing?asset=ETH", []],
  ]) {
    const [first, second] = investigate({
      api: "spot",
      secret,
      path,
      body: BODY,
      signature: sign(path, nonce + BODY),
      sent: { path: sent },
    });
    assert.match(first.explanation, /another one was sent, and Kraken rejects that\.$/);
    assert.deepEqual([second.suspicion, second.mistakes], ["path-differs", mistakes], sent);
  }
});

test("for nonces that differ, it is said where each one was", () => {
  // One in the hash, another in the body, a third in the log.
  const [one] = investigate({
    api: "spot",
    secret,
    path: PATH,
    nonce: "1616492370001",
    body: BODY,
    signature: sign(PATH, `1616492370001${BODY}`),
    sent: { nonce: "1616492370002" },
  });
  assert.deepEqual(one.mistakes, ["nonce-differs"]);
  assert.match(one.explanation, /1616492370001 was hashed, 1616492376594 is in the body that was sent, 1616492370002 was given/);
  const other = BODY.replace(nonce, "1616492370001");
  const [two] = investigate({ api: "spot", secret, path: PATH, nonce: "1616492370001", body: BODY, signature: sign(PATH, nonce + other) });
  assert.deepEqual(two.mistakes, ["nonce-differs"]);
  assert.match(
    two.explanation,
    /1616492376594 was hashed, 1616492370001 was in the body that was hashed, 1616492376594 is in the body that was sent/,
  );
  // Futures: the header has the nonce.
  const [three] = investigate({
    api: "futures",
    secret,
    path: "/derivatives/api/v3/accounts",
    nonce,
    signature: sign("", "1616492370001/api/v3/accounts"),
    sent: { nonce: "1616492370001" },
  });
  assert.equal(three.kind, "right");
  const [four] = investigate({
    api: "futures",
    secret,
    path: "/derivatives/api/v3/accounts",
    nonce,
    signature: sign("", "1616492376/api/v3/accounts"),
  });
  assert.deepEqual(four.mistakes, ["nonce-unit"]);
  assert.match(four.explanation, /1616492376 was hashed, 1616492376594 is in the header/);
});

test("the beginning or end of a random signature is not explained, and a part that is too short is no signature", () => {
  for (const text of [
    randomBytes(64).toString("base64").slice(0, 64),
    randomBytes(64).toString("hex").slice(5),
    randomBytes(48).toString("base64"),
  ]) {
    const [found] = investigate({ api: "spot", secret, path: PATH, body: BODY, signature: text });
    assert.equal(found.kind, "unexplained");
    assert.ok(found.tried > 0);
  }
  const right = sign(PATH, nonce + BODY);
  for (const length of [20, 21]) {
    const [found] = investigate({ api: "spot", secret, path: PATH, body: BODY, signature: right.slice(0, length) });
    assert.deepEqual([found.kind, found.tried], ["unexplained", 0]);
  }
  // One character of a part is wrong.
  const wrong = (right[30] === "A" ? "B" : "A") + right.slice(31, 80);
  assert.equal(investigate({ api: "spot", secret, path: PATH, body: BODY, signature: right.slice(0, 30) + wrong })[0].kind, "unexplained");
});

test("a compressed body is named, if nothing else explains the signature", () => {
  const [found] = investigate({ api: "spot", secret, path: PATH, nonce, body: gzipSync(BODY), signature: sign(PATH, nonce + BODY) });
  assert.equal(found.kind, "unexplained");
  assert.match(found.explanation, /compressed \(gzip\)/);
});

test("a body in parts is named, and so is the way out", () => {
  const parts = `--x\r\nContent-Disposition: form-data; name="nonce"\r\n\r\n${nonce}\r\n--x--\r\n`;
  const request = { api: "spot", secret, path: PATH, nonce, signature: sign(PATH, nonce + BODY) };
  const [found] = investigate({ ...request, body: parts });
  assert.equal(found.kind, "unexplained");
  assert.match(found.explanation, /The body is multipart\/form-data\. Kraken expects a form or JSON/);
  assert.match(found.fix, /^Sign and send the same text/);
  const [right, differs] = investigate({ ...request, body: BODY, sent: { body: parts } });
  assert.deepEqual([right.kind, differs.suspicion], ["right", "body-differs"]);
  assert.match(differs.explanation, /sent as multipart\/form-data/);
});

test("parameters that were sent in the query, but hashed as the body, are named as that", () => {
  const query = { api: "spot", secret, path: `${PATH}?${BODY}`, body: "" };
  for (const [signature, mistakes] of [
    [sign(PATH, nonce + BODY), ["parameters-in-query"]],
    [sign(`${PATH}?${BODY}`, nonce + BODY), ["parameters-in-query", "path-with-query"]],
    [Buffer.from(sign(PATH, nonce + BODY), "base64").toString("hex"), ["parameters-in-query", "output-hex"]],
  ])
    for (const given of [{}, { nonce }]) assert.deepEqual(investigate({ ...query, ...given, signature })[0].mistakes, mistakes);
  // A query that was signed as it was sent is not wrong.
  const [right] = investigate({ ...query, path: `${PATH}?a=b`, body: BODY, signature: sign(`${PATH}?a=b`, nonce + BODY) });
  assert.equal(right.kind, "right");
});

test("an & too many at either end is a separator, and not an empty value", () => {
  for (const [hashed, body] of [
    [BODY, `${BODY}&`],
    [BODY, `&${BODY}`],
    [`${BODY}&`, BODY],
  ])
    assert.deepEqual(investigate({ api: "spot", secret, path: PATH, body, nonce, signature: sign(PATH, nonce + hashed) })[0].mistakes, [
      "parameter-separator",
    ]);
});

test("a private key that was sent in a header is said first, and not shown", () => {
  const right = { api: "spot", secret, path: PATH, body: BODY, nonce, signature: sign(PATH, nonce + BODY) };
  const id = "Zm9yIHRlc3RzIG9ubHk6IHRoaXMgaXMgbm90IGFuIEFQSSBrZXkgLSsvKw==";
  for (const [input, explanation, fix] of [
    [{ signature: secret }, /^The private key itself was sent as the signature\. Delete this API key\. /, /^Delete this API key/],
    [{ key: ` ${secret}\n` }, /^The private key itself was sent as the API key\. Delete this API key\. /, /^Delete this API key/],
    [{ key: id, signature: id }, /^The API key was sent as the signature\. /, /^Send the API key in one header/],
  ]) {
    const findings = investigate({ ...right, ...input });
    assert.match(findings[0].explanation, explanation);
    assert.match(findings[0].fix, fix);
    assert.ok(!JSON.stringify(findings).includes(secret.slice(0, 12)));
  }
  assert.match(investigate({ ...right, key: id })[0].explanation, /^The signature is right/);
});
