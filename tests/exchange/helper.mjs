// What every test of the simulated exchange needs: clients that sign with node:crypto, written from Kraken's protocol and sharing
// nothing with the package.
import { createHash, createHmac } from "node:crypto";

export { Exchange } from "kraken-signer/testing";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const hmac = (secret, ...parts) =>
  parts.reduce((mac, part) => mac.update(part), createHmac("sha512", Buffer.from(secret, "base64"))).digest("base64");

export const apiSign = (secret, path, nonce, body) => hmac(secret, path, sha256(nonce, body));
export const authent = (secret, postData, nonce, path) => hmac(secret, sha256(postData, nonce, path));

/** RFC 6238 with the key as bytes. */
export function totp(key, seconds, { algorithm = "sha1", digits = 6, period = 30 } = {}) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / period)));
  const mac = createHmac(algorithm, key).update(counter).digest();
  const offset = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, "0");
}

const FORM = "application/x-www-form-urlencoded";

/** Calls Spot endpoints; every part of a request can be overridden to make it wrong. */
export class Spot {
  nonce = 1_700_000_000_000n;
  constructor(key, fetch, base = "https://api.kraken.com") {
    Object.assign(this, { key, fetch, base });
  }

  request(endpoint, params = {}, wrong = {}) {
    const nonce = wrong.nonce === undefined ? String(++this.nonce) : wrong.nonce;
    const path = wrong.path ?? `/0/private/${endpoint}`;
    const all = { ...(nonce === null ? {} : { nonce }), ...params };
    const body = wrong.body ?? (wrong.json ? JSON.stringify(all) : new URLSearchParams(all).toString());
    const signature = wrong.signature ?? apiSign(wrong.secret ?? this.key.secret, path, nonce ?? "", wrong.signedBody ?? body);
    return [
      this.base + path,
      {
        method: "POST",
        headers: {
          "API-Key": wrong.key ?? this.key.key,
          "API-Sign": signature,
          "Content-Type": wrong.contentType ?? (wrong.json ? "application/json" : FORM),
        },
        body,
        redirect: "manual",
        ...wrong.init,
      },
    ];
  }

  send(endpoint, params, wrong) {
    return (wrong?.fetch ?? this.fetch)(...this.request(endpoint, params, wrong));
  }

  async call(endpoint, params, wrong) {
    const response = await this.send(endpoint, params, wrong);
    return await response.json();
  }

  /** Nonce in a header: the Funding API. */
  async funding(method, path, body = "", wrong = {}) {
    const nonce = wrong.nonce ?? String(++this.nonce);
    const headers = {
      "API-Key": this.key.key,
      "API-Sign": apiSign(this.key.secret, path, nonce, body),
      "API-Nonce": nonce,
      ...wrong.headers,
    };
    if (body) headers["Content-Type"] = "application/json";
    const response = await this.fetch(this.base + path, { method, headers, ...(body ? { body } : {}) });
    return await response.json();
  }
}

/** Calls Futures endpoints: parameters go into the query of a GET, into the body of anything else. */
export class Futures {
  nonce = 1_700_000_000_000n;
  constructor(key, fetch, base = "https://futures.kraken.com") {
    Object.assign(this, { key, fetch, base });
  }

  send(method, endpoint, params = "", wrong = {}) {
    const data = typeof params === "string" ? params : new URLSearchParams(params).toString();
    const path = endpoint.startsWith("/") ? endpoint : `/derivatives/api/v3/${endpoint}`;
    const inQuery = method === "GET" || wrong.inQuery;
    const nonce = wrong.nonce === undefined ? String(++this.nonce) : wrong.nonce;
    const signature = wrong.signature ?? authent(wrong.secret ?? this.key.secret, data, nonce ?? "", path.replace(/^\/derivatives/, ""));
    return this.fetch(this.base + path + (inQuery && data ? `?${data}` : ""), {
      method,
      headers: {
        APIKey: wrong.key ?? this.key.key,
        Authent: signature,
        ...(nonce === null ? {} : { Nonce: nonce }),
        ...(inQuery ? {} : { "Content-Type": FORM }),
      },
      ...(inQuery ? {} : { body: data }),
    });
  }

  async call(...args) {
    const response = await this.send(...args);
    return await response.json();
  }
}

/** Waits for a condition, but not for ever. */
export async function until(condition) {
  for (const end = Date.now() + 10_000; !condition();) {
    if (Date.now() > end) throw new Error(`not yet: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * A WebSocket to the exchange, with a token of a key of its own on `/v2`.
 * @returns `ask(method, params)`, which resolves with the answer that has its req_id; `raw`, every message as it came; and
 * `tick()`, a little later
 */
export async function connect(exchange, { path = "/v2", url = "wss://ws-auth.kraken.com", WebSocket = exchange.WebSocket } = {}) {
  const token = path === "/v2" && (await new Spot(exchange.addKey(), exchange.fetch).call("GetWebSocketsToken")).result.token;
  const socket = new WebSocket(url + path);
  socket.binaryType = "arraybuffer";
  const raw = [];
  const waiting = new Map();
  let ids = 0;
  socket.addEventListener("message", ({ data }) => {
    raw.push(data);
    try {
      const message = JSON.parse(data);
      waiting.get(message.req_id)?.(message);
    } catch {
      // Some of it is no JSON.
    }
  });
  const tick = () => new Promise((resolve) => setTimeout(resolve, 10));
  const ask = (method, params) => {
    ids += 1;
    const answer = new Promise((resolve) => waiting.set(ids, resolve));
    socket.send(JSON.stringify({ method, ...(params ? { params: { ...params, token } } : {}), req_id: ids }));
    return answer;
  };
  await until(() => raw.length > 0);
  return { ask, raw, tick, close: () => socket.close() };
}

/** Runs `suite` once in memory and once over HTTP on loopback. `open(t, exchange)` gives the fetch and the base URL to use. */
export function overBoth(describe, name, suite) {
  describe(`${name}, in memory`, () =>
    suite(async (_t, exchange) => ({ fetch: exchange.fetch, spot: "https://api.kraken.com", futures: "https://futures.kraken.com" })));
  describe(`${name}, over HTTP`, () =>
    suite(async (t, exchange) => {
      const server = await exchange.listen();
      t.after(() => server.close());
      return { fetch, spot: server.url, futures: server.url };
    }));
}

export const LIMIT = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "1.25" };

/** The names of what was executed. */
export const executed = (exchange) => exchange.executions.map(({ endpoint }) => endpoint);
