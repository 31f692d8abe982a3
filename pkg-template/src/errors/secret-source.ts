import { KrakenError } from "./kraken-error.js";

/**
 * A function that returns a secret or a setup key failed, as it does if a secrets manager does not answer. Nothing was signed or sent. The next call
 * calls the function again.
 *
 * @example
 * ```ts
 * try {
 *   await client.call("Balance");
 * } catch (error) {
 *   if (error instanceof SecretSourceError) console.error(error.message, error.cause); // the secrets manager is to blame, not Kraken
 *   throw error;
 * }
 * ```
 */
export class SecretSourceError extends KrakenError {
  declare readonly code: "ERR_SECRET_SOURCE";

  /**
   * @param what - the secret that could not be read
   * @param thrown - the error of the function. It becomes the `cause`, except for one of `JSON.parse`, which may quote the secret.
   */
  constructor(what: string, thrown: unknown) {
    const { name } = (thrown ?? {}) as { name?: unknown };
    // Not `instanceof` alone, because the error may come from another realm, as in a test runner.
    const isQuoting = thrown instanceof SyntaxError || name === "SyntaxError";
    const shown = typeof name === "string" && /^[A-Za-z]\w{0,59}$/.test(name) ? ` (${name})` : "";
    const message = `The function that returns the ${what} failed${shown}. Nothing was sent, and the next call calls it again.`;
    super("ERR_SECRET_SOURCE", message, isQuoting ? {} : { cause: thrown });
  }

  /** `SecretSourceError`, also where a minifier has renamed the class. */
  override get name(): string {
    return "SecretSourceError";
  }
}
