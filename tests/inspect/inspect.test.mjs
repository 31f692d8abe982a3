// What `kraken-signer/inspect` promises besides naming mistakes.
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";
import { MISTAKES, capturedRequest, explain, investigate, mistakes, parseOtpauth } from "kraken-signer/inspect";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/kraken.json", import.meta.url), "utf8"));
const [documented] = vectors;
const { secret, path, nonce, body, expected: signature } = documented;
const right = { api: "spot", secret, path, nonce, body, signature };
const hex = (text) => Buffer.from(text).toString("hex");
const bytesOf = (text) => Buffer.from(text, "base64");

/** A Spot signature. */
const sign = (key, target, number, text) =>
  createHmac("sha512", key)
    .update(target)
    .update(createHash("sha256").update(`${number}${text}`).digest())
    .digest("base64");

test("explain computes every known signature, from text and from bytes", () => {
  const known = vectors.filter(({ kind }) => kind === "spot" || kind === "futures");
  assert.ok(known.length > 8);
  for (const { kind: api, secret, path, nonce, body, expected } of known) {
    const given = nonce === "" ? undefined : nonce;
    for (const input of [
      { api, secret, path, nonce: given, body },
      { api, secret: new Uint8Array(bytesOf(secret)), path, nonce: given && BigInt(given), body: new TextEncoder().encode(body) },
    ]) {
      const { signature, steps, header } = explain(input);
      assert.equal(signature, expected);
      assert.equal(header, api === "spot" ? "API-Sign" : "Authent");
      const step = Object.fromEntries(steps.map((one) => [one.name, one]));
      assert.deepEqual(Object.keys(step), ["secret", "nonce", "body", "path", "hashed", "digest", "message", "mac", "signature"]);
      assert.equal(step.digest.hex, createHash("sha256").update(step.hashed.hex, "hex").digest("hex"));
      assert.equal(step.mac.hex, createHmac("sha512", bytesOf(secret)).update(step.message.hex, "hex").digest("hex"));
      assert.equal(step.mac.hex, bytesOf(expected).toString("hex"));
      assert.equal(step.body.hex, hex(body));
      for (const { name, parts, length, hex: whole } of steps) {
        assert.ok(name === "secret" ? whole === undefined : whole.length === 2 * length);
        if (parts.length) assert.equal(parts.map((part) => step[part.step].hex).join(""), whole);
        for (const { step: from, start, length } of parts) assert.equal(whole.slice(2 * start, 2 * (start + length)), step[from].hex);
      }
      assert.deepEqual(
        { length: step.secret.length, fingerprint: step.secret.fingerprint },
        { length: bytesOf(secret).length, fingerprint: createHash("sha256").update(bytesOf(secret)).digest("hex").slice(0, 16) },
      );
    }
  }
});

test("the nonce may be taken from the body, and the query of a Futures GET from its path", () => {
  assert.equal(explain({ api: "spot", secret, path, body }).signature, signature);
  const whole = explain({ api: "futures", secret, path: "/derivatives/api/v3/fills?lastFillTime=1", nonce: 1 });
  assert.equal(whole.signature, explain({ api: "futures", secret, path: "/api/v3/fills", body: "lastFillTime=1", nonce: 1n }).signature);
});

test("the query and the body of a Futures request are both signed, however the request is given", async () => {
  const [target, query, body] = ["/derivatives/api/v3/sendorder", "symbol=PF_XBTUSD", "side=buy&size=1"];
  const sent = (data) => explain({ api: "futures", secret, path: target, nonce: 7n, body: data }).signature;
  const parts = { api: "futures", secret, path: `${target}?${query}`, nonce: 7n, body };
  for (const [data, kind, mistakes] of [
    [query + body, "right", []],
    [body, "mistake", ["path-without-query"]],
  ]) {
    const text = `curl 'https://futures.kraken.com${target}?${query}' -H 'APIKey: k' -H 'Nonce: 7' -H 'Authent: ${sent(data)}' -d '${body}'`;
    for (const input of [
      { ...parts, signature: sent(data) },
      { ...(await capturedRequest(text)), secret },
    ]) {
      const [first] = investigate(input);
      assert.deepEqual([first.kind, first.mistakes], [kind, mistakes]);
    }
  }
  assert.equal(explain(parts).signature, sent(query + body));
  // The query may also be given as the postData that it is.
  const [first] = investigate({ ...parts, body: query, signature: sent(query) });
  assert.equal(first.kind, "right");
});

