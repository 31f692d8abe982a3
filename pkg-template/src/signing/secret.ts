import { type Input, ask, bytesOf, write } from "../wasm/memory.js";
import { InvalidSecretError } from "../errors.js";
import { KeyHandle, UNSET } from "../wasm/key-handle.js";

/**
 * A private key in the binary's memory.
 *
 * @throws InvalidSecretError that shows nothing of it
 */
export function secretKey(secret: string | Uint8Array): KeyHandle {
  const input = typeof secret === "string" ? secret : bytesOf(secret);
  if (input === undefined)
    throw new InvalidSecretError(`The private key is ${secret === undefined ? UNSET : "no base64 string and no Uint8Array."}`);
  return new KeyHandle(input, (exports, length) => exports.secret(length, typeof input === "string" ? 1 : 0));
}

/**
 * Signs a Spot request, base64(HMAC-SHA512(secret, path ‖ SHA-256(digits ‖ body))), or what is Futures',
 * base64(HMAC-SHA512(secret, SHA-256(body ‖ digits ‖ path))). The digits of a nonce are checked in the binary; the path is ASCII and text is
 * well-formed, which is up to the caller.
 */
export function sign(key: KeyHandle, futures: 0 | 1, path: string, digits: string, body: Input): string {
  const { core, slot } = key.held;
  const head = path + digits;
  const length = typeof body === "string" ? write(core, head + body) : write(core, body, write(core, head));
  return ask(core, (exports) => exports.sign(futures, slot, path.length, digits.length, length));
}
