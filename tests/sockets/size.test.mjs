// What the sockets add to a bundle that has the client.
import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const LIMIT = 8 * 1024;
const BOOK = 3 * 1024;
const CLIENT = 'export * from "kraken-signer";';

async function size(contents) {
  const stdin = { contents, resolveDir: fileURLToPath(new URL("..", import.meta.url)) };
  // The binary is neither's: it is the same in both, and compresses badly.
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    external: ["#core"],
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

const SOCKETS = `${CLIENT} export { FuturesSocket, SpotSocket } from "kraken-signer/sockets";`;

test(`both sockets add at most ${LIMIT} bytes, compressed`, async (t) => {
  const added = (await size(SOCKETS)) - (await size(CLIENT));
  t.diagnostic(`${added} bytes`);
  assert.ok(added > 1000 && added <= LIMIT, `${added} bytes`);
});

test(`the order book adds at most ${BOOK} bytes more, and nothing where it is not used`, async (t) => {
  const added = (await size(`${SOCKETS} export { OrderBook } from "kraken-signer/sockets";`)) - (await size(SOCKETS));
  t.diagnostic(`${added} bytes`);
  assert.ok(added > 1000 && added <= BOOK, `${added} bytes`);
});
