// Nonces that survive a restart: the highest one is on disk before it is used.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs, {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { NonceSource, SpotClient } from "kraken-signer";
import { nonceFile } from "kraken-signer/node";
import { Exchange } from "kraken-signer/testing";

const folder = mkdtempSync(join(tmpdir(), "kraken-signer-nonces-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = () => join(folder, `nonce-${++files}`);

/** A source whose clock stands where it is told to. */
const sourceAt = (path, now, options = {}) => new NonceSource({ store: nonceFile(path), now: () => now, ...options });

const NOW = 1_790_000_000_000;
const HOUR = 3_600_000;

test("a restart with a clock that went back continues above every nonce that was used", () => {
  const path = newPath();
  const used = [];
  let source = sourceAt(path, NOW);
  for (let i = 0; i < 5; i++) used.push(BigInt(source.next()));
  for (const now of [NOW - HOUR, NOW - 8_760 * HOUR, 0, NOW + 1000]) {
    source = sourceAt(path, now, { allowAhead: true });
    for (let i = 0; i < 5; i++) used.push(BigInt(source.next()));
  }
  for (let i = 1; i < used.length; i++) assert.ok(used[i] > used[i - 1], `${used[i]} after ${used[i - 1]}`);
});

test("the file is written before a nonce is used, and once a minute", () => {
  const path = newPath();
  const written = [];
  const file = nonceFile(path);
  let now = NOW;
  const source = new NonceSource({
    store: { read: file.read, write: (nonce) => written.push(nonce) && file.write(nonce) },
    now: () => now,
  });
  assert.equal(existsSync(path), false, "nothing yet");
  for (let i = 0; i < 600; i++) {
    const nonce = BigInt(source.next());
    assert.ok(BigInt(readFileSync(path, "utf8").trim()) >= nonce);
    now += 1000;
  }
  assert.ok(written.length >= 9 && written.length <= 11, `${written.length} writes in ten minutes`);
  if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o077, 0, "only its owner may read it");
});

test("in every unit, the block is a minute", () => {
  for (const [unit, factor] of [
    ["ms", 1n],
    ["us", 1000n],
    ["ns", 1_000_000n],
  ]) {
    const path = newPath();
    const nonce = BigInt(sourceAt(path, NOW, { unit }).next());
    assert.equal(BigInt(readFileSync(path, "utf8").trim()) - nonce, 60_000n * factor);
  }
});

test("a client uses it, and a second process continues where a killed one stopped", async () => {
  const path = newPath();
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const program = `
    import { NonceSource } from "kraken-signer";
    import { nonceFile } from "kraken-signer/node";
    const source = new NonceSource({ store: nonceFile(process.argv[1]) });
    for (let i = 0; i < 100; i++) process.stdout.write(source.next() + "\\n");
    process.kill(process.pid, "SIGKILL");`;
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const killed = spawnSync(process.execPath, ["--input-type=module", "-e", program, path], { cwd, encoding: "utf8" });
  assert.equal(killed.signal, "SIGKILL");
  const last = BigInt(killed.stdout.trim().split("\n").at(-1));
  const client = new SpotClient({ key, secret, fetch: exchange.fetch, nonce: new NonceSource({ store: nonceFile(path) }) });
  await client.call("Balance");
  assert.ok(exchange.executions[0].nonce > last);
});

test("if the file cannot be written, the call fails and nothing is sent", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const nonce = new NonceSource({ store: nonceFile(join(folder, "no", "such", "folder")) });
  const client = new SpotClient({ key, secret, fetch: exchange.fetch, nonce });
  await assert.rejects(client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1" }), { code: "ENOENT" });
  assert.equal(exchange.requests.length, 0);
});

test("a file that has no nonce, or one of another time, is not believed", () => {
  for (const text of ["", "\n", "nonce", "-1", "1.5", "123456789012345678901"]) {
    const path = newPath();
    writeFileSync(path, text);
    assert.throws(() => sourceAt(path, NOW), { code: "ERR_INVALID_NONCE", message: /contains no nonce/ }, JSON.stringify(text));
  }
  const path = newPath();
  writeFileSync(path, `${NOW + 48 * HOUR}`);
  assert.throws(() => sourceAt(path, NOW).next(), { code: "ERR_INVALID_NONCE", message: /day ahead/ });
  const directory = newPath();
  mkdirSync(directory);
  assert.throws(() => sourceAt(directory, NOW), { code: "EISDIR" });
});

test("a store that is none is refused", () => {
  for (const store of [{}, { read() {} }, "nonce.txt", null])
    assert.throws(() => new NonceSource({ store }), { code: "ERR_INVALID_NONCE", message: /`store`: expected an object with the methods/ });
  assert.throws(() => new NonceSource({ store: { read: () => "x", write() {} } }), {
    message: /Invalid what `store` returned: expected a whole number/,
  });
  assert.throws(() => nonceFile(""), { code: "ERR_INVALID_REQUEST" });
});

test("`after` and the store: the higher one counts", () => {
  const path = newPath();
  writeFileSync(path, `${NOW + 1000}`);
  assert.equal(sourceAt(path, NOW, { after: `${NOW + 5000}` }).next(), `${NOW + 5001}`);
  assert.equal(readFileSync(path, "utf8").trim(), `${NOW + 60_000}`);
  assert.equal(sourceAt(path, NOW, { after: `${NOW}` }).next(), `${NOW + 60_001}`);
});

test("of two sources with one file, only the newer one goes on", () => {
  const path = newPath();
  let now = NOW;
  const sourceNow = () => new NonceSource({ store: nonceFile(path), now: () => now });
  const older = sourceNow();
  older.next();
  const newer = sourceNow();
  const first = BigInt(newer.next());
  now += 60_002;
  assert.throws(() => older.next(), { code: "ERR_INVALID_NONCE", message: /Another process or source has written/ });
  now -= HOUR;
  assert.ok(BigInt(newer.next()) > first);
  assert.ok(BigInt(readFileSync(path, "utf8")) > first);
});

test("after a write that failed at its end, the same process goes on", (t) => {
  const path = newPath();
  const source = sourceAt(path, NOW);
  const fsync = fs.fsyncSync;
  let calls = 0;
  t.mock.method(fs, "fsyncSync", (fd) => {
    // The first one is of the file, the second one of its folder.
    if (++calls === 2) throw Object.assign(new Error("EIO"), { code: "EIO" });
    fsync(fd);
  });
  syncBuiltinESMExports();
  assert.throws(() => source.next(), { code: "EIO" });
  assert.equal(source.next(), `${NOW}`);
  t.mock.restoreAll();
  syncBuiltinESMExports();
});

test("a system that writes only a part of the file at a time leaves no lower nonce in it", (t) => {
  const path = newPath();
  const write = fs.writeSync;
  t.mock.method(fs, "writeSync", (fd, text) => write(fd, text.slice(0, 5)));
  syncBuiltinESMExports();
  const nonce = sourceAt(path, NOW).next();
  t.mock.restoreAll();
  syncBuiltinESMExports();
  assert.ok(BigInt(readFileSync(path, "utf8").trim()) > BigInt(nonce));
});

test("a relative path stays the same file when the process changes its folder", () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const source = sourceAt("relative", NOW);
    process.chdir(tmpdir());
    source.next();
  } finally {
    process.chdir(before);
  }
  assert.ok(existsSync(join(folder, "relative")));
});

