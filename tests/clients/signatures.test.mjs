// The same parameters signed by other people's clients and by ours, with the same nonce: the same bytes and signature where both write
// parameters alike, and otherwise signatures that everybody accepts.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import test from "node:test";
import { FuturesClient, Signer, SpotClient } from "kraken-signer";
import { Exchange } from "../exchange/helper.mjs";
import { PYTHON } from "./python.mjs";
import { requestsOf } from "./requests.mjs";
import { SIGNERS } from "./signers.mjs";

const COUNT = Number(process.env.SIGNATURES ?? 1000);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Kraken's two schemes as its pages put them, in a few lines that share nothing with anybody's client. */
const sha256 = (text) => createHash("sha256").update(text).digest();
const hmac = (secret, data) => createHmac("sha512", Buffer.from(secret, "base64")).update(data).digest("base64");
const reference = (secret, { product, path, nonce, data }) =>
  product === "spot"
    ? hmac(secret, Buffer.concat([Buffer.from(path), sha256(nonce + data)]))
    : hmac(secret, sha256(data + nonce + path.replace(/^\/derivatives/, "")));

const headerOf = (headers, wanted) => Object.entries(headers).find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];

/** What was signed of a request, and the signature. */
function partsOf({ url, headers, body }, { product, nonce }) {
  const { pathname, search } = new URL(url);
  if (product === "spot") return { product, path: pathname, nonce, data: body, signature: headerOf(headers, "API-Sign") };
  const data = body || search.slice(1);
  return { product, path: pathname, nonce: headerOf(headers, "Nonce") ?? "", data, signature: headerOf(headers, "Authent") };
}

/** What a body says, however it is written: JSON, or a form with its pairs in order of their names. */
function meaningOf(data) {
  if (data.startsWith("{")) return meaning(JSON.parse(data));
  if (data.startsWith("json={")) return ["json", JSON.parse(decodeURIComponent(data.slice(5)))];
  return [...new URLSearchParams(data)]
    .map(([name, value]) => (name === "json" ? [name, JSON.parse(value)] : [name, value]))
    .sort()
    .flat();
}
const meaning = ({ nonce, ...rest }) => ({ nonce: String(nonce), ...rest });

const REFUSED = /^EAPI:|authenticationError|nonce|apiLimit/i;

/** Sends a request into the exchange, and gives what was wrong with its signature, nonce or shape, if anything. */
async function objection(exchange, { url, method, headers, body }) {
  const response = await exchange.fetch(url, { method, headers, ...(body ? { body } : {}), redirect: "manual" });
  const { error, errors } = await response.json();
  return [error ?? [], errors ?? []]
    .flat()
    .map((each) => each.code ?? each)
    .find((each) => REFUSED.test(each));
}

/** Ours, with nonces that are given. */
function ourSigner({ key, secret }) {
  const nonces = [];
  const options = { key, secret, nonce: { next: () => nonces.shift() } };
  const [spot, futures] = [new SpotClient(options), new FuturesClient(options)];
  return ({ product, endpoint, method, params, nonce, json }) => {
    nonces.push(nonce);
    const given = endpoint === "batchorder" ? { json: params.json ? JSON.parse(params.json) : params } : params;
    return product === "spot" ? spot.signSync(endpoint, given, { json }) : futures.signSync(method, endpoint, given);
  };
}

/** All requests of a kind with one client: each is compared, and accepted by everybody. */
async function compare({ name, open, same }, kind) {
  const exchange = new Exchange({ lenient: true });
  const wanted = requestsOf(kind, name, COUNT, SEED);
  const [{ product }] = wanted;
  const theirs = exchange.addKey({ product });
  // One secret, since the signatures have to be the same; two keys, since both use each nonce.
  const twin = exchange.addKey({ product, secret: theirs.secret });
  const client = await open({ key: theirs.key, secret: theirs.secret });
  const [signer, sign] = [new Signer(theirs.secret), ourSigner(twin)];
  let equal = 0;
  try {
    const signed = await client.signed(wanted);
    assert.equal(signed.length, wanted.length);
    const own = [];
    for (const [i, given] of wanted.entries()) {
      const [their, our] = [partsOf(signed[i], given), partsOf(sign(given), given)];
      const where = `seed ${SEED}, ${name}, ${kind}, request ${i}: ${JSON.stringify(given)}`;
      own.push({ our, where });
      assert.equal(their.path, our.path, where);
      assert.deepEqual(meaningOf(their.data), meaningOf(our.data), where);
      if (their.data === our.data) {
        equal += 1;
        const wantedSignature = their.nonce === our.nonce ? our.signature : reference(theirs.secret, their);
        assert.equal(their.signature, wantedSignature, where);
      } else
        assert.ok(!(given.isPlain && same.includes(kind)), `written otherwise than ours: ${their.data} instead of ${our.data}; ${where}`);
      // Theirs, by the reference and by our signer; ours by the reference.
      assert.equal(their.signature, reference(theirs.secret, their), where);
      assert.equal(their.signature, bytesSigned(signer, their), where);
      assert.equal(our.signature, reference(theirs.secret, our), where);
    }
    await crosswise(exchange, { client, own, signed, wanted, sign, name, kind });
  } finally {
    await client.close?.();
  }
  return { requests: wanted.length, equal };
}

const bytesSigned = (signer, { product, path, nonce, data }) =>
  product === "spot" ? signer.signSpot(path, nonce, data) : signer.signFutures(path, data, nonce || undefined);

/** Ours by their signer where they have one for bytes, and both by the exchange, which refuses what is changed. */
async function crosswise(exchange, { client, own, signed, wanted, sign, name, kind }) {
  const signatures = await client.signatures?.(own.map(({ our }) => our));
  for (const [i, { our, where }] of own.entries()) {
    if (signatures) assert.equal(signatures[i], our.signature, `their signature of our bytes; ${where}`);
    assert.equal(await objection(exchange, signed[i]), undefined, `the exchange refuses theirs; ${where}`);
    assert.equal(await objection(exchange, sign(wanted[i])), undefined, `the exchange refuses ours; ${where}`);
  }
  const [last] = requestsOf(kind, name, 1, SEED + 1, own.length);
  const [changed] = await client.signed([last]);
  const header = Object.keys(changed.headers).find((each) => /^(API-Sign|Authent)$/i.test(each));
  const [first] = changed.headers[header];
  changed.headers[header] = (first === "A" ? "B" : "A") + changed.headers[header].slice(1);
  assert.match(String(await objection(exchange, changed)), /Invalid signature|authenticationError/, "a changed signature is refused");
}

test(`signatures match those of other people's clients, seed ${SEED}`, { concurrency: 2 }, async (t) => {
  const runs = SIGNERS.map((signer) => {
    const skip = signer.python && !PYTHON && "PYTHON IS NOT THERE: its signatures were not compared";
    assert.ok(!(skip && process.env.CI), "in CI every client is compared");
    return t.test(signer.name, { skip }, async () => {
      for (const kind of signer.kinds) {
        const { requests, equal } = await compare(signer, kind);
        console.log(`${signer.name}, ${kind}: ${requests} requests, ${equal} the same byte for byte, all accepted crosswise`);
        if (signer.same.includes(kind)) assert.ok(equal >= requests / 3, `only ${equal} were the same byte for byte`);
      }
    });
  });
  await Promise.all(runs);
});
