import { described, unsetProblem } from "../checks.js";
import { InvalidSecretError, need } from "../errors.js";
import { matches } from "./guards.js";

/** Describes an API key, for messages. */
const SHAPE = "expected the API key as Kraken shows it (printable ASCII, no spaces)";

/** Checks the form of an API key, and trims it. Without this check, runtimes would quote an invalid key in their errors about headers. */
function trimmedKey(key: unknown): string {
  const unset = unsetProblem(key);
  need(!unset, `Invalid \`key\`: ${unset}`);
  need(typeof key === "string", `Invalid \`key\`: ${SHAPE}, got ${described(key)}.`);
  const trimmed = key.trim();
  need(!/^["'`]|["'`]$/.test(trimmed), "Invalid `key`: it has quotes around it, perhaps from an .env file. Remove them.");
  need(!/\s/.test(trimmed), `Invalid \`key\`: ${SHAPE}. It contains white space.`);
  need(/^[!-~]+$/.test(trimmed), `Invalid \`key\`: ${SHAPE}. It contains a character that is not printable ASCII.`);
  return trimmed;
}

/** Refuses a private key in place of the API key, because an API key is sent as it is, and the API key in place of the private key. */
export function checkPair(key: string, secret: unknown): void {
  const isPrivate = /^[\w+/-]{86}==$/.test(key);
  if (isPrivate && matches(/^\s*\S{56}\s*$/, secret))
    throw new InvalidSecretError("`key` and `secret` are swapped: the API key has 56 characters, the private key 88.");
  if (isPrivate)
    throw new InvalidSecretError("Invalid `key`: it looks like the private key. Pass that as `secret`; the API key has 56 characters.");
  if (matches(/./, secret) && secret.trim() === key)
    throw new InvalidSecretError(
      "Invalid `secret`: it is the API key. Pass the private key, which has 88 characters and is shown only once.",
    );
}

/** Checks an API key that belongs to a private key, and returns it without the white space around it. */
export function checkedKey(given: unknown, secret: unknown): string {
  const key = trimmedKey(given);
  checkPair(key, secret);
  return key;
}

/** Returns the last four characters of an API key: enough to tell keys apart, and too few to reveal one. */
export const endingOf = (key: string): string => key.slice(-4);