test("input that cannot be signed is refused as Signer refuses it", () => {
  const refused = (input, name, pattern) => assert.throws(() => explain({ ...right, ...input }), { name, message: pattern });
  refused({ secret: "AQ-B" }, "InvalidSecretError", /URL-safe.*Character 3 is "-"/);
  refused({ secret: undefined }, "InvalidSecretError", /environment variable/);
  refused({ nonce: "007" }, "InvalidNonceError", /leading zeros/);
  refused({ nonce: 2n ** 64n }, "InvalidNonceError", /2\^64-1/);
  refused({ nonce: undefined, body: "pair=XBTUSD" }, "InvalidNonceError", /a body that contains one/);
  refused({ api: "margin" }, "InvalidRequestError", /api/);
  refused({ body: "\ud800" }, "InvalidRequestError", /surrogate/);
  refused({ path: 1 }, "InvalidRequestError", /path/);
  assert.throws(() => investigate({ ...right, language: "cobol" }), { name: "InvalidRequestError" });
  assert.throws(() => investigate({ ...right, signature: 1 }), { name: "InvalidRequestError" });
  assert.throws(() => investigate({ ...right, secret: "" }), { name: "InvalidSecretError" });
});

test("a correct signature is reported as correct, followed by suspicions that claim nothing", () => {
  const findings = investigate(right);
  assert.deepEqual(
    findings.map(({ kind, proven, mistakes }) => [kind, proven, mistakes.length]),
    [["right", true, 0], ...findings.slice(1).map(() => ["suspicion", false, 0])],
  );
  const names = (input) => investigate({ ...right, ...input }).map(({ suspicion }) => suspicion);
  assert.deepEqual(names({}), [
    undefined,
    "otp-missing",
    "other-key",
    "other-product",
    "body-changed-in-transit",
    "clipboard",
    "key-revoked",
  ]);
  assert.equal(names({ sent: { otp: "123456" } })[1], "otp-not-signed");
  assert.equal(names({ sent: { body: body.replace("1.25", "2") } })[1], "body-differs");
  assert.equal(names({ sent: { path: "/0/private/Balance" } })[1], "path-differs");
  assert.equal(names({ sent: { nonce: 1 } })[1], "nonce-differs");
  const withOtp = `${body}&otp=123456`;
  assert.equal(names({ body: withOtp, signature: sign(bytesOf(secret), path, nonce, withOtp) })[1], "otp-wrong");
});

test("the tutorial that wraps its body is recognized", () => {
  for (const sent of [JSON.stringify({ nonce, postdata: body }), String(new URLSearchParams({ nonce, postdata: body }))]) {
    const [first, second] = investigate({ ...right, sent: { body: sent } });
    assert.deepEqual([first.kind, second.suspicion], ["right", "body-differs"]);
    assert.match(second.explanation, /postdata/);
    // The same, told the other way round.
    const [told] = investigate({ ...right, body: sent });
    assert.deepEqual(told.mistakes, ["postdata-wrapped"]);
  }
});

test("a signature that is correct for the sent request is correct, whatever its author believes", () => {
  const [first, second] = investigate({ ...right, body: "nonce=1&pair=ETHUSD", nonce: undefined, sent: { body, path } });
  assert.equal(first.kind, "right");
  assert.match(first.explanation, /what was sent/);
  assert.notEqual(second.suspicion, "body-differs");
});

test("mistakes in the sent request are found, too", () => {
  const [first] = investigate({
    ...right,
    body: "nonce=1&pair=ETHUSD",
    nonce: undefined,
    sent: { body, path },
    signature: bytesOf(signature).toString("hex"),
  });
  assert.deepEqual(first.mistakes, ["output-hex"]);
});

