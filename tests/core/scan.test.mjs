import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import * as signer from "kraken-signer";
// Inside the package, but the same module as the package's own.
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import { Random } from "./random.mjs";
import { scan } from "./scan.mjs";
import { SEED } from "./settings.mjs";
import { bytesOf, compress, digest, HASHES, hmacStates } from "./sha.mjs";

test("the hashes that the search uses match node:crypto", () => {
  const random = new Random(SEED, "hashes");
  for (const hash of Object.keys(HASHES)) {
    const { block, word, size } = HASHES[hash];
    for (let length = 0; length < 300; length += 1) {
      const message = random.bytes(length);
      assert.deepEqual(digest(hash, message), Uint8Array.from(createHash(hash).update(message).digest()));
    }
    // The states of HMAC, continued to its end by hand, with a message that fits the last block.
    for (const length of [1, 20, block, block + 1, 200]) {
      const key = random.bytes(length);
      const last = (message) => {
        const padded = new Uint8Array(block);
        padded.set(message);
        padded[message.length] = 0x80;
        new DataView(padded.buffer).setUint32(block - 4, (block + message.length) * 8);
        return padded;
      };
      const [inner, outer] = hmacStates(hash, key);
      const first = bytesOf(compress(hash, inner, last(Buffer.from("message"))), word).subarray(0, size);
      const mac = bytesOf(compress(hash, outer, last(first)), word).subarray(0, size);
      assert.deepEqual(mac, Uint8Array.from(createHmac(hash, key).update("message").digest()));
    }
  }
});

for (const [name, run] of scan({ ...signer, core }, SEED)) test(name, run);