test("a link is refused, because the file to which it leads would keep the old nonce", { skip: process.platform === "win32" }, () => {
  const [target, link, dangling] = [newPath(), newPath(), newPath()];
  writeFileSync(target, `${NOW}`);
  symlinkSync(target, link);
  symlinkSync(newPath(), dangling);
  for (const path of [link, dangling, "/dev/zero"])
    assert.throws(() => sourceAt(path, NOW), { code: "ERR_INVALID_NONCE", message: /is a link, a pipe or a device/ });
});

test("a draft that is a link, or was left by a crash, is replaced and not followed", { skip: process.platform === "win32" }, () => {
  const [path, other] = [newPath(), newPath()];
  writeFileSync(other, "another file");
  symlinkSync(other, `${path}.new`);
  const source = sourceAt(path, NOW);
  const nonce = source.next();
  assert.equal(readFileSync(other, "utf8"), "another file");
  assert.ok(BigInt(readFileSync(path, "utf8").trim()) > BigInt(nonce));
  assert.ok(lstatSync(path).isFile());
  const left = newPath();
  writeFileSync(`${left}.new`, "17", { mode: 0o644 });
  sourceAt(left, NOW).next();
  assert.equal(statSync(left).mode & 0o777, 0o600, "it is its owner's alone");
});

test("a folder that cannot be written to: nothing is sent", { skip: process.getuid?.() === 0 || process.platform === "win32" }, () => {
  const place = newPath();
  mkdirSync(place);
  chmodSync(place, 0o500);
  assert.throws(() => sourceAt(join(place, "nonce"), NOW).next(), { code: "EACCES" });
});

test("a store that only promises to write is refused, and its promise ends nothing", async () => {
  const loose = [];
  const note = (error) => loose.push(error);
  process.on("unhandledRejection", note);
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  for (const write of [async () => {}, async () => Promise.reject(new Error("no disk"))]) {
    const client = new SpotClient({ key, secret, fetch: exchange.fetch, nonce: new NonceSource({ store: { read() {}, write } }) });
    await assert.rejects(client.call("Balance"), { code: "ERR_INVALID_NONCE", message: /`write` returned a promise/ });
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("unhandledRejection", note);
  assert.deepEqual([loose, exchange.requests.length], [[], 0]);
});