test("for malformed private keys, a proven loss is named, and other causes are suspicions", () => {
  for (const malformed of [
    ` ${secret.slice(0, 40)}\n${secret.slice(40)}`,
    secret.replaceAll("+", "-").replaceAll("/", "_"),
    secret.slice(0, -2),
    `“${secret}”`,
    `‘${secret}’`,
    `«${secret}»`,
    `\`${secret}\``,
  ]) {
    const [first, ...others] = investigate({ ...right, secret: malformed });
    assert.equal(first.kind, "right");
    assert.ok(others.some(({ suspicion }) => suspicion === "secret-malformed"));
  }
  const cut = secret.slice(0, 83);
  const [found] = investigate({ ...right, secret: cut, signature: sign(Buffer.from(cut, "base64"), path, nonce, body) });
  assert.deepEqual(found.mistakes, ["secret-cut"]);
  const urlSafe = secret.replaceAll("+", "-").replaceAll("/", "_");
  const lossy = Buffer.from(urlSafe.replace(/[-_]/g, ""), "base64");
  const [lost] = investigate({ ...right, secret: urlSafe, signature: sign(lossy, path, nonce, body) });
  assert.deepEqual(lost.mistakes, ["secret-url-safe"]);
});

test("a path with what a proxy has before it is that of Kraken, and the proxy is mentioned", () => {
  for (const prefix of ["/kraken", "/a/b", "https://proxy.example.com/kraken"]) {
    assert.equal(explain({ ...right, path: prefix + path }).signature, signature);
    for (const input of [{ path: prefix + path }, { sent: { path: prefix + path } }]) {
      const [first, ...others] = investigate({ ...right, ...input });
      assert.equal(first.kind, "right");
      assert.ok(first.explanation.endsWith(` with ${prefix} before it, which is not signed: the proxy must remove it.`), first.explanation);
      assert.ok(others.every(({ suspicion }) => suspicion !== "path-differs"));
    }
  }
  const futures = { api: "futures", secret, nonce: 1, body: "" };
  for (const prefix of ["/derivatives", "/x/derivatives", "/x"])
    assert.equal(
      explain({ ...futures, path: `${prefix}/api/v3/accounts` }).signature,
      explain({ ...futures, path: "/api/v3/accounts" }).signature,
    );
  // A URL of Kraken's own has no proxy.
  const [url] = investigate({ ...right, path: `https://api.kraken.com${path}` });
  assert.equal(url.kind, "right");
  assert.match(url.explanation, / Only the path of the URL is signed\.$/);
  // A path in the query is not the path.
  assert.notEqual(explain({ ...right, path: `/a?b=${path}` }).signature, signature);
});

test("a signature that is shown in part is compared as far as it is there, and its author is told so", () => {
  for (const shown of [
    `${signature.slice(0, 40)}…`,
    `"${signature.slice(0, 24)}..."`,
    `…${signature.slice(40)}`,
    `abc...${signature.slice(30)}`,
  ]) {
    const [first] = investigate({ ...right, signature: shown });
    assert.equal(first.kind, "right", shown);
    assert.match(first.explanation, /Only \d+ characters of the signature are there/);
  }
  const [short] = investigate({ ...right, signature: `${signature.slice(0, 20)}…` });
  assert.match(short.explanation, /not a signature/);
  const [other] = investigate({ ...right, signature: `A${signature.slice(1, 40)}…` });
  assert.equal(other.kind, "unexplained");
});

test("HMACs of other hash functions are named by their length, also if nothing explains them", () => {
  for (const [hash, name, length] of [
    ["md5", "HMAC-MD5", 16],
    ["sha1", "HMAC-SHA1", 20],
    ["sha224", "HMAC-SHA224", 28],
    ["sha384", "HMAC-SHA384", 48],
  ]) {
    const digest = createHash("sha256").update(`${nonce}${body}`).digest();
    const made = createHmac(hash, bytesOf(secret)).update(path).update(digest).digest("base64");
    const [finding] = investigate({ ...right, signature: made });
    assert.deepEqual(finding.mistakes, ["hmac-other-hash"]);
    assert.ok(finding.explanation.endsWith(`It has ${length} bytes: it is ${name}.`), finding.explanation);
    const [random] = investigate({ ...right, signature: randomBytes(length).toString("base64") });
    assert.equal(random.kind, "unexplained");
    assert.ok(random.explanation.includes(`It has ${length} bytes, as many as ${name}. Kraken expects HMAC-SHA512, which has 64.`));
  }
});

