import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { InvalidNonceError, need } from "../errors.js";
import { described } from "../checks.js";
import type { NonceStore } from "../signing/nonce.js";

/**
 * Keeps the highest nonce of a key in a file, for the option `store` of a `NonceSource`. The file is replaced as a whole, and is on disk when a nonce is
 * used. Only one process may use it at a time; several processes share a key with a `RedisLane` or a Durable Object.
 *
 * @param path - the path of the file, whose folder must exist; the file is created when the first nonce is made
 * @returns the store. Its methods throw the error of the file system, and then nothing is sent.
 *
 * @example
 * ```ts
 * import { NonceSource, SpotClient } from "kraken-signer";
 * import { nonceFile } from "kraken-signer/node";
 *
 * const nonce = new NonceSource({ store: nonceFile("/var/lib/bot/nonce") });
 * const kraken = new SpotClient({ key, secret, nonce });
 * ```
 */
export function nonceFile(path: string): NonceStore {
  need(typeof path === "string" && path !== "", `Invalid path of a file: expected text, got ${described(path)}.`);
  return {
    read: () => contentOf(path),
    write: (nonce) => replace(path, `${nonce}\n`),
  };
}

function contentOf(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  // An empty file is no beginning: nonces that were already used would follow.
  if (/^\d{1,20}$/.test(text)) return text;
  throw new InvalidNonceError(`${path} contains no nonce. Write a number into it that is above all nonces that the key has used.`);
}

/** Writes another file first, and renames it, so that a crash leaves the old content or the new one. */
function replace(path: string, text: string): void {
  const draft = `${path}.new`;
  write(draft, text);
  renameSync(draft, path);
  // The rename is on disk when the folder is. Windows cannot open a folder.
  if (process.platform !== "win32") sync(dirname(path));
}

function write(path: string, text: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function sync(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
