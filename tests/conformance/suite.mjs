// The conformance suite: what the package has to do in every runtime. The runners beside it are thin.
import { equal, ok, rejects, throws } from "./assert.mjs";

/**
 * @param kit the package: everything that `kraken-signer` (or its slim twin), `/testing`, `/sockets` and `/inspect` export
 * @param vectors the content of `tests/vectors`: `{ kraken, otp, refusals }`
 * @param environment `server`: a simulated exchange on loopback, `{ url, socketUrl, key, secret, setupKey }`; `browser`: whether this is one
 * @returns `[name, function, needs]` triples; `needs` is what some runtimes cannot do, see runtimes.mjs
 */
export function suite(kit, { kraken, otp: codes, refusals }, { server, browser }) {
  const {
    ApiError,
    Exchange,
    InvalidNonceError,
    InvalidOtpKeyError,
    InvalidRequestError,
    InvalidSecretError,
    KrakenError,
    NonceSource,
    Signer,
    SpotSocket,
    Totp,
    clientOrderId,
    explain,
    investigate,
    parseOtpauth,
  } = kit;
  /** A client also where clients are refused unless asked for. */
  class SpotClient extends kit.SpotClient {
    constructor(options) {
      super({ ...options, allowBrowser: browser });
    }
  }
  const [documented] = kraken.vectors;
  const encode = (text) => new TextEncoder().encode(text);

  const sign = {
    spot: (signer, { path, nonce, body }) => signer.signSpot(path, nonce, body),
    futures: (signer, { path, nonce, body }) => signer.signFutures(path, body, nonce === "" ? undefined : nonce),
    "futures-ws": (signer, { body }) => signer.signChallenge(body),
    fix: (signer, { nonce, body }) => signer.signFixLogon(body, nonce),
  };

  /** A two-factor key of a fresh exchange, and a client that has it. */
  function account() {
    const exchange = new Exchange();
    const key = exchange.addKey({ otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
    const otp = new Totp(key.setupKey);
    return { exchange, key, otp, client: new SpotClient({ key: key.key, secret: key.secret, otp, fetch: exchange.fetch }) };
  }

  /** A client of the exchange on loopback, as a user makes one. */
  function serverClient() {
    return new SpotClient({ key: server.key, secret: server.secret, otp: new Totp(server.setupKey), baseUrl: server.url });
  }

  return [
    ...kraken.vectors.map((vector) => [
      `vector: ${vector.kind}, ${vector.source}, ${vector.path || "no path"}`,
      () => {
        const signer = new Signer(vector.secret);
        equal(sign[vector.kind](signer, vector), vector.expected);
        const raw = new Signer(Uint8Array.from(atob(vector.secret), (character) => character.charCodeAt(0)));
        const asBytes = vector.kind === "futures-ws" || vector.kind === "fix" ? vector : { ...vector, body: encode(vector.body) };
        equal(sign[vector.kind](raw, asBytes), vector.expected, "from bytes");
        signer.free();
        raw.free();
      },
    ]),
    ...kraken.reject_secrets.map(({ secret, why }) => [
      `private key refused: ${why}`,
      () => {
        const { message } = throws(() => new Signer(secret), InvalidSecretError);
        ok(!secret || !message.includes(secret), "the message shows the key");
      },
    ]),
    ...refusals.refusals.map(({ kind, input, options, message, character }) => [
      `refused: ${kind} ${JSON.stringify(input).slice(0, 60)} ${JSON.stringify(options ?? {})}`,
      () => {
        const attempts = {
          secret: [() => new Signer(input), InvalidSecretError],
          otp: [() => new Totp(input, options), InvalidOtpKeyError],
          nonce: [() => new Signer(documented.secret).signSpot("/0/private/Balance", input), InvalidNonceError],
        };
        const error = throws(...attempts[kind]);
        ok(error.message.includes(message), error.message);
        ok(!character || new RegExp(`Character ${character}( of the URI)? is `).test(error.message), error.message);
        ok(!/MZ|AQ/.test(error.message), "the message shows the key");
      },
    ]),
    [
      "nonces of every type sign alike, and what is no nonce is refused",
      () => {
        const signer = new Signer(documented.secret);
        const signed = (nonce) => signer.signSpot(documented.path, nonce, documented.body);
        for (const nonce of [documented.nonce, BigInt(documented.nonce), Number(documented.nonce)])
          equal(signed(nonce), documented.expected);
        for (const nonce of [
          "",
          "-1",
          "01",
          "1.5",
          "1e3",
          " 1",
          "18446744073709551616",
          -1n,
          2n ** 64n,
          -1,
          1.5,
          NaN,
          2 ** 53,
          null,
          undefined,
          {},
          [1],
          "٣",
        ]) {
          throws(() => signed(nonce), InvalidNonceError, `nonce ${String(nonce)}`);
        }
      },
    ],
    [
      "nonces rise while the clock stands still, goes back or is at zero",
      () => {
        let clock = 1_795_000_000_000;
        for (const [unit, factor] of [
          ["ms", 1n],
          ["us", 1_000n],
          ["ns", 1_000_000n],
        ]) {
          clock = 1_795_000_000_000;
          const source = new NonceSource({ unit, now: () => clock });
          equal(source.last, undefined);
          equal(source.next(), String(BigInt(clock) * factor));
          equal(source.next(), String(BigInt(clock) * factor + 1n));
          clock = 0;
          equal(source.next(), String(1_795_000_000_000n * factor + 2n));
          equal(source.last, String(1_795_000_000_000n * factor + 2n));
          equal(new NonceSource({ unit, now: () => 0 }).next(), String(1_767_225_600_000n * factor));
        }
        const machine = BigInt(new NonceSource().next());
        ok(machine >= BigInt(Date.now()) - 5_000n && machine <= BigInt(Date.now()) + 5_000n, "the machine's clock");
      },
    ],
    [
      "a nonce to start after is kept above, unless it is far ahead",
      () => {
        const now = () => 1_795_000_000_000;
        equal(new NonceSource({ after: 1_795_000_001_000n, now }).next(), "1795000001001");
        equal(new NonceSource({ after: "5", now }).next(), "1795000000000");
        throws(() => new NonceSource({ after: 1_795_000_000_000_000n, now }).next(), InvalidNonceError);
        equal(new NonceSource({ after: 1_795_000_000_000_000n, allowAhead: true, now }).next(), "1795000000000001");
        throws(() => new NonceSource({ after: -1n }), InvalidNonceError);
        throws(() => new NonceSource({ after: 2n ** 64n }), InvalidNonceError);
        throws(() => new NonceSource({ unit: "s" }), InvalidNonceError);
        throws(() => new NonceSource({ now: () => 1.8e15 }).next(), InvalidNonceError);
      },
    ],
    ...codes.vectors.map(({ source, key, algorithm, digits, time, counter, expected }) => [
      `code: ${source}, ${algorithm}, ${time ?? counter}`,
      () => {
        const totp = new Totp(key, { algorithm, digits });
        const at = (time ?? counter * 30) * 1000;
        equal(totp.code(at), expected);
        equal(totp.code(new Date(at)), expected);
        const pasted = key.toLowerCase().replace(/=+$/, "").replace(/.{4}/g, "$& ");
        equal(new Totp(pasted, { algorithm, digits }).code(at), expected, "as it is pasted");
        const uri = `otpauth://totp/Kraken:me?secret=${encodeURIComponent(key)}&algorithm=${algorithm}&digits=${digits}`;
        equal(new Totp(uri).code(at), expected, "from a URI");
        const end = at - (at % 30_000) + 30_000;
        ok(totp.verify(expected, { at: end - 1, window: 0 }), "the code of now");
        ok(totp.verify(expected, { at: end + 29_999 }), "the code of the last step");
        ok(!totp.verify(expected, { at: end, window: 0 }), "the code of the last step, without a window");
        equal(totp.remaining(at), 30_000 - (at % 30_000));
        totp.free();
      },
    ]),
    [
      "setup keys are refused with the character and its place",
      () => {
        const { message } = throws(() => new Totp("GEZDGNBV1Y3TQOJQ"), InvalidOtpKeyError);
        ok(/Character 9 is "1"/.test(message) && !message.includes("GEZD"), message);
        for (const key of ["", "A", "https://example.com", "otpauth://hotp/x?secret=GEZDGNBV", undefined, 1])
          throws(() => new Totp(key), InvalidOtpKeyError);
        for (const options of [{ digits: 5 }, { digits: 0 }, { period: 0 }, { period: 1.5 }, { algorithm: "MD5" }]) {
          throws(() => new Totp("GEZDGNBVGY3TQOJQ", options), InvalidOtpKeyError);
        }
      },
    ],
    [
      "client order ids are random UUIDs",
      () => {
        const ids = new Set(Array.from({ length: 100 }, clientOrderId));
        equal(ids.size, 100);
        for (const id of ids) ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id), id);
      },
    ],
    [
      "what cannot be signed is refused",
      () => {
        const signer = new Signer(documented.secret);
        const detached = new Uint8Array(8);
        structuredClone(detached.buffer, { transfer: [detached.buffer] });
        for (const body of [
          "\ud800",
          "a\udc00b",
          1,
          null,
          {},
          [1, 2],
          new Uint16Array(1),
          new DataView(new ArrayBuffer(1)),
          new Proxy(new Uint8Array(1), {}),
          detached,
        ]) {
          throws(() => signer.signSpot("/0/private/Balance", 1, body), InvalidRequestError, "body");
        }
        for (const path of ["", "0/private/Balance", "/0/private/Bal ance", "/0/é", "/0/\n", 1, null, undefined]) {
          throws(() => signer.signSpot(path, 1, ""), InvalidRequestError, `path ${path}`);
        }
        for (const secret of [undefined, null, 1, {}, new Uint8Array(0), new ArrayBuffer(64)])
          throws(() => new Signer(secret), InvalidSecretError);
      },
    ],
    [
      "a freed key signs nothing",
      () => {
        const signer = new Signer(documented.secret);
        const totp = new Totp("GEZDGNBVGY3TQOJQ");
        for (const holder of [signer, totp]) {
          holder.free();
          holder.free();
        }
        equal(throws(() => signer.signSpot("/0/private/Balance", 1), KrakenError).code, "ERR_FREED");
        equal(throws(() => totp.code(), KrakenError).code, "ERR_FREED");
        const other = new Signer(documented.secret);
        signer.free();
        equal(sign.spot(other, documented), documented.expected);
      },
    ],
    [
      "`using` frees a key, where the runtime has it",
      () => {
        for (const holder of [new Signer(documented.secret), new Totp("GEZDGNBVGY3TQOJQ")]) {
          equal(typeof holder[Symbol.dispose], Symbol.dispose ? "function" : "undefined");
          if (!Symbol.dispose) continue;
          holder[Symbol.dispose]();
          const use = () => (holder instanceof Totp ? holder.code() : holder.signSpot("/0/private/Balance", 1));
          equal(throws(use, KrakenError).code, "ERR_FREED");
        }
      },
    ],
    [
      "a two-factor order is accepted by the exchange, found, and cancelled",
      async () => {
        const { exchange, client, key } = account();
        ok("ZUSD" in (await client.call("Balance")), "a balance");
        const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1.25", price: "37500", cl_ord_id: clientOrderId() };
        const { txid } = await client.call("AddOrder", order);
        equal((await client.call("OpenOrders")).open[txid[0]].descr.price, "37500.0");
        equal((await client.call("CancelOrder", { txid: txid[0] })).count, 1);
        equal(exchange.executions.map(({ endpoint }) => endpoint).join(), "Balance,AddOrder,OpenOrders,CancelOrder");
        ok(!("nonce" in order), "the parameters are the caller's");
        ok(BigInt(key.lastNonce) > 0n, "a nonce");
      },
    ],
    [
      "a static password is a second factor too",
      async () => {
        const exchange = new Exchange();
        const { key, secret } = exchange.addKey({ otp: { password: "correct horse" } });
        const client = new SpotClient({ key, secret, otp: { password: "correct horse" }, fetch: exchange.fetch });
        ok("ZUSD" in (await client.call("Balance")), "a balance");
      },
    ],
    [
      "wrong secret, missing code and stale nonce are told apart as far as can be",
      async () => {
        const { exchange, client, key, otp } = account();
        await client.call("Balance");
        const wrong = new SpotClient({ key: key.key, secret: documented.secret, otp, fetch: exchange.fetch });
        equal((await rejects(wrong.call("Balance"), ApiError)).kind, "signature");
        const missing = new SpotClient({ key: key.key, secret: key.secret, fetch: exchange.fetch });
        const error = await rejects(missing.call("Balance"), ApiError);
        equal(error.kind, "signature");
        ok(/otp/i.test(error.hint), error.hint);
        const lane = { run: (send) => send("1") };
        const stale = new SpotClient({ key: key.key, secret: key.secret, otp, lane, fetch: exchange.fetch });
        equal((await rejects(stale.call("Balance"), ApiError)).kind, "nonce");
        equal(exchange.executions.length, 1);
      },
    ],
    [
      "a browser is refused, and nothing else is taken for one",
      () => {
        const make = () => new kit.SpotClient({ key: "key", secret: documented.secret }).close();
        if (browser) ok(/allowBrowser/.test(throws(make, InvalidRequestError).message), "the way out is named");
        else make();
      },
    ],
    [
      "a two-factor order travels to an exchange over HTTP",
      async () => {
        const client = serverClient();
        const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1.25", price: "37500" };
        const { txid } = await client.call("AddOrder", order);
        equal((await client.call("CancelOrder", { txid: txid[0] })).count, 1);
      },
    ],
    [
      "an order and its report travel over a WebSocket",
      async () => {
        const socket = new SpotSocket({ client: serverClient(), url: `${server.socketUrl}/v2` });
        await socket.subscribe("executions", { snap_orders: false });
        const order = { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 1.25, limit_price: 37500 };
        const { order_id } = await socket.call("add_order", order);
        for await (const { channel, data } of socket) {
          if (channel === "executions" && data.some((report) => report.order_id === order_id)) break;
        }
        equal((await socket.call("cancel_order", { order_id: [order_id] })).order_id, order_id);
        socket.close();
      },
      "WebSocket",
    ],
    [
      "the simulated exchange listens",
      async () => {
        const exchange = new Exchange();
        const { key, secret } = exchange.addKey();
        const listening = await exchange.listen();
        try {
          const client = new SpotClient({ key, secret, baseUrl: listening.url });
          ok("ZUSD" in (await client.call("Balance")), "a balance");
        } finally {
          await listening.close();
        }
      },
      "listen",
    ],
    [
      "a signature is explained",
      () => {
        const { secret, path, nonce, body, expected } = documented;
        const { signature, steps } = explain({ api: "spot", secret, path, nonce, body: encode(body) });
        equal(signature, expected);
        equal(steps.find(({ name }) => name === "hashed").text, nonce + body);
        throws(() => explain({ api: "spot", secret: "AQ-B", path, nonce, body }), InvalidSecretError);
      },
    ],
    [
      "the mistakes behind a refused signature are found, and a right one is said to be right",
      () => {
        const { secret, path, nonce, body, expected } = documented;
        const bytes = Array.from(atob(expected), (character) => character.charCodeAt(0).toString(16).padStart(2, "0"));
        const [mistake] = investigate({ api: "spot", secret, path, nonce, body, signature: bytes.join("") });
        equal(mistake.mistakes.join(), "output-hex");
        const [right] = investigate({ api: "spot", secret, path, nonce, body, signature: expected });
        equal(right.kind, "right");
      },
    ],
    [
      "a Request is read as it is, by the binary itself, and can still be sent",
      async () => {
        const { secret, path, nonce, body, expected } = documented;
        const headers = { "API-Key": "key", "API-Sign": expected };
        const request = new Request(`https://api.kraken.com${path}`, { method: "POST", headers, body });
        const { api, signature, steps } = await explain({ request, secret });
        equal([api, signature].join(), `spot,${expected}`);
        equal(steps.find(({ name }) => name === "hashed").text, nonce + body);
        equal((await investigate({ request, secret }))[0].kind, "right");
        equal(await request.text(), body);
      },
    ],
    [
      "a two-factor URI is described",
      () => equal(parseOtpauth("otpauth://totp/Kraken:me?secret=GEZDGNBVGY3TQOJQ&issuer=Kraken").kraken, true),
    ],
    ["WebAssembly may be compiled from bytes", () => void new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), "compile"],
    [
      "a key can be disposed of by `using`",
      () => {
        const signer = new Signer(documented.secret);
        signer[Symbol.dispose]();
        equal(throws(() => signer.signSpot("/0/private/Balance", 1), KrakenError).code, "ERR_FREED");
      },
      "dispose",
    ],
    ["forgotten keys are wiped after garbage collection", () => void new FinalizationRegistry(() => {}), "finalize"],
  ];
}
