// What is left of a private key in the inspector's memory.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";

// The package keeps its memory to itself.
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    memories.push(this.exports.memory);
  }
};
const { explain, investigate } = await import("kraken-signer/inspect");

/** How many windows of 16 bytes of a text are found. */
function found(text) {
  const memory = Buffer.from(memories[0].buffer);
  let windows = 0;
  for (let at = 0; at + 16 <= text.length; at += 1) windows += memory.includes(text.subarray(at, at + 16)) ? 1 : 0;
  return windows;
}

/** Several random keys, and one with zero bytes, which C takes for the end. */
const KEYS = [...Array.from({ length: 12 }, () => randomBytes(64)), Buffer.concat([randomBytes(30), Buffer.alloc(1), randomBytes(33)])];

for (const [index, key] of KEYS.entries())
  test(`no piece of private key ${index + 1} stays in the memory of the inspector`, () => {
    const secret = key.toString("base64");
    const request = { api: "spot", secret, path: "/0/private/Balance", nonce: 1, body: "nonce=1&a=b" };
    explain(request);
    investigate({ ...request, signature: createHmac("sha512", secret).update("x").digest("base64") });
    investigate({ ...request, signature: explain(request).signature, secret: `${secret.slice(0, 20)}\n${secret.slice(20)}` });
    explain({ ...request, secret: new Uint8Array(key) });
    const forms = {
      bytes: key,
      base64: Buffer.from(secret),
      "UTF-16": Buffer.from(secret, "utf16le"),
      // HMAC's own: xored with 0x36 and 0x5c.
      "inner pad": Buffer.from(key.map((byte) => byte ^ 0x36)),
      "outer pad": Buffer.from(key.map((byte) => byte ^ 0x5c)),
    };
    const left = Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, found(form)]));
    assert.deepEqual(left, { bytes: 0, base64: 0, "UTF-16": 0, "inner pad": 0, "outer pad": 0 });
    // What is not wiped is found: so the search works.
    assert.ok(found(Buffer.from("/0/private/Balance")) > 0);
  });
