import { type Input, callForText, bytesOf, write } from "../wasm/memory.js";
import { described, unsetProblem } from "../checks.js";
import { InvalidSecretError } from "../errors.js";
import { KeyHandle } from "../wasm/key-handle.js";

/** Whether a value has a method. A getter or a proxy of the caller may throw. */
export function hasMethod(value: unknown, name: string): boolean {
  try {
    return typeof (Object(value) as Record<string, unknown>)[name] === "function";
  } catch {
    return false;
  }
}

/** Explains in a sentence two values that look like a secret but have to be read first; undefined for any other value. */
export function unreadSecret(secret: unknown, takes: "a function" | "a value"): string | undefined {
  const how = takes === "a function" ? "() =>" : "await";
  if (hasMethod(secret, "then")) return `it is a promise. Pass ${takes === "a function" ? "a function that returns it" : "its value"}.`;
  return hasMethod(secret, "get") ? `this is a Secrets Store binding: pass \`${how} env.STORE_SECRET.get()\`.` : undefined;
}

/**
 * Loads a private key into the binary's memory.
 *
 * @param takes - whether the caller's option could also be a function
 * @throws InvalidSecretError, which does not show the key
 */
export function secretKey(secret: string | Uint8Array, takes: "a function" | "a value" = "a value"): KeyHandle {
  const problem = unsetProblem(secret) ?? unreadSecret(secret, takes);
  if (problem) throw new InvalidSecretError(`Invalid \`secret\`: ${problem}`);
  const input = typeof secret === "string" ? secret : bytesOf(secret);
  if (input === undefined)
    throw new InvalidSecretError(
      `Invalid \`secret\`: expected the private key in base64, as Kraken shows it, or its bytes as a Uint8Array, got ${described(secret)}.`,
    );
  if (typeof input === "string" && /^\s*["'`]/.test(input))
    throw new InvalidSecretError("Invalid `secret`: it begins with a quote, perhaps from an .env file. Remove the quotes.");
  return new KeyHandle(input, (exports, length) => exports.secret(length, typeof input === "string" ? 1 : 0));
}

/**
 * Signs for Spot, base64(HMAC-SHA512(secret, path ‖ SHA-256(digits ‖ body))), or for Futures,
 * base64(HMAC-SHA512(secret, SHA-256(body ‖ digits ‖ path))). The binary checks the digits of the nonce. The caller checks that the path is ASCII and that
 * text is well-formed.
 */
export function sign(key: KeyHandle, futures: 0 | 1, path: string, digits: string, body: Input): string {
  const { core, slot } = key.location;
  const head = path + digits;
  const length = typeof body === "string" ? write(core, head + body) : write(core, body, write(core, head));
  return callForText(core, (exports) => exports.sign(futures, slot, path.length, digits.length, length));
}
