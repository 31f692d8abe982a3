import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InvalidNonceError, need } from "../errors.js";
import { described } from "../checks.js";
import type { NonceStore } from "../signing/nonce.js";

/**
 * Keeps the highest nonce of a key in a file, for the option `store` of a `NonceSource`. The file is replaced as a whole, and is on disk when a nonce is
 * used. Only one process may use it at a time: if another one has written to it, later writes of this one fail. Several processes share a key with a
 * `RedisLane` or a Durable Object.
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
  // A relative path stays the same file if the process changes its folder.
  const file = resolve(path);
  let known: string | undefined;
  return {
    read: () => (known = contentOf(file)),
    write(nonce) {
      const found = contentOf(file);
      if (found !== undefined && found !== known)
        throw new InvalidNonceError(
          `Another process or source has written a nonce to ${file}. Only one may use it at a time, so nothing was sent. Restart this one, or share the key with a RedisLane.`,
        );
      replace(file, `${nonce}\n`, () => (known = nonce));
    },
  };
}

function contentOf(file: string): string | undefined {
  if (!isThere(file)) return undefined;
  const text = readFileSync(file, "utf8").trim();
  // An empty file is no beginning: nonces that were already used would follow.
  if (/^\d{1,20}$/.test(text)) return text;
  throw new InvalidNonceError(`${file} contains no nonce. Write a number into it that is above all nonces that the key has used.`);
}

/** Whether there is a file. A link would be replaced in place of the file to which it leads, and a pipe would be read forever. */
function isThere(file: string): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found || found.isFile() || found.isDirectory()) return found !== undefined;
  throw new InvalidNonceError(`${file} is a link, a pipe or a device. Give the path of a file.`);
}

/** Writes another file first, and renames it, so that a crash leaves the old content or the new one. Calls back once the file is the new one. */
function replace(path: string, text: string, replaced: () => void): void {
  const draft = `${path}.new`;
  // Nothing is written to a file that a crash has left there, or through a link to another one.
  rmSync(draft, { force: true });
  write(draft, text);
  renameSync(draft, path);
  replaced();
  // The rename is on disk when the folder is. Windows cannot open a folder.
  if (process.platform !== "win32") sync(dirname(path));
}

function write(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    // Unlike `writeSync`, it does not stop when the system has written a part, as on a disk that is nearly full.
    writeFileSync(file, text);
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
