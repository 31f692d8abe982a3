import { KrakenError, SecretSourceError, need } from "../errors.js";
import type { KeyHandle } from "../wasm/key-handle.js";
import { hasMethod, secretKey } from "./secret.js";

/** Calls a function of the user that returns a secret. */
export async function readSource<T>(what: string, source: () => T | Promise<T>): Promise<T> {
  try {
    return await source();
  } catch (error) {
    throw new SecretSourceError(what, error);
  }
}

/** Whether a value is a function that returns a secret. Some bindings of Workers are functions, too, but have a method `get`. */
export const isSource = <T>(value: T): value is Extract<T, () => unknown> => typeof value === "function" && !hasMethod(value, "get");

/** A private key, or a function that returns it, also asynchronously. */
export type SecretOption = string | Uint8Array | (() => string | Uint8Array | Promise<string | Uint8Array>);

/** Returns the number of bytes of a secret. Kraken's have 64; another number means that characters are missing or the decoding was wrong. */
const lengthOf = (secret: string | Uint8Array): number =>
  typeof secret === "string" ? Math.floor((secret.replace(/[\s=]/g, "").length * 3) / 4) : secret.byteLength;

const NEVER_FAILED = { count: 0 };

/** A private key in the binary's memory: from the beginning, or from the first call of the function that returns it. */
export class LoadedSecret {
  readonly #source: (() => string | Uint8Array | Promise<string | Uint8Array>) | undefined;
  #handle: KeyHandle | undefined;
  #length = 0;
  #isFreed = false;
  #failures: { readonly count: number; readonly last?: unknown } = NEVER_FAILED;
  readonly #check: (secret: string | Uint8Array) => void;
  /** Whether Kraken has accepted a signature of it. Another secret of the function starts anew. */
  hasPassed = false;

  /** @param check - throws if the secret does not fit the API key */
  constructor(secret: SecretOption, check: (secret: string | Uint8Array) => void) {
    this.#check = check;
    if (isSource(secret)) this.#source = secret;
    else this.#load(secret);
  }

  /** The length of the secret in bytes; 0 if it was not read yet. */
  get length(): number {
    return this.#length;
  }

  /** The number of times that it could not be read. */
  get failures(): number {
    return this.#failures.count;
  }

  /** Whether it was read. */
  get isRead(): boolean {
    return this.#handle !== undefined;
  }

  /** The key, if it was read. */
  get handle(): KeyHandle {
    need(
      this.#handle,
      "signSync() cannot wait, and `secret` is a function that was not called yet. Use sign(), or make another call with this key first.",
    );
    return this.#handle;
  }

  /**
   * Reads the secret, unless it was read already.
   *
   * @param failures - the value of {@link LoadedSecret.failures} when the caller began to wait. If it was read in vain since, that failure counts for
   * this caller, too.
   */
  async read(failures: number): Promise<void> {
    if (this.#handle || !this.#source) return;
    if (failures !== this.#failures.count) throw this.#failures.last;
    try {
      const given = await readSource("secret", this.#source);
      // If the function took so long that a later call has called it again, the later answer stays.
      if (!this.#handle) this.#load(given);
    } catch (error) {
      this.#failures = { count: this.#failures.count + 1, last: error };
      throw error;
    }
  }

  /** Wipes a secret that came from a function, so that the next call reads it again. */
  invalidate(): void {
    if (this.#source) this.#wipe();
  }

  /** Wipes the secret permanently. */
  free(): void {
    this.#isFreed = true;
    this.#handle?.free();
  }

  #wipe(): void {
    this.#handle?.free();
    this.#handle = undefined;
  }

  #load(secret: string | Uint8Array): void {
    if (this.#isFreed) throw new KrakenError("ERR_FREED", "The secret was read after the client was closed. Nothing was sent.");
    this.#check(secret);
    const handle = secretKey(secret, "a function");
    this.#wipe();
    this.#handle = handle;
    this.#length = lengthOf(secret);
    this.hasPassed = false;
  }
}
