// What is measured: the inputs of each row, and what has to come out, by node:crypto as tests/core/reference.mjs writes it down.
import { readFileSync } from "node:fs";
import * as reference from "../core/reference.mjs";

const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
/** The example of Kraken's documentation. */
export const EXAMPLE = vectors("kraken").vectors[0];
const { secret, path } = EXAMPLE;
const secretBytes = Buffer.from(secret, "base64");
const KEY = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl";
const SETUP_KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/** Blocks that the longer messages of the break-down have more than the others. */
export const MORE_BLOCKS = 16;

/** Enough that nothing is gained by remembering. */
const range = (make) => Array.from({ length: 64 }, (_, index) => make(index));

const params = Object.fromEntries(new URLSearchParams(EXAMPLE.body));
delete params.nonce;
const nonceOf = (index) => String(BigInt(EXAMPLE.nonce) + BigInt(index));
const form = (nonce) => `nonce=${nonce}&${new URLSearchParams(params)}`;

const orders = range(nonceOf).map((nonce) => ({ path, nonce, body: form(nonce), params: { nonce, ...params } }));

/** A batch of orders in JSON, 5 KB long. */
const batches = range(nonceOf).map((nonce) => {
  const order = { ordertype: "limit", type: "buy", volume: "1.25", price: "37500", cl_ord_id: "6d1b345e-2821-40e2-ad83-4ecb18a06876" };
  const all = Array.from({ length: 43 }, (_, index) => ({ ...order, price: String(37500 + index) }));
  return { path: "/0/private/AddOrderBatch", nonce, body: JSON.stringify({ nonce, pair: "XBTUSD", orders: all }) };
});

const signed = ({ path, nonce, body }) => reference.spot(secretBytes, path, nonce, body);

/**
 * `shared` and `inputs` are what contenders get. `expected` is what has to come out for an input, by name of the contender where names differ;
 * `wrong` says what is wrong with an output, where nonces are the contender's own.
 */
export const rows = {
  spot: {
    title: "Spot signature of AddOrder",
    shared: { key: KEY, secret },
    inputs: orders,
    expected: signed,
  },
  batch: {
    title: `Spot signature of AddOrderBatch, ${(batches[0].body.length / 1000).toFixed(1)} KB`,
    shared: { key: KEY, secret },
    inputs: batches,
    expected: signed,
  },
  request: {
    title: "Parameters to signed request",
    shared: { key: KEY, secret },
    inputs: [{ endpoint: "AddOrder", params }],
    wrong({ endpoint }, { url, key, sign, body }) {
      const nonce = new URLSearchParams(body).get("nonce");
      const path = `/0/private/${endpoint}`;
      if (url !== `https://api.kraken.com${path}`) return `it goes to ${url}`;
      if (key !== KEY) return "it has no key";
      if (body !== form(nonce)) return `its body is ${body}`;
      return sign !== signed({ path, nonce, body }) && "its signature is wrong";
    },
  },
  totp: {
    title: "TOTP code",
    shared: { setupKey: SETUP_KEY },
    inputs: range((index) => ({ at: 1616492376594 + index * 30_000 })),
    expected: ({ at }) => reference.hotp(Buffer.from("12345678901234567890"), "sha1", Math.floor(at / 30_000), 6),
  },
  breakdown: {
    title: "Steps of a signature",
    shared: { secret },
    inputs: orders.map((order) => ({
      ...order,
      longerBody: order.body + "x".repeat(64 * MORE_BLOCKS),
      longerPath: order.path + "x".repeat(128 * MORE_BLOCKS),
    })),
    expected: ({ path, nonce, body, longerBody, longerPath }, name) => {
      if (name === "text in" || name === "bytes in") return path + nonce + body;
      // It reads what the step before it has left there.
      if (name === "text out") return undefined;
      const changed = name.endsWith("longer body") ? { body: longerBody } : name.endsWith("longer path") ? { path: longerPath } : {};
      return signed({ path, nonce, body, ...changed });
    },
  },
};

/** Refuses an output that is wrong. */
export function check(row, name, index, output) {
  const { inputs, expected, wrong } = rows[row];
  const input = inputs[index];
  const right = expected?.(input, name);
  const reason = wrong
    ? wrong(input, output)
    : right !== undefined && output !== right && `${JSON.stringify(output)} is not ${JSON.stringify(right)}`;
  if (reason) throw new Error(`${name}, ${rows[row].title}, input ${index}: ${reason}`);
}
