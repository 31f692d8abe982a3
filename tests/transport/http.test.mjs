// One exchange: sent once, read whole or not at all, with any `fetch`, and with nothing left behind.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import test, { after, before } from "node:test";
import crossFetch from "cross-fetch";
import nodeFetch3 from "node-fetch";
import nodeFetch2 from "node-fetch2";
import { fetch as undiciFetch } from "undici";
import { load } from "./source.mjs";

const { NoAnswer, exchange } = await load("http/exchange");
const { jsonOf } = await load("answer/json");
const { retryAfter } = await load("http/retry-after");

const MB = 1e6;
const BODY = "nonce=1616492376594&otp=correct-horse&pair=XBTUSD&type=buy&volume=1.25";
const KEY = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRz";
const SIGN = "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==";
const ENVELOPE = '{"error":[],"result":{"ä":"😀"}}';

/** A signal that counts who listens to it. */
function counted() {
  const stopper = new AbortController();
  const { signal } = stopper;
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args) => (listeners++, addEventListener.apply(signal, args));
  signal.removeEventListener = (...args) => (listeners--, removeEventListener.apply(signal, args));
  return { signal, abort: (reason) => stopper.abort(reason), listeners: () => listeners };
}

const request = (url = "https://kraken.test/0/private/AddOrder", more = {}) => ({
  url,
  method: "POST",
  headers: { "API-Key": KEY, "API-Sign": SIGN, "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "kraken-signer" },
  body: BODY,
  redirect: "manual",
  ...more,
});

/** An exchange with a `fetch` that answers this; afterwards nobody listens to the signal. */
async function exchangeWith(send, { file, url, ...more } = {}) {
  const { signal, listeners } = counted();
  try {
    return await exchange(send, request(url, more), signal, { write: true, file });
  } finally {
    // Those that listen themselves go with the signal.
    if (!Object.values(FETCHES).includes(send)) assert.equal(listeners(), 0, "listeners are left");
  }
}
const answered = (response, options) => exchangeWith(async () => response, options);

/** A web stream of pieces, which tells whether it was canceled. */
function stream(pieces, { endless = false } = {}) {
  const state = { canceled: false, pulled: 0 };
  const body = new ReadableStream(
    {
      pull(controller) {
        if (state.pulled < pieces.length) controller.enqueue(pieces[state.pulled++]);
        else if (endless) return new Promise(() => {});
        else controller.close();
      },
      cancel: () => void (state.canceled = true),
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

let server;
before(async () => {
  const answers = {
    "/json": (response) => response.setHeader("Content-Type", "application/json").end(ENVELOPE),
    "/chunks": (response) => {
      response.write(ENVELOPE.slice(0, 10));
      setImmediate(() => response.end(ENVELOPE.slice(10)));
    },
    "/redirect": (response) => response.writeHead(307, { Location: "/json" }).end(),
    "/busy": (response) => response.writeHead(429, { "Retry-After": "60" }).end("busy"),
    "/zip": (response) => response.end(Buffer.from([0x50, 0x4b, 3, 4, 255])),
    "/long": (response) => {
      const piece = Buffer.alloc(MB, 0x20);
      const write = () => {
        while (!response.destroyed) if (!response.write(piece)) return void response.once("drain", write);
      };
      write();
    },
    "/known-length": (response) => response.writeHead(200, { "Content-Length": 17 * MB }).end(Buffer.alloc(17 * MB, 0x20)),
    // Says how long it is, and does not come to its end.
    "/too-long": (response) => response.writeHead(200, { "Content-Length": 17 * MB }).write(Buffer.alloc(16 * MB + 1, 0x20)),
    "/slow": (response) => response.write('{"error":'),
  };
  server = createServer((incoming, response) => {
    server.seen.push({ method: incoming.method, path: incoming.url, headers: incoming.headers });
    incoming.resume().on("end", () => answers[incoming.url](response));
    response.once("close", () => server.closed.push(incoming.url));
  });
  Object.assign(server, { seen: [], closed: [] }).listen(0, "127.0.0.1");
  await once(server, "listening");
  server.base = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.closeAllConnections() ?? server.close());

/** Waits until the server has seen a connection end. */
async function closed(path) {
  for (let i = 0; !server.closed.includes(path) && i < 500; i++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(server.closed.includes(path), `the connection of ${path} is still open`);
}

const FETCHES = { fetch, "node-fetch 3": nodeFetch3, "node-fetch 2": nodeFetch2, "cross-fetch": crossFetch, undici: undiciFetch };
FETCHES["a wrapper"] = (url, init) => fetch(url, init);

for (const [name, send] of Object.entries(FETCHES)) {
  test(`${name}: answers, redirects, limits and files are handled`, { timeout: 30_000 }, async () => {
    const at = (path, options) => exchangeWith(send, { url: server.base + path, ...options });
    for (const path of ["/json", "/chunks"]) {
      const { status, ok, text, bytes, retryAfter } = await at(path);
      assert.deepEqual(
        { status, ok, text, bytes, retryAfter },
        { status: 200, ok: true, text: ENVELOPE, bytes: undefined, retryAfter: undefined },
      );
    }
    const before = server.seen.length;
    const redirect = await at("/redirect");
    assert.deepEqual([redirect.status, redirect.ok, server.seen.length], [307, false, before + 1], "no redirect is followed");
    const busy = await at("/busy");
    assert.deepEqual([busy.status, busy.text, busy.retryAfter], [429, "busy", 60_000]);
    const file = await at("/zip", { file: true });
    assert.deepEqual([file.text, [...file.bytes]], [undefined, [0x50, 0x4b, 3, 4, 255]]);
    assert.equal((await at("/json", { file: true })).text, ENVELOPE, "an error instead of a file is text");
    assert.equal((await at("/too-long")).text, undefined);
    assert.equal((await at("/known-length", { file: true })).bytes?.length, 17 * MB);
    assert.equal((await at("/long")).text, undefined, "an endless body is given up");
    // node-fetch 2 does not pass on that its stream was destroyed: the connection stands still until its server ends it.
    if (send !== nodeFetch2 && send !== crossFetch) await closed("/long");
    server.closed.length = 0;
  });

  test(`${name}: a caller that stops waiting closes the connection`, { timeout: 30_000 }, async () => {
    const { signal, abort } = counted();
    const before = server.seen.length;
    const pending = exchange(send, request(`${server.base}/slow`), signal, { write: true });
    const outcome = pending.then(
      ({ text }) => text,
      (error) => error,
    );
    // A machine with much to do may take long until the request is on its way.
    while (server.seen.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 60));
    abort();
    const result = await outcome;
    assert.ok(result === undefined || (result instanceof NoAnswer && !result.failure.neverSent), String(result));
    await closed("/slow");
    server.closed.length = 0;
  });
}

test("a request is sent once, as it was signed, and no redirect is followed", async () => {
  const calls = [];
  const { signal } = new AbortController();
  const sent = request();
  await exchange(async (...args) => (calls.push(args), new Response("{}")), sent, signal, { write: true });
  assert.equal(calls.length, 1);
  const [[url, init]] = calls;
  assert.deepEqual([url, init], [sent.url, { method: "POST", headers: sent.headers, body: BODY, redirect: "manual", signal }]);
});

test("any kind of body is read", async (t) => {
  const encoded = new TextEncoder().encode(ENVELOPE);
  const plain = { status: 200, ok: true, headers: new Headers() };
  const cases = {
    "a web stream, cut within a character": () => ({ ...plain, body: stream([...encoded].map((byte) => Uint8Array.of(byte))).body }),
    "a stream of Node's": () => ({ ...plain, body: Readable.from([encoded.subarray(0, 20), encoded.subarray(20)], { objectMode: false }) }),
    "a stream of Node's that gives text": () => ({ ...plain, body: Readable.from([ENVELOPE.slice(0, 20), ENVELOPE.slice(20)]) }),
    "arrayBuffer() only": () => ({ ...plain, arrayBuffer: async () => encoded.slice().buffer }),
    "text() only": () => ({ ...plain, text: async () => ENVELOPE }),
    "text() beside a body that is text": () => ({ ...plain, body: ENVELOPE, text: async () => ENVELOPE }),
    "json() only": () => ({ ...plain, json: async () => JSON.parse(ENVELOPE) }),
    "json() only, without headers": () => ({ status: 200, ok: true, json: async () => JSON.parse(ENVELOPE) }),
    "json() with a status only": () => ({ status: 200, json: () => JSON.parse(ENVELOPE) }),
    "json() with ok only": () => ({ ok: true, json: () => JSON.parse(ENVELOPE) }),
    "json() and nothing else": () => ({ json: () => JSON.parse(ENVELOPE) }),
    "a Response": () => new Response(ENVELOPE),
  };
  for (const [name, make] of Object.entries(cases)) {
    await t.test(name, async () => {
      const { status, ok, text } = await answered(make());
      assert.deepEqual({ status, ok, text }, { status: 200, ok: true, text: ENVELOPE });
    });
  }
  await t.test("an answer without a body is read", async () =>
    assert.equal((await answered(new Response(null, { status: 204 }))).text, ""),
  );
  await t.test("an answer with ok: false and no status is an error", async () => {
    const { status, ok } = await answered({ ok: false, json: () => ({}) });
    assert.deepEqual({ status, ok }, { status: 0, ok: false });
  });
  for (const [name, response] of Object.entries({ nothing: undefined, null: null, text: "{}", "an empty object": {} })) {
    await t.test(`${name}: the error says what was received instead`, async () => {
      const { failure } = await answered(response).then(assert.fail, (error) => error);
      assert.equal(failure.neverSent, false);
      assert.equal(failure.cause.name, "InvalidRequestError");
      assert.match(
        failure.cause.message,
        /^`fetch` has to return a promise of a Response, but returned (undefined|null|string|an object without body)/,
      );
    });
  }
});

test("at most 16 MB of an answer are kept, or 64 MB of a file, whatever its form", { timeout: 30_000 }, async (t) => {
  const piece = new Uint8Array(MB);
  const many = (count) => Array.from({ length: count }, () => piece);
  await t.test("a web stream is canceled", async () => {
    const { body, state } = stream(many(1000));
    assert.equal((await answered({ status: 200, ok: true, body })).text, undefined);
    assert.equal(state.canceled, true);
    assert.equal(state.pulled, 17);
  });
  await t.test("a stream of Node's is destroyed", async () => {
    const body = Readable.from(many(1000), { objectMode: true });
    assert.equal((await answered({ status: 200, ok: true, body })).text, undefined);
    assert.equal(body.destroyed, true);
  });
  await t.test("a body that arrives as one piece is dropped", async () => {
    const whole = { status: 200, ok: true };
    assert.equal((await answered({ ...whole, arrayBuffer: async () => new ArrayBuffer(16 * MB + 1) })).text, undefined);
    assert.equal((await answered({ ...whole, text: async () => " ".repeat(16 * MB + 1) })).text, undefined);
    assert.equal((await answered({ ...whole, text: async () => " ".repeat(16 * MB) })).text.length, 16 * MB);
  });
  await t.test("a file may be longer", async () => {
    const zip = [Uint8Array.of(0x50), ...many(63)];
    assert.equal((await answered({ status: 200, ok: true, body: stream(zip).body }, { file: true })).bytes.length, 63 * MB + 1);
    assert.equal((await answered({ status: 200, ok: true, body: stream([...zip, piece]).body }, { file: true })).bytes, undefined);
  });
  await t.test("the declared length is not trusted with a custom fetch", async () => {
    const { body, state } = stream(many(1000));
    assert.equal((await answered(new Response(body, { headers: { "Content-Length": "5" } }))).text, undefined);
    assert.equal(state.canceled, true);
  });
});

test("a caller that stops waiting cancels the reader, even if the fetch ignores signals", { timeout: 30_000 }, async (t) => {
  for (const [name, make] of Object.entries({
    "a web stream": () => {
      const { body, state } = stream([Uint8Array.of(123)], { endless: true });
      return { body, ended: () => state.canceled };
    },
    "a stream of Node's": () => {
      const body = new Readable({ read() {} });
      body.push("{");
      return { body, ended: () => body.destroyed };
    },
  })) {
    await t.test(name, async () => {
      for (const early of [true, false]) {
        const { body, ended } = make();
        const { signal, abort, listeners } = counted();
        const send = async () => {
          if (early) abort();
          return { status: 200, ok: true, body };
        };
        const outcome = exchange(send, request(), signal, { write: true }).then(
          ({ text }) => text,
          (error) => error,
        );
        await new Promise((resolve) => setTimeout(resolve, 20));
        abort();
        const result = await outcome;
        assert.ok(result === undefined || (result instanceof NoAnswer && !result.failure.neverSent));
        assert.equal(ended(), true, `${early}`);
        assert.equal(listeners(), 0);
      }
    });
  }
});

test("a thousand exchanges leave no listener", async () => {
  const { signal, listeners } = counted();
  for (let i = 0; i < 1000; i++) await exchange(async () => new Response("{}"), request(), signal, { write: i % 2 === 0 });
  assert.equal(listeners(), 0);
  assert.equal(EventEmitter.getEventListeners(signal, "abort").length, 0);
});

test("a fetch that throws synchronously sent nothing, but one that rejects may have", async () => {
  const illegal = new TypeError("Illegal invocation");
  const thrown = await exchangeWith(() => {
    throw illegal;
  }).then(assert.fail, (error) => error);
  assert.ok(thrown instanceof NoAnswer);
  assert.equal(thrown.failure.neverSent, true);
  assert.equal(`${thrown.failure.cause}`, "TypeError: Illegal invocation");
  assert.notEqual(thrown.failure.cause, illegal);
  const rejected = await exchangeWith(() => Promise.reject(illegal)).then(assert.fail, (error) => error);
  assert.equal(rejected.failure.neverSent, false);
  assert.equal(`${rejected.failure.cause}`, "TypeError: Illegal invocation");
});

test("an error after the beginning of the answer never says that nothing was sent", async () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED", syscall: "connect" });
  for (const response of [
    { status: 200, ok: true, text: () => Promise.reject(refused) },
    { status: 200, ok: true, body: new ReadableStream({ pull: (controller) => controller.error(refused) }) },
    {
      status: 200,
      ok: true,
      json: () => {
        throw refused;
      },
    },
  ]) {
    const { failure } = await answered(response).then(assert.fail, (error) => error);
    assert.deepEqual([failure.neverSent, failure.reason], [false, "ECONNREFUSED"]);
  }
});

test("an error of a custom fetch is passed on with class, code and message, but without any part of the request", async (t) => {
  class FetchError extends Error {
    name = "FetchError";
  }
  const failing = async (thrown) => (await exchangeWith(() => Promise.reject(thrown)).then(assert.fail, (error) => error)).failure;

  await t.test("class, code, message and causes are passed on", async () => {
    const inner = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read", socket: { secret: KEY } });
    const { neverSent, reason, cause } = await failing(new FetchError("request failed", { cause: inner }));
    assert.deepEqual([neverSent, reason, cause.name, cause.message], [false, "ECONNRESET", "FetchError", "request failed"]);
    assert.deepEqual([cause.cause.name, cause.cause.code, cause.cause.message], ["Error", "ECONNRESET", "read ECONNRESET"]);
    assert.deepEqual(Reflect.ownKeys(cause.cause).sort(), ["code", "message", "name", "stack"]);
    assert.ok(cause.cause !== inner);
    assert.equal(cause.stack, "FetchError: request failed");
  });

  await t.test("user and password in a proxy's URL are left out", async () => {
    const { cause } = await failing(new Error("cannot connect to http://me:pa55@proxy.test:3128/"));
    assert.equal(cause.message, "cannot connect to http://proxy.test:3128/");
  });

  const withheld = /^The message is withheld/;
  for (const [name, message] of Object.entries({
    "the key": `Invalid header value: ${KEY}`,
    "a part of the key": `bad value near "${KEY.slice(20, 28)}"`,
    "a part of the signature": `bad value near "${SIGN.slice(70)}"`,
    "the body": `could not send ${BODY}`,
    "a part of the body": "at pair=XBTUSD&type=buy",
    "the one-time password": "unexpected correct-horse",
    "all headers": JSON.stringify(request().headers),
  })) {
    await t.test(`a message with ${name} is withheld`, async () => {
      const { cause } = await failing(new TypeError(message, { cause: new Error(message) }));
      assert.equal(cause.name, "TypeError");
      assert.match(cause.message, withheld);
      assert.match(cause.cause.message, withheld);
      assert.ok(!`${cause.stack}${cause.cause.stack}`.includes(message));
    });
  }
  await t.test("secrets in a query and in JSON are withheld, too", async () => {
    const url = "https://kraken.test/derivatives/api/v3/fills?account=my-very-own-account";
    const reject = (message) => () => Promise.reject(new Error(message));
    const inQuery = await exchangeWith(reject("GET account=my-very-own-account"), { url, body: null }).then(assert.fail, (error) => error);
    assert.match(inQuery.failure.cause.message, withheld);
    const inJson = await exchangeWith(reject('it was "p&=+'), { body: '{"nonce":"1","otp":"\\"p&=+"}' }).then(
      assert.fail,
      (error) => error,
    );
    assert.match(inJson.failure.cause.message, withheld);
    const inForm = await exchangeWith(reject("it was p&=+ %"), { body: "nonce=1&otp=p%26%3D%2B%20%25" }).then(
      assert.fail,
      (error) => error,
    );
    assert.match(inForm.failure.cause.message, withheld);
  });
  await t.test("a code or a name with a part of the request is left out", async () => {
    const { reason, cause } = await failing(Object.assign(new Error("x"), { code: KEY.slice(8, 40), name: "correct" }));
    assert.equal(reason, undefined);
    assert.equal("code" in cause, false);
    const { cause: other } = await failing(Object.assign(new Error("x"), { code: BODY, name: `${SIGN.slice(0, 1)}a b` }));
    assert.deepEqual([other.name, "code" in other], ["Error", false]);
  });
  await t.test("any thrown value is passed on", async () => {
    const hostile = new Proxy({}, { get: () => assert.fail("s3cret") });
    for (const thrown of [undefined, null, 1, "text", Symbol("s"), {}, [], hostile, () => {}]) {
      const { neverSent, cause } = await failing(thrown);
      assert.equal(neverSent, false);
      assert.ok(cause instanceof Error);
      assert.doesNotMatch(`${cause.stack}`, /s3cret/);
    }
    assert.equal((await failing("text")).cause.message, "text");
    const circular = new Error("round");
    circular.cause = circular;
    assert.equal((await failing(circular)).cause.message, "round");
  });
});

test("Retry-After is read as milliseconds", () => {
  const now = Date.now();
  const date = (ms) => new Date(ms).toUTCString();
  const cases = [
    [{ "retry-after": "60" }, 60_000],
    [{ "retry-after": " 0 " }, 0],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after": "0.0004" }, 1],
    [{ "retry-after-ms": "250" }, 250],
    [{ "retry-after-ms": "250.5", "retry-after": "9" }, 251],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:10 GMT", date: "Wed, 21 Oct 2015 07:28:00 GMT" }, 10_000],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT", date: "Wed, 21 Oct 2015 07:28:10 GMT" }, 0],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, 0],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{ "retry-after": "1e9" }, undefined],
    [{}, undefined],
  ];
  for (const [headers, expected] of cases) assert.equal(retryAfter(new Headers(headers)), expected, JSON.stringify(headers));
  const ahead = retryAfter(new Headers({ "retry-after": date(now + 30_000) }));
  assert.ok(ahead > 28_000 && ahead <= 30_000, `${ahead}`);
  assert.equal(retryAfter(new Map([["retry-after", "2"]])), 2000);
  for (const none of [undefined, null, {}, { get: () => 5 }]) assert.equal(retryAfter(none), undefined);
});

test("integers that a number cannot represent stay exact", () => {
  const text =
    '{"trade_id":9007199254740993,"small":9007199254740991,"negative":-9007199254740993,"list":[12345678901234567890],' +
    '"decimal":0.12345678901234567,"exponent":12345678901234567e3,"text":"9007199254740993 \\" 12345678901234567","9007199254740993":1}';
  assert.deepEqual(jsonOf(text), {
    trade_id: 9007199254740993n,
    small: 9007199254740991,
    negative: -9007199254740993n,
    list: [12345678901234567890n],
    decimal: 0.12345678901234567,
    exponent: 12345678901234567e3,
    text: '9007199254740993 " 12345678901234567',
    "9007199254740993": 1,
  });
  for (const none of ["", "{", "<html>", "undefined", '{"a":9007199254740993']) assert.equal(jsonOf(none), undefined);
  assert.deepEqual(jsonOf("[1]"), [1]);
  const long = `{"a":"${'\\"'.repeat(500_000)}","b":9007199254740993}`;
  assert.equal(jsonOf(long).b, 9007199254740993n);
});