test("a Nonce header that is missing has a sentence of its own", () => {
  const request = { api: "futures", secret, path: "/derivatives/api/v3/accounts", body: "" };
  const { signature: hashed } = explain({ ...request, nonce });
  const [unexplained] = investigate({ ...request, signature: hashed });
  assert.match(unexplained.explanation, /has no Nonce header. If the program hashed a nonce, it must send it/);
  const [first, second] = investigate({ ...request, signature: hashed, nonce, sent: { nonce: "" } });
  assert.deepEqual([first.kind, second.suspicion], ["right", "nonce-differs"]);
  assert.match(second.explanation, new RegExp(`The nonce ${nonce} was hashed, but the request has no Nonce header`));
  // Kraken does not expect this signature, and the first sentence does not say so.
  assert.match(first.explanation, /another one was sent, and Kraken rejects that/);
  const { signature: none } = explain(request);
  assert.equal(investigate({ ...request, signature: none })[0].kind, "right");
});

test("a nonce that Kraken cannot accept is named, whether the signature is right or not", () => {
  for (const [text, said] of [
    ["1616492376.594", /The nonce 1616492376\.594 has a fraction\. Kraken rejects it/],
    ["1.616e12", /has a fraction/],
    ["0x1785d6ef6d2", /is not in decimal digits/],
    ["99999999999999999999", /is higher than 2\^64-1/],
  ]) {
    const form = `nonce=${text}&pair=XBTUSD`;
    const input = { ...right, nonce: undefined, body: form };
    const [first, second] = investigate({ ...input, signature: sign(bytesOf(secret), path, text, form) });
    assert.deepEqual([first.kind, second.suspicion], ["right", "nonce-invalid"], text);
    assert.match(second.explanation, said);
    const [wrong] = investigate({ ...input, signature: sign(secret, path, text, form) });
    assert.deepEqual(wrong.mistakes, ["secret-as-text"]);
    assert.match(wrong.explanation, said);
  }
});

test("a nonce that is not in the body, where Kraken reads it, is named, and not the one of an API with a header for it", () => {
  for (const form of ["", "pair=XBTUSD", '{"pair":"XBTUSD"}', '{"orders":[{"nonce":1}]}']) {
    const input = { ...right, body: form, signature: sign(bytesOf(secret), path, nonce, form) };
    const [first, second] = investigate(input);
    assert.deepEqual([first.kind, second.suspicion], ["right", "nonce-invalid"], form);
    assert.match(first.explanation, /but Kraken does not accept the nonce/);
    assert.match(second.explanation, /The body has no parameter nonce/);
    // Whether what was sent has one is what counts.
    const full = form.startsWith("{") ? form.replace("{", `{"nonce":"${nonce}",`) : `${form}&nonce=${nonce}`;
    const [, ...more] = investigate({ ...input, sent: { body: full } });
    assert.ok(!more.some(({ suspicion }) => suspicion === "nonce-invalid"), form);
  }
  const funding = "/funding/v1/addresses";
  const [first, ...more] = investigate({ ...right, path: funding, body: "", signature: sign(bytesOf(secret), funding, nonce, "") });
  assert.equal(first.kind, "right");
  assert.ok(!more.some(({ suspicion }) => suspicion === "nonce-invalid"));
});

test("a body in which it is not certain what Kraken reads is not said to have no nonce", () => {
  for (const more of ["&key=what?", '&orders=[{"a":1}]', "\n"]) {
    const form = `nonce=${nonce}${more}`;
    const [first, ...others] = investigate({ ...right, body: form, signature: sign(bytesOf(secret), path, nonce, form) });
    assert.equal(first.kind, "right");
    assert.ok(!others.some(({ suspicion }) => suspicion === "nonce-invalid"), form);
  }
});

test("a nonce that the body has more than once is named", () => {
  for (const form of [`nonce=${nonce}&nonce=${nonce}0`, `{"nonce":"${nonce}","nonce":"${nonce}0"}`]) {
    const [first, second] = investigate({ ...right, body: form, signature: sign(bytesOf(secret), path, nonce, form) });
    assert.deepEqual([first.kind, second.suspicion], ["right", "nonce-differs"], form);
    assert.match(second.explanation, new RegExp(`more than once: ${nonce}, ${nonce}0\\.`));
  }
});

