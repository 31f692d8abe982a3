// Reads a request from a HAR file, as browsers and proxies save it.
import type { Captured } from "./captured.js";
import { UsageError } from "./exit.js";

interface Entry extends Captured {
  readonly number: number;
  readonly signed: boolean;
  /** Whether the answer, if it was saved, says that the signature is invalid. */
  readonly rejected: boolean;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const listOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((one) => one && typeof one === "object") : [];
const objectOf = (value: unknown): Record<string, unknown> =>
  value && typeof value === "object" ? (value as Record<string, unknown>) : {};

function entriesOf(har: unknown): Entry[] {
  return listOf(objectOf(objectOf(har).log).entries).map((entry, index) => {
    const { method, url, headers, postData } = objectOf(entry.request);
    const pairs = listOf(headers).map(({ name, value }): [string, string] => [textOf(name), textOf(value)]);
    const { text, encoding } = objectOf(objectOf(entry.response).content);
    const answer = encoding === "base64" ? Buffer.from(textOf(text), "base64").toString() : textOf(text);
    return {
      number: index + 1,
      method: textOf(method),
      url: textOf(url),
      headers: pairs,
      body: textOf(objectOf(postData).text),
      signed: pairs.some(([name]) => /^(api-sign|authent)$/i.test(name)),
      rejected: /Invalid signature|authenticationError/.test(answer),
    };
  });
}

/**
 * Returns the entry with a number, or, without one, the only entry that has a signature, or the only one whose signature Kraken rejected.
 *
 * @param number - from 1
 */
export function requestOfHar(har: unknown, number: string | undefined): Captured {
  const entries = entriesOf(har);
  if (!entries.length) throw new UsageError("The HAR file has no entries.");
  if (number !== undefined) {
    const entry = entries[Number(number) - 1];
    if (!entry || !/^\d+$/.test(number)) throw new UsageError(`--entry: the HAR file has entries 1 to ${entries.length}.`);
    return entry;
  }
  const signed = entries.filter((entry) => entry.signed);
  const rejected = signed.filter((entry) => entry.rejected);
  const candidates = rejected.length ? rejected : signed;
  if (!candidates.length) throw new UsageError("No entry of the HAR file has an API-Sign or Authent header.");
  if (candidates.length === 1) return candidates[0]!;
  const lines = candidates.slice(-20).map((entry) => `  ${entry.number}  ${entry.method} ${entry.url.replace(/\?.*/s, "")}`);
  throw new UsageError(`Several entries are signed: choose one with --entry.\n${lines.join("\n")}`);
}
