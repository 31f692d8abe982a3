// Every published vector that is an HTTP request, sent as it is with the published signature.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Exchange, overBoth } from "./helper.mjs";

const { vectors, reject_secrets: rejected } = JSON.parse(readFileSync(new URL("../vectors/kraken.json", import.meta.url), "utf8"));

const FORM = "application/x-www-form-urlencoded";
const GETS = ["/api/v3/orderbook", "/api/v3/accounts", "/api/v3/fills", "/api/history/v2/orders"];

function spotRequest({ path, nonce, body, expected }, key) {
  const funding = path.startsWith("/funding/");
  const get = funding && body === "";
  return [
    path,
    {
      method: get ? "GET" : "POST",
      headers: {
        "API-Key": key,
        "API-Sign": expected,
        ...(funding ? { "API-Nonce": nonce } : {}),
        ...(get ? {} : { "Content-Type": body.startsWith("{") ? "application/json" : FORM }),
      },
      ...(get ? {} : { body }),
    },
  ];
}

function futuresRequest({ path, nonce, body, expected }, key) {
  const get = GETS.includes(path);
  const target = path.startsWith("/api/v3/") ? `/derivatives${path}` : path;
  return [
    target + (get && body ? `?${body}` : ""),
    {
      method: get ? "GET" : "POST",
      headers: { APIKey: key, Authent: expected, ...(nonce ? { Nonce: nonce } : {}), ...(get ? {} : { "Content-Type": FORM }) },
      ...(get ? {} : { body }),
    },
  ];
}

overBoth(describe, "vectors", (open) => {
  for (const [index, vector] of vectors.entries()) {
    if (!["spot", "futures"].includes(vector.kind)) continue;
    const name = `${index}: ${vector.kind} ${vector.path}, ${vector.source}`;
    const [make, errors] = vector.kind === "spot" ? [spotRequest, ["EAPI:Invalid signature"]] : [futuresRequest, ["authenticationError"]];
    const setUp = async (t) => {
      // Some vectors have parameters that are made up.
      const exchange = new Exchange({ lenient: true });
      const otp = /&otp=(\d+)/.exec(vector.body)?.[1];
      const key = exchange.addKey({ product: vector.kind, secret: vector.secret, ...(otp ? { otp: { password: otp } } : {}) });
      const way = await open(t, exchange);
      const send = async (vector) => {
        const [path, init] = make(vector, key.key);
        await way.fetch(way[vector.kind] + path, init);
        return exchange.requests.at(-1);
      };
      return { exchange, key, send };
    };

    test(`${name}: accepted`, async (t) => {
      const { key, send } = await setUp(t);
      const request = await send(vector);
      // Some vectors are no complete orders, one asks for a contract of 2018, and one has a percentage in a form; then the arguments are
      // refused, but nothing before them.
      assert.ok(
        request.errors.every((error) =>
          /^EGeneral:Invalid arguments|^EOrder:Invalid price$|^requiredArgumentMissing|^contractNotFound$/.test(error),
        ),
        String(request.errors),
      );
      if (vector.nonce) assert.equal(key.lastNonce, vector.nonce);
    });

    test(`${name}: one character of the signature changed`, async (t) => {
      const { exchange, key, send } = await setUp(t);
      const request = await send({ ...vector, expected: (vector.expected[0] === "A" ? "B" : "A") + vector.expected.slice(1) });
      assert.deepEqual(request.errors, errors);
      assert.equal(key.lastNonce, "0", "a request that is not the owner's does not move the mark");
      assert.equal(exchange.executions.length, 0);
    });
  }
});

test("secrets that are not base64 are refused without being repeated", () => {
  for (const { secret } of rejected) {
    assert.throws(
      () => new Exchange().addKey({ secret }),
      (error) => error instanceof TypeError && (secret === "" || !error.message.includes(secret)),
    );
  }
});