test("a path without the slash that every request has is not what Kraken expects", () => {
  const bare = path.slice(1);
  const [wrong] = investigate({ ...right, path: bare, signature: sign(bytesOf(secret), bare, nonce, body) });
  assert.deepEqual([wrong.kind, wrong.mistakes], ["mistake", ["path-without-slash"]]);
  assert.deepEqual(
    [investigate({ ...right, path: bare })[0].kind, investigate({ ...right, sent: { path: bare } })[0].kind],
    ["right", "right"],
  );
  assert.equal(explain({ ...right, path: bare }).signature, right.signature);
});

test("a parameter that was signed and not sent is named, with the name of the parameter", () => {
  const signed = `${body}&userref=7`;
  const [first, second] = investigate({
    ...right,
    body: signed,
    signature: sign(bytesOf(secret), path, nonce, signed),
    sent: { body },
  });
  assert.deepEqual([first.kind, second.suspicion, second.mistakes], ["right", "body-differs", ["parameters-not-sent"]]);
  assert.match(second.explanation, /Only signed: userref\./);
});

test("a nonce is looked for up to 1000 steps away, and both nonces are told", () => {
  const signed = (distance) => String(Number(nonce) + distance);
  for (const distance of [-1000, 1000]) {
    const [finding] = investigate({ ...right, signature: sign(bytesOf(secret), path, signed(distance), body) });
    assert.deepEqual(finding.mistakes, ["nonce-taken-twice"]);
    assert.ok(finding.explanation.includes(`${signed(distance)} was hashed, ${nonce} is in the body that was sent`), finding.explanation);
  }
  assert.equal(investigate({ ...right, signature: sign(bytesOf(secret), path, signed(1001), body) })[0].kind, "unexplained");
});

test("an API key that is the text of a variable without a value is mentioned", () => {
  for (const key of ["undefined", "None", "null"])
    assert.match(investigate({ ...right, key })[0].explanation, /^The API key that was sent is no key/);
});

test("a random signature has no explanation, and the number of combinations is reported", () => {
  for (const api of ["spot", "futures"]) {
    for (const signature of [randomBytes(64).toString("base64"), randomBytes(64).toString("hex"), randomBytes(32).toString("base64url")]) {
      const findings = investigate({ ...right, api, signature });
      assert.deepEqual(
        findings.map(({ kind, proven, mistakes }) => [kind, proven, mistakes]),
        [["unexplained", false, []]],
      );
      const [{ tried, explanation }] = findings;
      assert.ok(tried > 100);
      assert.match(explanation, new RegExp(`None of ${tried} combinations`));
    }
  }
  for (const signature of ["", "invalid", right.signature.slice(0, 20), "é".repeat(44)]) {
    const [{ kind, explanation, tried }] = investigate({ ...right, signature });
    assert.deepEqual([kind, tried], ["unexplained", 0]);
    assert.match(explanation, /not a signature/);
  }
});

test("no output contains the private key", () => {
  const pieces = [];
  for (const text of [secret, bytesOf(secret).toString("hex"), bytesOf(secret).toString("latin1")])
    for (let at = 0; at + 12 <= text.length; at += 4) pieces.push(text.slice(at, at + 12));
  const outputs = [
    explain(right),
    investigate(right),
    investigate({ ...right, signature: sign(secret, path, nonce, body), language: "python" }),
    investigate({ ...right, secret: ` ${secret.slice(0, 30)} ${secret.slice(30)}` }),
    investigate({ ...right, signature: randomBytes(64).toString("base64") }),
  ];
  for (const bad of [`${secret.slice(0, 50)}!${secret.slice(50)}`, secret.slice(1)]) {
    try {
      explain({ ...right, secret: bad });
      assert.fail("it was taken");
    } catch (error) {
      outputs.push(`${error.stack} ${error.message} ${JSON.stringify(error)}`);
    }
  }
  for (const output of outputs) for (const piece of pieces) assert.ok(!JSON.stringify(output).includes(piece));
});

test("the caller's bytes are not changed", () => {
  const key = new Uint8Array(bytesOf(secret));
  assert.equal(explain({ ...right, secret: key }).signature, signature);
  assert.deepEqual(key, new Uint8Array(bytesOf(secret)));
});

test("the table of mistakes is the one in the binary", () => {
  const table = mistakes();
  assert.deepEqual(
    table.map(({ name }) => name),
    [...MISTAKES],
  );
  for (const { name, explanation, fix } of table) assert.ok(/^[A-Z/].+\.$/s.test(explanation) && /^[A-Z].+\.$/s.test(fix), name);
});

test("a finding names the wrong step, and has code in the requested language", () => {
  const [finding] = investigate({ ...right, signature: sign(secret, path, nonce, body), language: "python" });
  assert.deepEqual([finding.mistakes, finding.step], [["secret-as-text"], "secret"]);
  assert.equal(finding.snippet.language, "python");
  assert.match(finding.snippet.code, /b64decode/);
  assert.equal(investigate({ ...right, signature: sign(secret, path, nonce, body) })[0].snippet, undefined);
});

test("otpauth URIs are described, without the key", () => {
  const uri = "otpauth://totp/Kraken:me%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kraken";
  assert.deepEqual(parseOtpauth(uri), {
    type: "totp",
    label: "Kraken:me@example.com",
    issuer: "Kraken",
    account: "me@example.com",
    algorithm: "SHA1",
    digits: 6,
    period: 30,
    keyLength: 20,
    usable: true,
    kraken: true,
    problems: [],
  });
  const other = parseOtpauth(`${uri.replace("issuer=Kraken", "issuer=Other")}&algorithm=sha-256&digits=8&period=60`);
  assert.deepEqual([other.algorithm, other.digits, other.period, other.usable, other.kraken], ["SHA256", 8, 60, true, false]);
  assert.equal(other.problems.length, 3);
  for (const [bad, pattern] of [
    ["https://example.com", /otpauth:\/\//],
    ["otpauth://hotp/x?secret=GEZDGNBV&counter=1", /time-based/],
    ["otpauth://totp/x", /no secret/],
    ["otpauth://totp/x?secret=GEZ1", /base32/],
    ["otpauth://totp/x?secret=GEZDGNBV&digits=nine", /digits/],
  ]) {
    const report = parseOtpauth(bad);
    assert.deepEqual([report.usable, report.kraken], [false, false]);
    assert.match(report.problems[0], pattern);
  }
  assert.throws(() => parseOtpauth(1), { name: "InvalidOtpKeyError" });
});

test("otpauth URIs as people have them work, or the reason is said", () => {
  const secret = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  for (const [uri, account, issuer] of [
    [`otpauth://totp/Kraken%3Ame%40example.com?${secret}&issuer=Kraken`, "me@example.com", "Kraken"],
    [`otpauth://totp/a%3Fb%23c?${secret}`, "a?b#c", undefined],
    [`otpauth://totp/me?${secret}&issuer=Kraken%3A%20main`, "me", "Kraken: main"],
    [`otpauth://totp/me?${secret}&algorithm=sha1`, "me", undefined],
    [`otpauth://totp/me?${secret}&algorithm=SHA-1`, "me", undefined],
  ]) {
    const report = parseOtpauth(uri);
    assert.deepEqual([report.usable, report.algorithm, report.account, report.issuer], [true, "SHA1", account, issuer], uri);
  }
  for (const [uri, reason] of [
    [`otpauth://totp/me?${secret}&amp;issuer=Kraken`, /&amp;/],
    [`otpauth://totp/what?me?${secret}`, /%3F/],
    [`otpauth://totp/me#1?${secret}`, /%23/],
    // What follows the # would be lost without a word.
    [`otpauth://totp/me?${secret}&issuer=A#1&digits=8`, /%23/],
    [`otpauth://totp/me?${secret}&#38;digits=8`, /#/],
    [`otpauth://totp/Steam:me?${secret}&encoder=steam`, /Steam/],
    ["otpauth-migration://offline?data=CjEK", /export \(otpauth-migration:\/\/\); use one setup key/],
  ]) {
    const report = parseOtpauth(uri);
    assert.equal(report.usable, false, uri);
    assert.match(report.problems.join(" "), reason, uri);
  }
});

test("the accounts of an authenticator app's export are listed, without the keys", () => {
  // One account by the format's field numbers, and version, batch size, batch index and batch id.
  const secret = Buffer.from("Hello!\xde\xad\xbe\xef", "latin1");
  const field = (tag, bytes) => Buffer.concat([Buffer.from([(tag << 3) | 2, bytes.length]), bytes]);
  const account = (name, issuer, algorithm, digits, type) =>
    field(
      1,
      Buffer.concat([
        field(1, secret),
        field(2, Buffer.from(name)),
        field(3, Buffer.from(issuer)),
        Buffer.from([0x20, algorithm, 0x28, digits, 0x30, type]),
      ]),
    );
  const accounts = [account("Kraken:me@example.com", "Kraken", 1, 1, 2), account("you", "", 3, 2, 1)];
  const end = (size, index) => Buffer.from([0x10, 1, 0x18, size, 0x20, index, 0x28, 7]);
  const data = Buffer.concat([...accounts, end(1, 0)]).toString("base64");
  const report = parseOtpauth(`otpauth-migration://offline?data=${encodeURIComponent(data)}`);
  assert.deepEqual(report.accounts, [
    { issuer: "Kraken", account: "me@example.com", type: "totp", algorithm: "SHA1", digits: 6, keyLength: 10 },
    { account: "you", type: "hotp", algorithm: "SHA512", digits: 8, keyLength: 10 },
  ]);
  assert.deepEqual([report.type, report.usable, report.kraken, report.problems.length], ["migration", false, false, 1]);
  assert.match(report.problems[0], /export .*; use one setup key/);
  const partly = parseOtpauth(`otpauth-migration://offline?data=${Buffer.concat([...accounts, end(3, 1)]).toString("base64url")}`);
  assert.deepEqual(partly.accounts, report.accounts);
  assert.match(partly.problems[1], /part 2 of 3 of the export; the accounts in the other parts are not listed/);
  const empty = parseOtpauth(`otpauth-migration://offline?data=${end(1, 0).toString("base64")}`);
  assert.deepEqual([empty.accounts, empty.problems[1]], [undefined, "The export contains no account."]);
  const cut = parseOtpauth(`otpauth-migration://offline?data=${encodeURIComponent(data.slice(0, 40))}`);
  assert.equal(cut.accounts, undefined);
  assert.match(cut.problems[1], /cannot be read; part of it may be missing/);
});

test("a Request for Spot or Futures is read unchanged, and can still be sent", async () => {
  const secret = Buffer.alloc(64, 7).toString("base64");
  const spot = await new SpotClient({ key: "key", secret }).sign("AddOrder", { pair: "XBTUSD", price: "+5%" });
  const futures = await new FuturesClient({ key: "key", secret }).sign("POST", "/derivatives/api/v3/sendorder", { symbol: "PI_XBTUSD" });
  const get = await new FuturesClient({ key: "key", secret }).sign("GET", "/derivatives/api/v3/openpositions", { a: "b c" });
  for (const request of [spot, futures, get]) {
    const header = request.headers.get("API-Sign") ?? request.headers.get("Authent");
    assert.equal((await explain({ request, secret })).signature, header);
    const [finding] = await investigate({ request, secret });
    assert.equal(finding.kind, "right", finding.explanation);
    // Signed with the text of the private key.
    const wrong = createHmac("sha512", secret);
    const { steps } = await explain({ request, secret });
    wrong.update(Buffer.from(steps.find(({ name }) => name === "message").hex, "hex"));
    const copy = request.clone();
    copy.headers.set(request.headers.has("Authent") ? "Authent" : "API-Sign", wrong.digest("base64"));
    assert.deepEqual((await investigate({ request: copy, secret }))[0].mistakes, ["secret-as-text"]);
    assert.equal(request.bodyUsed, false);
  }
  await spot.text();
  await assert.rejects(investigate({ request: spot, secret }), { name: "InvalidRequestError", message: /clone\(\)/ });
  const unsigned = new Request("https://api.kraken.com/0/private/Balance", { method: "POST", body: "nonce=1" });
  await assert.rejects(investigate({ request: unsigned, secret }), { name: "InvalidRequestError", message: /no signature/ });
  assert.equal((await explain({ request: unsigned, secret })).api, "spot");
  await assert.rejects(investigate({ request: {}, secret }), { name: "InvalidRequestError" });
  await assert.rejects(explain({ request: unsigned, secret: "AQF=" }), { name: "InvalidSecretError" });
});
